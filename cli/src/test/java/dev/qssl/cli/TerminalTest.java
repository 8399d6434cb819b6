package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a peer sends must not steer the terminal. */
class TerminalTest {

    @Test
    void controlCharacters_areShownNotObeyed() {
        assertThat(Terminal.printable("a\u001b[2Jb\r\u0007\u009b")).isEqualTo("a\\u001b[2Jb\\u000d\\u0007\\u009b");
    }

    @Test
    void charactersThatTurnTextAround_areShown() {
        assertThat(Terminal.printable("a\u202eb")).isEqualTo("a\\u202eb");
    }

    @Test
    void formatCharactersBeyondTheFirstPlane_areShownAsJsonWritesThem() {
        assertThat(Terminal.printable(Character.toString(0xE0001))).isEqualTo("\\udb40\\udc01");
    }

    @Test
    void lettersAndLines_stay() {
        assertThat(Terminal.printable("\u00e4\u4e2d\nb")).isEqualTo("\u00e4\u4e2d\nb");
    }
}
