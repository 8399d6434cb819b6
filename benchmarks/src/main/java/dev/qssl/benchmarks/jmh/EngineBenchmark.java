package dev.qssl.benchmarks.jmh;

import dev.qssl.benchmarks.engines.EnginePair;
import dev.qssl.benchmarks.engines.EnginePairs;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What our engine adds to the one it is built on: in memory, in one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class EngineBenchmark {

    /** Whose engines: a bare provider's, or {@code qssl:} and a backend. */
    @Param({"jdk-sslengine", "qssl:jdk", "conscrypt-sslengine", "qssl:conscrypt"})
    public String engines = "";

    private @Nullable EnginePairs pairs;
    private @Nullable EnginePair established;

    /** Creates an instance, as JMH wants. */
    public EngineBenchmark() {}

    /** Does the first handshake, and checks it. */
    @Setup
    public void setUp() throws Exception {
        pairs = EnginePairs.open(engines);
        EnginePair first = pairs.newPair();
        first.handshake();
        first.check(engines);
        established = first;
    }

    /** Gives back what the library holds. */
    @TearDown
    public void tearDown() {
        Objects.requireNonNull(established).close();
    }

    /** A full handshake of new engines, both sides, the client verifying; and their end. */
    @Benchmark
    public EnginePair handshake() throws Exception {
        try (EnginePair pair = Objects.requireNonNull(pairs).newPair()) {
            pair.handshake();
            return pair;
        }
    }

    /** One full record encrypted and decrypted; in batches. */
    @Benchmark
    @OperationsPerInvocation(EnginePair.RECORDS)
    public void record() throws Exception {
        Objects.requireNonNull(established).move();
    }
}
