package dev.qssl.internal.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.BufferKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The application's bytes in both directions. */
class ByteQueuesTest {

    private final AtomicInteger roomMade = new AtomicInteger();
    private final ByteQueues bytes = new ByteQueues(roomMade::incrementAndGet);

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private boolean arrive(byte[] data) {
        boolean any = false;
        for (int from = 0; from < data.length; ) {
            ByteBuffer room = BufferPool.of(BufferKind.HEAP).borrow();
            int count = Math.min(room.remaining(), data.length - from);
            any |= bytes.accept(room.put(data, from, count));
            from += count;
        }
        return any;
    }

    private boolean arrive(String text) {
        return arrive(text.getBytes(ISO_8859_1));
    }

    private String read(int most) {
        ByteBuffer target = ByteBuffer.allocate(most);
        bytes.read(target);
        return new String(target.array(), 0, target.position(), ISO_8859_1);
    }

    /** Takes everything out that may be sent, as the owner does, at most so many bytes at a time. */
    private byte[] drain(int step) {
        byte[] all = new byte[(int) bytes.toWrite()];
        int size = 0;
        for (ByteBuffer front = bytes.front(); front != null; front = bytes.front()) {
            int count = Math.min(step, front.remaining());
            front.get(all, size, count);
            size += count;
            bytes.sent(count);
        }
        return Arrays.copyOf(all, size);
    }

    private static byte[] random(int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        return data;
    }

    // received

    @Test
    void whatArrives_isReadInItsOrder() {
        assertThat(arrive("hello ")).isTrue();
        assertThat(arrive("world")).isTrue();

        assertThat(bytes.available()).isEqualTo(11);
        assertThat(read(3)).isEqualTo("hel");
        assertThat(read(100)).isEqualTo("lo world");
        assertThat(read(100)).isEmpty();
        assertThat(bytes.available()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 512, 16_384, 100_000, 400_000})
    void anyAmount_comesThroughWhole(int size) {
        byte[] data = random(size);
        arrive(data);

        ByteBuffer target = ByteBuffer.allocate(size + 1);
        while (bytes.available() > 0) {
            target.limit(Math.min(target.capacity(), target.position() + 10_007));
            bytes.read(target);
        }
        assertThat(Arrays.copyOf(target.array(), target.position())).isEqualTo(data);
    }

    @Test
    void emptyBuffer_isNoArrival() {
        assertThat(bytes.accept(BufferPool.of(BufferKind.HEAP).borrow())).isFalse();
    }

    @Test
    void skipping_dropsAtMostWhatIsThere() {
        arrive("hello");
        arrive(" world");

        assertThat(bytes.skip(7)).isEqualTo(7);
        assertThat(read(2)).isEqualTo("or");
        assertThat(bytes.skip(100)).isEqualTo(2);
        assertThat(bytes.skip(1)).isZero();
    }

    @Test
    void lineEnd_isFoundAcrossChunks() {
        arrive("hello");
        arrive(" world\nmore\n");

        assertThat(bytes.indexOf((byte) '\n')).isEqualTo(11);
        bytes.skip(12);
        assertThat(bytes.indexOf((byte) '\n')).isEqualTo(4);
        assertThat(bytes.indexOf((byte) '?')).isEqualTo(-1);
    }

    @Test
    void limit_holdsInputBackAndReadingAsksForMore() {
        bytes.setReadLimit(10);
        assertThat(bytes.room()).isEqualTo(10);
        arrive("0123456789");

        assertThat(bytes.room()).isZero();
        assertThat(bytes.isFull()).isTrue();
        assertThat(roomMade).hasValue(0);
        read(1);
        assertThat(roomMade).as("asked once").hasValue(1);
        read(1);
        assertThat(roomMade).as("asked once").hasValue(1);
        assertThat(bytes.isFull()).isFalse();
        assertThat(bytes.room()).isEqualTo(2);
    }

    @Test
    void limitThatWasNeverReached_asksForNothing() {
        bytes.setReadLimit(10);
        arrive("01234");
        bytes.isFull();

        read(5);
        assertThat(roomMade).hasValue(0);
    }

    @Test
    void raisingOrRemovingTheLimit_asksForMore() {
        bytes.setReadLimit(5);
        arrive("01234");
        assertThat(bytes.isFull()).isTrue();

        bytes.setReadLimit(6);
        assertThat(roomMade).hasValue(1);
        arrive("5");
        assertThat(bytes.isFull()).isTrue();
        bytes.setReadLimit(0);
        assertThat(roomMade).hasValue(2);
        assertThat(bytes.room()).isEqualTo(Integer.MAX_VALUE);
        assertThat(bytes.isFull()).isFalse();
    }

    @Test
    void skipping_makesRoomToo() {
        bytes.setReadLimit(5);
        arrive("01234");
        assertThat(bytes.isFull()).isTrue();

        bytes.skip(1);
        assertThat(roomMade).hasValue(1);
    }

    @Test
    void droppedInput_isGoneAndStaysAway() {
        arrive("old");
        bytes.dropInput();

        assertThat(bytes.available()).isZero();
        assertThat(arrive("new")).isFalse();
        assertThat(bytes.available()).isZero();
        assertThat(roomMade)
                .as("a full queue must not stop the connection's end")
                .hasValue(1);
    }

    // to be sent

    @ParameterizedTest
    @ValueSource(ints = {1, 511, 512, 513, 16_384, 100_000, 1_000_000})
    void whatIsWritten_isSentInItsOrder(int size) {
        byte[] data = random(size);
        ByteBuffer source = ByteBuffer.wrap(data);
        while (source.hasRemaining()) {
            source.limit(Math.min(data.length, source.position() + 777));
            bytes.append(source);
            source.limit(data.length);
        }

        assertThat(bytes.toWrite()).isEqualTo(size);
        assertThat(drain(4099)).isEqualTo(data);
        assertThat(bytes.toWrite()).isZero();
        assertThat(bytes.front()).isNull();
    }

    @Test
    void writtenArray_mayBeChangedAfterTheCall() {
        byte[] data = {1, 2, 3};
        bytes.append(ByteBuffer.wrap(data));
        data[0] = 9;

        assertThat(drain(10)).containsExactly(1, 2, 3);
    }

    @Test
    void appendingWhileTheOwnerLooks_leavesItsViewAlone() {
        bytes.append(text("abc"));
        ByteBuffer front = Objects.requireNonNull(bytes.front());
        bytes.append(text("def"));

        assertThat(front.remaining()).isEqualTo(3);
        assertThat(front.get(front.position())).isEqualTo((byte) 'a');
        bytes.sent(2);
        assertThat(new String(drain(10), ISO_8859_1)).isEqualTo("cdef");
    }

    @Test
    void markOfTls_separatesWhatPassesInClear() {
        bytes.append(text("clear"));
        bytes.markEndOfClear();
        bytes.append(text("secret"));

        assertThat(bytes.isClearSent()).isFalse();
        assertThat(new String(drain(2), ISO_8859_1)).isEqualTo("clear");
        assertThat(bytes.isClearSent()).isTrue();
        assertThat(bytes.toWrite()).isEqualTo(6);

        assertThat(bytes.startTls(BufferKind.HEAP)).isEmpty();
        assertThat(new String(drain(100), ISO_8859_1)).isEqualTo("secret");
    }

    @Test
    void markWithNothingQueued_letsNothingPass() {
        bytes.markEndOfClear();
        bytes.append(text("secret"));

        assertThat(bytes.isClearSent()).isTrue();
        assertThat(bytes.front()).isNull();
    }

    @Test
    void bytesReceivedBeforeTls_areHandedToTheEngineAndToNobodyElse() {
        arrive("hand");
        arrive("shake");

        assertThat(bytes.startTls(BufferKind.HEAP)).asString(ISO_8859_1).isEqualTo("handshake");
        assertThat(bytes.available()).isZero();
    }

    @Test
    void toppingUp_fillsTheLastRecordAndNoMore() {
        bytes.append(text("0123456"));
        ByteBuffer source = text("789abcdef");
        bytes.topUp(source, 10);

        assertThat(bytes.toWrite()).isEqualTo(10);
        assertThat(source.remaining()).isEqualTo(6);
        bytes.topUp(source, 10);
        assertThat(bytes.toWrite()).as("it is full").isEqualTo(10);
    }

    @Test
    void end_dropsWhatWasNotSentAndWhatStillComes() {
        arrive("unread");
        bytes.append(text("unsent"));
        bytes.end();

        assertThat(bytes.toWrite()).isZero();
        ByteBuffer late = text("late");
        bytes.append(late);
        assertThat(late.remaining()).as("taken all the same").isZero();
        assertThat(bytes.toWrite()).isZero();
        assertThat(read(10)).as("what came can still be read").isEqualTo("unread");
    }

    @Test
    void writerAndOwner_passEveryByteOnInOrder() {
        byte[] data = random(3_000_000);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            Random sizes = new Random(7);
            ByteBuffer source = ByteBuffer.wrap(data);
            while (source.hasRemaining()) {
                source.limit(Math.min(data.length, source.position() + 1 + sizes.nextInt(20_000)));
                bytes.append(source);
                source.limit(data.length);
            }
        });
        byte[] got = new byte[data.length];
        Random sizes = new Random(8);
        for (int size = 0; size < got.length; ) {
            ByteBuffer front = bytes.front();
            if (front != null) {
                int count = Math.min(front.remaining(), 1 + sizes.nextInt(9_000));
                front.get(got, size, count);
                size += count;
                bytes.sent(count);
            } else if (writer.isCompletedExceptionally()) {
                writer.join();
            }
        }
        writer.join();
        assertThat(got).isEqualTo(data);
    }
}
