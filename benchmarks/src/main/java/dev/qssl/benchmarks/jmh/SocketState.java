package dev.qssl.benchmarks.jmh;

import dev.qssl.benchmarks.bars.Arena;
import dev.qssl.benchmarks.bars.Bar;
import dev.qssl.benchmarks.bars.Bars;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A server and a client of one bar, over the loopback interface. */
@State(Scope.Benchmark)
public class SocketState {

    /** Which bar: see {@link Bars}. */
    @Param({
        "jdk-sslsocket",
        "qssl-caller:jdk",
        "qssl-loop:jdk",
        "qssl-handover:jdk",
        "netty-jdk-nio",
        "conscrypt-sslsocket",
        "qssl-caller:conscrypt",
        "qssl-loop:conscrypt",
        "qssl-loop-direct:conscrypt",
        "qssl-handover:conscrypt",
        "netty-tcnative-nio",
        "qssl-caller:openssl",
        "qssl-loop:openssl",
        "qssl-loop-direct:openssl",
        "qssl-handover:openssl"
    })
    public String bar = Bars.JDK_SOCKET;

    private @Nullable Bar opened;
    private Bar.@Nullable Server server;
    private Bar.@Nullable Client client;

    /** Creates an instance, as JMH wants. */
    public SocketState() {}

    /** Starts the server, connects, and checks what was agreed on. */
    @Setup
    public void setUp() throws Exception {
        Bar made = Bars.open(bar);
        opened = made;
        Bars.proveRefusal(made);
        server = made.serve(Arena.server());
        Bar.Client connected = connect();
        client = connected;
        connected.ask();
        connected.agreement().check(bar, "client");
        server.lastAgreement().check(bar, "server");
    }

    /** {@return a new connection} */
    Bar.Client connect() throws Exception {
        return Objects.requireNonNull(opened)
                .connect(Objects.requireNonNull(server).port());
    }

    /** {@return the connection that stands} */
    Bar.Client client() {
        return Objects.requireNonNull(client);
    }

    /** Ends everything. */
    @TearDown
    public void tearDown() throws Exception {
        client().close();
        Objects.requireNonNull(server).close();
        Objects.requireNonNull(opened).close();
    }
}
