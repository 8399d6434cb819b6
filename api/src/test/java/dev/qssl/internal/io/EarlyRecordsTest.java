package dev.qssl.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.net.PlainPair;
import dev.qssl.toy.ToyPair;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A big write is encrypted straight from the caller's memory; only its tail is copied into the queue. */
class EarlyRecordsTest {

    /** The toy's. */
    private static final int RECORD = 1000;

    @Test
    void bigWrite_leavesNoMoreThanARecordUnlessTcpIsFull() {
        try (ToyPair pair = ToyPair.callerDriven().encrypted()) {
            for (int round = 0; round < 5; round++) {
                ByteBuffer source = ByteBuffer.allocateDirect(200_000 + round);

                assertThat(pair.client.write(source)).isEqualTo(200_000 + round);

                assertThat(source.hasRemaining()).isFalse();
                assertThat(pair.client.bytesToWrite()).isPositive(); // B-133: so who waits for zero pushes the rest
                assertThat(pair.client.bytesToWrite() <= RECORD || pair.client.encryptedBytesToWrite() > 0)
                        .as("%d bytes wait, although TCP took all records", pair.client.bytesToWrite())
                        .isTrue();
                while (pair.client.bytesToWrite() > 0) {
                    assertThat(pair.client.waitForBytesWritten(PlainPair.PATIENCE))
                            .isTrue();
                }
            }
        }
    }
}
