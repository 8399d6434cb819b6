package dev.qssl.backend.conscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.conscrypt.AllocatedBuffer;
import org.junit.jupiter.api.Test;

/** Memory is lent to one call at a time, and kept for the next. */
class RecordBuffersTest {

    private final RecordBuffers buffers = new RecordBuffers(1);

    @Test
    void whatIsGivenBack_isLentAgainAsIfNew() {
        AllocatedBuffer first = buffers.allocateDirectBuffer(100);
        ByteBuffer bytes = first.nioBuffer();
        bytes.position(7);
        first.release();

        ByteBuffer again = buffers.allocateDirectBuffer(16_384).nioBuffer();

        assertThat(again).isSameAs(bytes);
        assertThat(again.position()).isZero();
        assertThat(again.remaining()).isEqualTo(16_384);
    }

    @Test
    void twoBorrowers_haveMemoryOfTheirOwn() {
        AllocatedBuffer first = buffers.allocateDirectBuffer(100);
        AllocatedBuffer second = buffers.allocateDirectBuffer(100);
        assertThat(first.nioBuffer()).isNotSameAs(second.nioBuffer());
        first.release();
        second.release(); // finds no place

        assertThat(buffers.allocateDirectBuffer(1).nioBuffer()).isSameAs(first.nioBuffer());
        assertThat(buffers.allocateDirectBuffer(1).nioBuffer()).isNotSameAs(second.nioBuffer());
    }

    @Test
    void longerThanARecord_isMadeForTheAsking() {
        AllocatedBuffer big = buffers.allocateDirectBuffer(1 << 20);
        big.release();

        assertThat(big.nioBuffer().capacity()).isGreaterThanOrEqualTo(1 << 20);
        assertThat(buffers.allocateDirectBuffer(100).nioBuffer().isDirect()).isTrue();
    }
}
