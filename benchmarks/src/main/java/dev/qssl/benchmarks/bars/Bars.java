package dev.qssl.benchmarks.bars;

import dev.qssl.benchmarks.bars.QsslLoopBar.Writes;
import dev.qssl.spi.Identity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All bars, by name. QSSL's are {@code qssl-DRIVE:BACKEND}; the peers that a backend is compared with are those on the same
 * library as {@code jdk}, and for every other backend those on BoringSSL, the fastest there are.
 */
public final class Bars {

    /** The JDK's own socket: what others are compared with where it takes part. */
    public static final String JDK_SOCKET = Jsse.JDK.socketName();

    /** Conscrypt's own socket. */
    public static final String CONSCRYPT_SOCKET = Jsse.CONSCRYPT.socketName();

    /** Netty on BoringSSL. */
    public static final String NETTY_TCNATIVE = NettyBar.Library.TCNATIVE.bar;

    private static final String NETTY_JDK = NettyBar.Library.JDK.bar;
    private static final List<String> DRIVES =
            List.of(QsslCallerBar.NAME, Writes.ARRAYS.name, Writes.DIRECT_BUFFERS.name, QsslHandoverBar.NAME);

    private Bars() {}

    /** {@return the name of QSSL's bar of this kind on a backend} */
    static String name(String drive, String backend) {
        return drive + ":" + backend;
    }

    /** {@return the bars of a backend that run here: QSSL's on it and its peers, one of those first} */
    public static List<String> of(String backend) {
        List<String> bars = new ArrayList<>();
        if (Jsse.beside(backend).isAvailable()) {
            bars.add(Jsse.beside(backend).socketName());
        }
        DRIVES.forEach(drive -> bars.add(name(drive, backend)));
        NettyBar.Library netty = Jsse.beside(backend) == Jsse.JDK ? NettyBar.Library.JDK : NettyBar.Library.TCNATIVE;
        if (netty.isAvailable()) {
            bars.add(netty.bar);
        }
        return bars;
    }

    /** {@return the bars of these backends, each once} */
    public static List<String> of(List<String> backends) {
        Set<String> bars = new LinkedHashSet<>();
        backends.forEach(backend -> bars.addAll(of(backend)));
        return List.copyOf(bars);
    }

    /** {@return all bars that run here} */
    public static List<String> available() {
        return of(QsslSettings.backends());
    }

    /** {@return whether a bar is another's double but for what bulk data is written from} */
    public static boolean isForBulkOnly(String name) {
        return name.startsWith(Writes.DIRECT_BUFFERS.name + ":");
    }

    /** {@return why a bar cannot do this work; empty if it can} */
    public static Optional<String> obstacle(String name, Work work) {
        if (work != Work.RESUMED_HANDSHAKES) {
            return Optional.empty();
        }
        if (name.equals(CONSCRYPT_SOCKET)) {
            return Optional.of("Conscrypt 2.9.0's sockets resume no session of TLS 1.3");
        }
        int colon = name.indexOf(':');
        if (colon >= 0 && !new QsslSettings(name.substring(colon + 1)).canResume()) {
            return Optional.of("clients of this backend resume no session of TLS 1.3");
        }
        return Optional.empty();
    }

    /** {@return a new bar of this name, whose handshakes are full ones} */
    public static Bar open(String name) throws Exception {
        return open(name, Handshakes.FULL);
    }

    /** {@return a new bar of this name, whose connections begin in this way} */
    public static Bar open(String name, Handshakes handshakes) throws Exception {
        int colon = name.indexOf(':');
        if (colon >= 0) {
            return open(name.substring(0, colon), new QsslSettings(name.substring(colon + 1), handshakes));
        }
        if (name.equals(JDK_SOCKET)) {
            return new SslSocketBar(Jsse.JDK, handshakes);
        }
        if (name.equals(CONSCRYPT_SOCKET)) {
            return new SslSocketBar(Jsse.CONSCRYPT, handshakes);
        }
        if (name.equals(NETTY_JDK)) {
            return new NettyBar(NettyBar.Library.JDK, handshakes);
        }
        if (name.equals(NETTY_TCNATIVE)) {
            return new NettyBar(NettyBar.Library.TCNATIVE, handshakes);
        }
        throw unknown(name);
    }

    private static Bar open(String drive, QsslSettings settings) {
        if (drive.equals(QsslCallerBar.NAME)) {
            return new QsslCallerBar(settings);
        }
        if (drive.equals(QsslHandoverBar.NAME)) {
            return new QsslHandoverBar(settings);
        }
        for (Writes writes : Writes.values()) {
            if (drive.equals(writes.name)) {
                return new QsslLoopBar(settings, writes);
            }
        }
        throw unknown(name(drive, settings.backend()));
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("unknown bar " + name + "; known: " + available());
    }

    /**
     * Shows that the bar's client checks the server's chain and name: it must refuse servers that are somebody else.
     *
     * @throws IllegalStateException if it did not
     */
    public static void proveRefusal(Bar bar) throws Exception {
        for (Identity wrong : Arena.wrongServers()) {
            proveRefusal(bar, wrong);
        }
    }

    private static void proveRefusal(Bar bar, Identity wrong) throws Exception {
        try (Bar.Server server = bar.serve(wrong)) {
            boolean accepted;
            try (Bar.Client client = bar.connect(server.port())) {
                client.ask();
                accepted = true;
            } catch (RefusedException expected) {
                accepted = false;
            }
            if (accepted) {
                throw new IllegalStateException("void: " + bar.name() + " accepted the server "
                        + wrong.certificate().getSubjectX500Principal() + " of "
                        + wrong.certificate().getIssuerX500Principal());
            }
        }
    }
}
