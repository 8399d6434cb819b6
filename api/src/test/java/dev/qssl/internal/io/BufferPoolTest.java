package dev.qssl.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.BufferKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Buffers that are borrowed for a turn. */
class BufferPoolTest {

    private static Set<ByteBuffer> byIdentity() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    @ParameterizedTest
    @EnumSource
    void borrowedBuffer_isEmptyAndOfItsKind(BufferKind kind) {
        ByteBuffer buffer = BufferPool.of(kind).borrow();
        buffer.position(17).limit(18);
        BufferPool.giveBack(buffer);

        ByteBuffer again = BufferPool.of(kind).borrow();
        assertThat(again.isDirect()).isEqualTo(kind == BufferKind.DIRECT);
        assertThat(again.position()).isZero();
        assertThat(again.limit()).isEqualTo(BufferPool.BUFFER_BYTES).isEqualTo(again.capacity());
        BufferPool.giveBack(again);
    }

    @ParameterizedTest
    @EnumSource
    void bufferGivenBack_isBorrowedAgainByItsThread(BufferKind kind) {
        ByteBuffer buffer = BufferPool.of(kind).borrow();
        BufferPool.giveBack(buffer);

        Set<ByteBuffer> borrowed = byIdentity();
        for (int i = 0; i < 8; i++) {
            borrowed.add(BufferPool.of(kind).borrow());
        }
        assertThat(borrowed.contains(buffer)).isTrue();
        borrowed.forEach(BufferPool::giveBack);
    }

    @Test
    void buffersBorrowedTogether_areDifferentOnes() {
        Set<ByteBuffer> borrowed = byIdentity();
        for (int i = 0; i < 40; i++) {
            borrowed.add(BufferPool.of(BufferKind.HEAP).borrow());
        }
        assertThat(borrowed).hasSize(40);
        borrowed.forEach(BufferPool::giveBack);
    }

    @Test
    void threadKeepsOnlyAFew() {
        List<ByteBuffer> borrowed = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            borrowed.add(BufferPool.of(BufferKind.HEAP).borrow());
        }
        borrowed.forEach(BufferPool::giveBack);
        Set<ByteBuffer> before = byIdentity();
        before.addAll(borrowed);

        List<ByteBuffer> again = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            again.add(BufferPool.of(BufferKind.HEAP).borrow());
        }
        assertThat(again.stream().filter(before::contains).count()).isLessThanOrEqualTo(8);
        again.forEach(BufferPool::giveBack);
    }

    @Test
    void bufferOfAnotherSize_isNeverHandedOut() {
        ByteBuffer small = ByteBuffer.allocate(10);
        BufferPool.giveBack(small);

        List<ByteBuffer> borrowed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            borrowed.add(BufferPool.of(BufferKind.HEAP).borrow());
        }
        assertThat(borrowed).allMatch(buffer -> buffer.capacity() == BufferPool.BUFFER_BYTES);
        borrowed.forEach(BufferPool::giveBack);
    }

    @Test
    void manyThreads_neverShareABuffer() {
        CompletableFuture<?>[] threads = new CompletableFuture<?>[8];
        for (int i = 0; i < threads.length; i++) {
            byte mark = (byte) (i + 1);
            threads[i] = CompletableFuture.runAsync(() -> borrowAndMark(mark), task -> new Thread(task).start());
        }
        CompletableFuture.allOf(threads).join();
    }

    private static void borrowAndMark(byte mark) {
        for (int round = 0; round < 2000; round++) {
            ByteBuffer buffer = BufferPool.of(BufferKind.HEAP).borrow();
            for (int place = 0; place < buffer.capacity(); place += 16 * 1024) {
                buffer.put(place, mark);
            }
            for (int place = 0; place < buffer.capacity(); place += 16 * 1024) {
                if (buffer.get(place) != mark) {
                    throw new AssertionError("another thread has the same buffer");
                }
            }
            BufferPool.giveBack(buffer);
        }
    }
}
