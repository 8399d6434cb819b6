package dev.qssl.benchmarks.bars;

import java.util.List;

/** All bars, by name. */
public final class Bars {

    /** The bar that the others are compared with. */
    public static final String REFERENCE = SslSocketBar.NAME;

    private Bars() {}

    /** {@return the names of all bars, the reference first} */
    public static List<String> names() {
        return List.of(SslSocketBar.NAME, QsslCallerBar.NAME, QsslLoopBar.NAME, QsslHandoverBar.NAME, NettyBar.NAME);
    }

    /** {@return a new bar of this name} */
    public static Bar open(String name) throws Exception {
        return switch (name) {
            case SslSocketBar.NAME -> new SslSocketBar();
            case QsslCallerBar.NAME -> new QsslCallerBar();
            case QsslLoopBar.NAME -> new QsslLoopBar();
            case QsslHandoverBar.NAME -> new QsslHandoverBar();
            case NettyBar.NAME -> new NettyBar();
            default -> throw new IllegalArgumentException("unknown bar " + name + "; known: " + names());
        };
    }

    /**
     * Shows that the bar's client checks the server's name: it must refuse a server that is somebody else.
     *
     * @throws IllegalStateException if it did not
     */
    public static void proveRefusal(Bar bar) throws Exception {
        try (Bar.Server server = bar.serve(Arena.wrongServer())) {
            boolean accepted;
            try (Bar.Client client = bar.connect(server.port())) {
                client.ask();
                accepted = true;
            } catch (RefusedException expected) {
                accepted = false;
            }
            if (accepted) {
                throw new IllegalStateException("void: " + bar.name() + " accepted a server of another name");
            }
        }
    }
}
