package dev.qssl.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Bulk data over one connection, in MiB per second. {@code qssl-caller} encrypts straight from the caller's buffer where
 * writes are big enough; {@code qssl-handover} writes through the queue from another thread; {@code qssl-loop} writes in
 * slots, from arrays or ({@code qssl-loop-direct}) from direct buffers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class SocketBulkBenchmark {

    private static final int MEBIBYTES = 16;

    /** Bytes of one write. */
    @Param({"16384", "262144"})
    public int chunk = 16 * 1024;

    /** Creates an instance, as JMH wants. */
    public SocketBulkBenchmark() {}

    /** Sends, and waits until the server has decrypted the last byte. */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public void upload(SocketState state) throws Exception {
        state.client().upload(MEBIBYTES * 1024L * 1024L, chunk);
    }
}
