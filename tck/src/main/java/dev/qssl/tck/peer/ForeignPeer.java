package dev.qssl.tck.peer;

import dev.qssl.QSsl.SslProtocol;
import java.util.List;

/**
 * An implementation of TLS that does not use this library. As a server it answers every line, in its own way
 * ({@link PeerSession#answerTo}); as a client it sends one line.
 */
public interface ForeignPeer {

    /** {@return every peer of the kit} */
    static List<ForeignPeer> all() {
        return List.of(new JdkPeer(), new OpenSslPeer(), new GnuTlsPeer());
    }

    /** {@return the peer whose servers staple a response} */
    static ForeignPeer stapling() {
        return new OpenSslPeer();
    }

    /** {@return the peer whose servers staple whatever they are given, be it no response, or about somebody else} */
    static ForeignPeer staplingAnything() {
        // The openssl command ends the handshake rather than staple garbage (3.0), and leaves out what is about
        // others (3.6.5).
        return new GnuTlsPeer();
    }

    /** {@return the peer whose clients ask for a stapled response} */
    static ForeignPeer askingForStaples() {
        return new OpenSslPeer();
    }

    /** {@return the peer that has pre-shared keys} */
    static ForeignPeer withPreSharedKeys() {
        return new OpenSslPeer();
    }

    /** {@return the peer whose clients keep sessions for later runs} */
    static ForeignPeer keepingSessions() {
        return new OpenSslPeer();
    }

    /** {@return the peer that tells the group that was agreed on} */
    static ForeignPeer tellingTheGroup() {
        return new OpenSslPeer();
    }

    /** {@return the peer that logs the secrets of its connections} */
    static ForeignPeer loggingKeys() {
        return new OpenSslPeer();
    }

    /** {@return the name, for reports} */
    String name();

    /** Makes sure that it is here. If not, the test ends here and counts as skipped, with the name of what is missing. */
    void require();

    /** {@return whether it speaks this version of TLS, if need be with everything allowed that is outdated} */
    boolean speaks(SslProtocol protocol);

    /** {@return whether it can tell keying material} */
    boolean canExport();

    /**
     * Listens on a port that the system chose: on the loopback address, or, if it cannot be told to, on all of them.
     *
     * @param setup how
     * @return what is under way; close it
     */
    PeerSession serve(PeerSetup setup);

    /**
     * Connects to a port of the loopback address, and sends a line.
     *
     * @param setup how
     * @param port where
     * @param line without its end
     * @return what is under way; close it
     */
    PeerSession connect(PeerSetup setup, int port, String line);
}
