package dev.qssl.benchmarks.bars;

import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;

/** What all bars have in common: who the server is, whom the client trusts, and what a JSSE may negotiate. */
public final class Arena {

    /** The name that the server's certificate is for. */
    public static final String HOST = "localhost";

    /** Where the servers are; an address, so that nothing is looked up. */
    public static final String ADDRESS = "127.0.0.1";

    /** Plaintext that a writer lets pile up before it waits: the same for all bars that queue. */
    static final int HIGH_WATER = 256 * 1024;

    static final int BACKLOG = 4096;

    private Arena() {}

    /**
     * Allows the JSSE one group and one suite, for every bar of this process. Conscrypt and Netty heed the group too. To be called before anything of the JSSE is
     * used; processes started for the benchmarks get the same by {@link #jvmArguments}.
     */
    public static void restrictJsse() {
        System.setProperty("jdk.tls.namedGroups", "x25519");
        System.setProperty("jdk.tls.client.cipherSuites", Agreement.EXPECTED.cipherSuite());
        System.setProperty("jdk.tls.server.cipherSuites", Agreement.EXPECTED.cipherSuite());
    }

    /** {@return what {@link #restrictJsse} does, as arguments of a JVM} */
    public static List<String> jvmArguments() {
        String suite = Agreement.EXPECTED.cipherSuite();
        return List.of(
                "-Djdk.tls.namedGroups=x25519",
                "-Djdk.tls.client.cipherSuites=" + suite,
                "-Djdk.tls.server.cipherSuites=" + suite);
    }

    /** {@return the server that clients accept: an ECDSA P-256 certificate signed by a P-256 authority} */
    public static Identity server() {
        return Good.SERVER;
    }

    /** {@return whether a certificate is the good server's, whichever library made the object} */
    static boolean isServer(Certificate shown) {
        return Good.SERVER.certificate().equals(shown);
    }

    /**
     * {@return servers that clients must refuse: one of the same authority that is not {@link #HOST}, and one of that name whose
     * authority they do not trust}
     */
    public static List<Identity> wrongServers() {
        return List.of(
                TestAuthority.shared().wrongHost(), TestAuthority.shared().issuedByUnknownRoot(HOST));
    }

    /** {@return whom clients trust} */
    public static X509Certificate authority() {
        return TestAuthority.shared().root().certificate();
    }

    private static final class Good {
        static final Identity SERVER = TestAuthority.shared().server(HOST);
    }

    static InetSocketAddress address(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }
}
