package dev.qssl.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every member of a device, on one in memory. */
class QIODeviceTest {

    private static String text(byte[] bytes) {
        return PlainPair.text(bytes);
    }

    @Nested
    class Opening {

        @Test
        void newDevice_isClosed() {
            ByteDevice device = new ByteDevice();

            assertThat(device.openMode()).isEqualTo(OpenMode.NOT_OPEN);
            assertThat(List.of(device.isOpen(), device.isReadable(), device.isWritable()))
                    .containsOnly(false);
            assertThat(device.isSequential()).isTrue();
            assertThat(device.errorString()).isEqualTo("Unknown error");
            assertThat(device.atEnd()).isTrue();
            assertThat(List.of(device.bytesAvailable(), device.bytesToWrite(), device.pos(), device.size()))
                    .containsOnly(0L);
            assertThat(List.of(device.readChannelCount(), device.writeChannelCount()))
                    .containsOnly(0);
        }

        @ParameterizedTest
        @EnumSource
        void openMode_saysWhatMayBeDone(OpenMode mode) {
            ByteDevice device = ByteDevice.of("data");

            assertThat(device.open(mode)).isEqualTo(mode != OpenMode.NOT_OPEN);
            assertThat(device.openMode()).isEqualTo(mode);
            assertThat(device.isReadable()).isEqualTo(mode == OpenMode.READ_ONLY || mode == OpenMode.READ_WRITE);
            assertThat(device.isWritable()).isEqualTo(mode == OpenMode.WRITE_ONLY || mode == OpenMode.READ_WRITE);
            assertThat(device.readChannelCount()).isEqualTo(device.isReadable() ? 1 : 0);
            assertThat(device.writeChannelCount()).isEqualTo(device.isWritable() ? 1 : 0);
            assertThat(device.read(new byte[4], 4)).isEqualTo(device.isReadable() ? 4 : -1);
            assertThat(device.write(new byte[2])).isEqualTo(device.isWritable() ? 2 : -1);
        }

        @Test
        void openModes_haveQtsBits() {
            assertThat(Arrays.stream(OpenMode.values()).map(OpenMode::value)).containsExactly(0, 1, 2, 3);
        }

        @Test
        void closing_saysSoWhileItIsStillOpen_once() {
            ByteDevice device = ByteDevice.of("data");
            List<Boolean> open = new ArrayList<>();
            device.aboutToClose.connect(() -> open.add(device.isOpen()));
            device.close();
            device.close();

            assertThat(open).containsExactly(true);
            assertThat(device.isOpen()).isFalse();
        }

        @Test
        void closing_forgetsWhatWasLookedAtAndTheTransaction() {
            ByteDevice device = ByteDevice.of("data");
            device.peek(2);
            device.startTransaction();
            device.close();
            device.open(OpenMode.READ_WRITE);

            assertThat(device.isTransactionStarted()).isFalse();
            assertThat(text(device.readAll())).isEqualTo("ta");
        }

        @Test
        void closedDevice_refusesEverything() {
            ByteDevice device = ByteDevice.of("data");
            device.close();

            assertThat(device.read(new byte[1], 1)).isEqualTo(-1);
            assertThat(device.read(new byte[0], 0)).isEqualTo(-1);
            assertThat(device.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(device.read(1)).isEmpty();
            assertThat(device.readAll()).isEmpty();
            assertThat(device.readLine()).isEmpty();
            assertThat(device.readLine(new byte[9], 9)).isEqualTo(-1);
            assertThat(device.peek(new byte[1], 1)).isEqualTo(-1);
            assertThat(device.peek(1)).isEmpty();
            assertThat(device.skip(1)).isEqualTo(-1);
            assertThat(device.getChar(new byte[1])).isFalse();
            assertThat(device.canReadLine()).isFalse();
            assertThat(device.write(new byte[0])).isEqualTo(-1);
            assertThat(device.write(new byte[3], 2)).isEqualTo(-1);
            assertThat(device.write(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(device.putChar((byte) 'x')).isFalse();
            device.ungetChar((byte) 'x');
            device.open(OpenMode.READ_WRITE);
            assertThat(text(device.readAll())).as("nothing was put back").isEqualTo("data");
        }

        @Test
        void sequentialDevice_hasNoPosition() {
            ByteDevice device = ByteDevice.of("data");

            assertThat(device.seek(0)).isFalse();
            assertThat(device.reset()).isFalse();
            assertThat(device.pos()).isZero();
            assertThat(device.size()).isEqualTo(4);
        }

        @Test
        void channels_areOne() {
            ByteDevice device = ByteDevice.of("data");
            device.setCurrentReadChannel(0);
            device.setCurrentWriteChannel(0);

            assertThat(device.currentReadChannel()).isZero();
            assertThat(device.currentWriteChannel()).isZero();
            assertThatIllegalArgumentException().isThrownBy(() -> device.setCurrentReadChannel(1));
            assertThatIllegalArgumentException().isThrownBy(() -> device.setCurrentWriteChannel(-1));
        }

        @Test
        void deviceWithNothingToWaitFor_waitsForNothing() {
            ByteDevice device = ByteDevice.of("data");

            assertThat(device.waitForReadyRead(-1)).isFalse();
            assertThat(device.waitForBytesWritten(-1)).isFalse();
        }

        @Test
        void newBytes_areSignalled() {
            ByteDevice device = ByteDevice.of("");
            List<Object> told = new ArrayList<>();
            device.readyRead.connect(() -> told.add(device.bytesAvailable()));
            device.channelReadyRead.connect(told::add);
            device.feed("abc");

            assertThat(told).containsExactly(3L, 0);
        }
    }

    @Nested
    class Reading {

        @Test
        void readGivesWhatIsThere_upToTheSizeAsked() {
            ByteDevice device = ByteDevice.of("hello world");

            assertThat(text(device.read(5))).isEqualTo("hello");
            byte[] target = new byte[4];
            assertThat(device.read(target, 3)).isEqualTo(3);
            assertThat(target).containsExactly(' ', 'w', 'o', 0);
            ByteBuffer room = ByteBuffer.allocate(10).position(2);
            assertThat(device.read(room)).isEqualTo(3);
            assertThat(room.position()).isEqualTo(5);
            assertThat(device.read(5)).isEmpty();
            assertThat(device.read(target, 4)).as("none now").isZero();
            device.end();
            assertThat(device.read(target, 4)).as("none ever").isEqualTo(-1);
        }

        @Test
        void sizesThatMakeNoSense_areRefusedOrGiveNothing() {
            ByteDevice device = ByteDevice.of("data");

            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> device.read(new byte[2], 3));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> device.read(new byte[2], -1));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> device.peek(new byte[2], 3));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> device.write(new byte[2], 3));
            assertThat(device.read(-1)).isEmpty();
            assertThat(device.peek(-1)).isEmpty();
            assertThat(device.skip(-1)).isZero();
            assertThat(device.skip(0)).isZero();
            assertThat(device.read(new byte[2], 0)).isZero();
            assertThat(text(device.readAll())).isEqualTo("data");
        }

        @Test
        void readAll_givesEverythingOnce() {
            ByteDevice device = ByteDevice.of("everything");

            assertThat(text(device.readAll())).isEqualTo("everything");
            assertThat(device.readAll()).isEmpty();
            assertThat(device.atEnd()).isTrue();
        }

        @Test
        void peeking_leavesTheBytes() {
            ByteDevice device = ByteDevice.of("hello world");

            assertThat(text(device.peek(5))).isEqualTo("hello");
            assertThat(text(device.peek(8))).isEqualTo("hello wo");
            byte[] target = new byte[20];
            assertThat(device.peek(target, 20)).isEqualTo(11);
            assertThat(device.bytesAvailable()).isEqualTo(11);
            assertThat(device.size()).isEqualTo(11);
            assertThat(text(device.read(6))).isEqualTo("hello ");
            assertThat(text(device.peek(100))).isEqualTo("world");
            assertThat(text(device.readAll())).isEqualTo("world");
        }

        @ParameterizedTest
        @ValueSource(ints = {4096, 16 * 1024, 17 * 1024, 100_000})
        void peekingFar_givesWhatReadingGives(int size) {
            byte[] data = new byte[size];
            new Random(size).nextBytes(data);
            ByteDevice device = ByteDevice.of(data);

            assertThat(device.peek(size + 1L)).isEqualTo(data);
            assertThat(device.readAll()).isEqualTo(data);
        }

        @Test
        void skipping_dropsWhatWouldBeRead() {
            ByteDevice device = ByteDevice.of("hello world");

            assertThat(device.skip(2)).isEqualTo(2);
            device.peek(3);
            assertThat(device.skip(4)).as("peeked at and not").isEqualTo(4);
            assertThat(text(device.read(2))).isEqualTo("wo");
            assertThat(device.skip(100)).isEqualTo(3);
            assertThat(device.skip(1)).isZero();
            device.end();
            assertThat(device.skip(1)).as("none will come").isEqualTo(-1);
        }

        @Test
        void skippingMoreThanOneScratch_works() {
            ByteDevice device = ByteDevice.of(new byte[100_000]);

            assertThat(device.skip(50_000)).isEqualTo(50_000);
            assertThat(device.bytesAvailable()).isEqualTo(50_000);
        }

        @Test
        void singleBytes_areReadAndPutBack() {
            ByteDevice device = ByteDevice.of("ab");
            byte[] one = new byte[1];

            assertThat(device.getChar(one)).isTrue();
            assertThat(one).containsExactly('a');
            device.ungetChar((byte) 'X');
            device.ungetChar((byte) 'Y');
            assertThat(device.bytesAvailable()).isEqualTo(3);
            assertThat(text(device.readAll())).isEqualTo("YXb");
            assertThat(device.getChar(one)).isFalse();
        }
    }

    @Nested
    class Lines {

        @Test
        void lines_keepTheirEnds() {
            ByteDevice device = ByteDevice.of("one\ntwo\n\nthree");

            assertThat(device.canReadLine()).isFalse();
            assertThat(text(device.readLine())).isEqualTo("one\n");
            assertThat(text(device.readLine())).isEqualTo("two\n");
            assertThat(text(device.readLine())).isEqualTo("\n");
            assertThat(text(device.readLine())).as("what is there of one").isEqualTo("three");
            assertThat(device.readLine()).isEmpty();
        }

        @Test
        void lineThatWasPeekedAt_canBeRead() {
            ByteDevice device = ByteDevice.of("one\ntwo");
            device.peek(4);

            assertThat(device.canReadLine()).isTrue();
            device.readLine();
            device.peek(3);
            assertThat(device.canReadLine()).isFalse();
        }

        @Test
        void lineLongerThanAskedFor_comesInParts() {
            ByteDevice device = ByteDevice.of("abcdef\nrest");

            assertThat(text(device.readLine(4))).isEqualTo("abcd");
            assertThat(text(device.readLine(4))).isEqualTo("ef\n");
            assertThat(text(device.readLine(4))).isEqualTo("rest");
        }

        @Test
        void lineIntoAnArray_leavesRoomForQtsZero() {
            ByteDevice device = ByteDevice.of("abc\ndef");
            byte[] target = new byte[10];

            assertThat(device.readLine(target, 3)).isEqualTo(2);
            assertThat(device.readLine(target, 10)).isEqualTo(2);
            assertThat(Arrays.copyOf(target, 2)).isEqualTo("c\n".getBytes(UTF_8));
            assertThat(device.readLine(target, 1)).as("no room").isEqualTo(-1);
            assertThat(device.readLine(target, 10)).isEqualTo(3);
            assertThat(device.readLine(target, 10)).as("nothing").isEqualTo(-1);
        }

        @Test
        void textMode_turnsCarriageReturnsBeforeTheEnd() {
            ByteDevice device = ByteDevice.of("one\r\ntwo\rthree\n\r\n");
            assertThat(device.isTextModeEnabled()).isFalse();
            device.setTextModeEnabled(true);

            assertThat(device.isTextModeEnabled()).isTrue();
            assertThat(text(device.readLine())).isEqualTo("one\n");
            assertThat(text(device.readLine())).isEqualTo("two\rthree\n");
            assertThat(text(device.readLine())).isEqualTo("\n");
        }

        @ParameterizedTest
        @ValueSource(ints = {4095, 4096, 4097, 20_000})
        void longLines_areFoundWhereverTheyEnd(int length) {
            byte[] data = new byte[length + 10];
            Arrays.fill(data, (byte) 'x');
            data[length] = '\n';
            ByteDevice device = ByteDevice.of(data);

            assertThat(device.readLine()).hasSize(length + 1);
            assertThat(device.readLine()).hasSize(9);
        }
    }

    @Nested
    class Transactions {

        @Test
        void rollback_givesTheSameBytesAgain() {
            ByteDevice device = ByteDevice.of("hello world");
            device.startTransaction();
            assertThat(device.isTransactionStarted()).isTrue();
            assertThat(text(device.read(5))).isEqualTo("hello");
            device.skip(1);
            assertThat(text(device.peek(3))).isEqualTo("wor");
            assertThat(text(device.readLine(2))).isEqualTo("wo");
            device.rollbackTransaction();

            assertThat(device.isTransactionStarted()).isFalse();
            assertThat(device.bytesAvailable()).isEqualTo(11);
            assertThat(text(device.readAll())).isEqualTo("hello world");
        }

        @Test
        void commit_dropsWhatWasRead() {
            ByteDevice device = ByteDevice.of("hello world");
            device.startTransaction();
            device.read(6);
            device.commitTransaction();

            assertThat(device.isTransactionStarted()).isFalse();
            assertThat(text(device.readAll())).isEqualTo("world");
        }

        @Test
        void rollbackThenAnother_startsFresh() {
            ByteDevice device = ByteDevice.of("abcdef");
            device.startTransaction();
            device.read(2);
            device.rollbackTransaction();
            device.startTransaction();
            device.read(3);
            device.commitTransaction();

            assertThat(text(device.readAll())).isEqualTo("def");
        }

        @Test
        void wrongUse_onlyWarns() {
            ByteDevice device = ByteDevice.of("abc");
            device.commitTransaction();
            device.rollbackTransaction();
            device.startTransaction();
            device.read(1);
            device.startTransaction();
            device.ungetChar((byte) 'X');
            device.rollbackTransaction();

            assertThat(text(device.readAll())).isEqualTo("abc");
        }
    }

    @Nested
    class Writing {

        @Test
        void allForms_reachTheDevice() {
            ByteDevice device = ByteDevice.of("");

            assertThat(device.write("abc".getBytes(UTF_8))).isEqualTo(3);
            assertThat(device.write("defg".getBytes(UTF_8), 2)).isEqualTo(2);
            ByteBuffer source = ByteBuffer.wrap("hi".getBytes(UTF_8));
            assertThat(device.write(source)).isEqualTo(2);
            assertThat(source.hasRemaining()).isFalse();
            assertThat(device.putChar((byte) '!')).isTrue();
            assertThat(device.write(new byte[0])).isZero();
            assertThat(text(device.written())).isEqualTo("abcdehi!");
        }

        @Test
        void deviceThatTakesLess_saysSo() {
            ByteDevice device = ByteDevice.of("").inStepsOf(2);
            ByteBuffer source = ByteBuffer.wrap("abc".getBytes(UTF_8));

            assertThat(device.write(source)).isEqualTo(2);
            assertThat(source.remaining()).isEqualTo(1);
        }

        @Test
        void deviceThatFails_saysWhy() {
            ByteDevice device = ByteDevice.of("");
            device.fail("it is broken");

            assertThat(device.write(new byte[] {1})).isEqualTo(-1);
            assertThat(device.putChar((byte) 1)).isFalse();
            assertThat(device.errorString()).isEqualTo("it is broken");
        }
    }

    @Nested
    class InSmallSteps {

        @Test
        void readAll_peek_andReadLine_goOnUntilEverythingIsThere() {
            assertThat(text(ByteDevice.of("hello world").inStepsOf(3).readAll()))
                    .isEqualTo("hello world");
            assertThat(text(ByteDevice.of("hello world").inStepsOf(3).peek(8))).isEqualTo("hello wo");
            assertThat(text(ByteDevice.of("hello\nworld").inStepsOf(3).readLine()))
                    .isEqualTo("hello\n");
            assertThat(ByteDevice.of("hello world").inStepsOf(3).skip(8)).isEqualTo(8);
        }
    }
}
