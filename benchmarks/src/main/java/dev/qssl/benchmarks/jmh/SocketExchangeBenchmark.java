package dev.qssl.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Short conversations: a message of 64 bytes and its echo, and whole connections. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class SocketExchangeBenchmark {

    private static final int MESSAGES = 16;

    private final long[] nanos = new long[MESSAGES];

    /** Creates an instance, as JMH wants. */
    public SocketExchangeBenchmark() {}

    /** One message to the server and back. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void pingPong(SocketState state) throws Exception {
        state.client().pingPong(nanos);
    }

    /** Connect, full handshake, one byte each way, close. */
    @Benchmark
    public void connection(SocketState state) throws Exception {
        try (var client = state.connect()) {
            client.ask();
        }
    }
}
