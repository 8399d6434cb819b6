package dev.qssl.internal.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What a reader looked at, put back, or read in a transaction. */
class LookBackTest {

    private final LookBack lookBack = new LookBack();

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private String take(int most) {
        ByteBuffer target = ByteBuffer.allocate(most);
        lookBack.take(target);
        return new String(target.array(), 0, target.position(), ISO_8859_1);
    }

    @Test
    void appendedBytes_comeInTheirOrder() {
        lookBack.append(text("hello "));
        lookBack.append(text("world"));

        assertThat(lookBack.size()).isEqualTo(11);
        assertThat(take(4)).isEqualTo("hell");
        lookBack.append(text("!"));
        assertThat(take(100)).isEqualTo("o world!");
        assertThat(lookBack.size()).isZero();
    }

    @Test
    void unreadBytes_comeFirst() {
        lookBack.append(text("c"));
        lookBack.unread((byte) 'b');
        lookBack.unread((byte) 'a');

        assertThat(take(100)).isEqualTo("abc");
    }

    @Test
    void manyUnreadBytes_comeLastInFirstOut() {
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            lookBack.unread((byte) ('a' + i % 26));
            expected.insert(0, (char) ('a' + i % 26));
        }

        assertThat(take(2000)).isEqualTo(expected.toString());
    }

    @Test
    void copying_leavesEverything() {
        lookBack.append(text("hello"));
        byte[] target = new byte[3];

        assertThat(lookBack.copy(target, 3)).isEqualTo(3);
        assertThat(target).asString(ISO_8859_1).isEqualTo("hel");
        assertThat(lookBack.copy(new byte[10], 10)).isEqualTo(5);
        assertThat(lookBack.size()).isEqualTo(5);
    }

    @Test
    void search_canStartFurtherOn() {
        lookBack.append(text("a\nb\n"));

        assertThat(lookBack.indexOf((byte) '\n')).isEqualTo(1);
        assertThat(lookBack.indexOf((byte) '\n', 2)).isEqualTo(3);
        assertThat(lookBack.indexOf((byte) '\n', 4)).isEqualTo(-1);
        take(1);
        assertThat(lookBack.indexOf((byte) '\n')).isZero();
    }

    @Test
    void recording_isPutBackInFrontOfWhatIsLeft() {
        lookBack.append(text("abcdef"));
        lookBack.startRecording();
        assertThat(take(2)).isEqualTo("ab");
        ByteBuffer fromDevice = text("XY");
        fromDevice.position(2);
        lookBack.record(fromDevice, 0);

        assertThat(lookBack.isRecording()).isTrue();
        lookBack.putBackRecording();
        assertThat(lookBack.isRecording()).isFalse();
        assertThat(take(100)).isEqualTo("abXYcdef");
    }

    @Test
    void forgottenRecording_isReadForGood() {
        lookBack.append(text("abc"));
        lookBack.startRecording();
        take(2);
        lookBack.forgetRecording();

        assertThat(take(100)).isEqualTo("c");
    }

    @Test
    void takingAll_andClearing_leaveNothing() {
        lookBack.append(text("abc"));
        assertThat(lookBack.takeAll()).asString(ISO_8859_1).isEqualTo("abc");
        assertThat(lookBack.size()).isZero();

        lookBack.append(text("abc"));
        lookBack.startRecording();
        lookBack.clear();
        assertThat(lookBack.size()).isZero();
        assertThat(lookBack.isRecording()).isFalse();
    }
}
