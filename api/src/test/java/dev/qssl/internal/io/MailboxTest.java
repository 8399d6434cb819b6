package dev.qssl.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What others ask of a connection's owner. */
class MailboxTest {

    private final Mailbox mailbox = new Mailbox();

    @Test
    void notes_areObeyedInTheirOrder_withThoseThatComeMeanwhile() throws IOException {
        List<String> obeyed = new ArrayList<>();
        mailbox.leave(() -> {
            obeyed.add("first");
            mailbox.leave(() -> obeyed.add("third"));
        });
        mailbox.leave(() -> obeyed.add("second"));

        assertThat(mailbox.isEmpty()).isFalse();
        mailbox.obey();
        assertThat(obeyed).containsExactly("first", "second", "third");
        assertThat(mailbox.isEmpty()).isTrue();
    }

    @Test
    void noteThatFails_isGoneAndThoseBehindItStay() throws IOException {
        List<String> obeyed = new ArrayList<>();
        mailbox.leave(() -> {
            throw new IOException("broken");
        });
        mailbox.leave(() -> obeyed.add("second"));

        assertThatThrownBy(mailbox::obey).hasMessage("broken");
        mailbox.obey();
        assertThat(obeyed).containsExactly("second");
    }

    @Test
    void wishes_holdAtOnceAndForGood() {
        assertThat(List.of(mailbox.isCloseWanted(), mailbox.isAborted(), mailbox.isPlainHeld(), mailbox.isTlsWanted()))
                .containsOnly(false);

        mailbox.wantClose();
        mailbox.holdPlain();
        mailbox.wantTls();
        assertThat(List.of(mailbox.isCloseWanted(), mailbox.isPlainHeld(), mailbox.isTlsWanted()))
                .containsOnly(true);
        assertThat(mailbox.isAborted()).isFalse();
    }

    @Test
    void abort_isAWishToCloseToo() {
        mailbox.wantAbort();

        assertThat(mailbox.isAborted()).isTrue();
        assertThat(mailbox.isCloseWanted()).isTrue();
    }
}
