package dev.qssl.tck.peer;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Identity;
import dev.qssl.spi.x509.CaStore;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** How a {@link ForeignPeer} is set up. One thread. */
public final class PeerSetup {

    /** What a server wants to see of a client. */
    public enum ClientCertificate {
        /** Nothing. */
        NONE,
        /** A certificate, if the client has one. */
        REQUEST,
        /** A certificate. */
        REQUIRE
    }

    private Optional<Identity> identity = Optional.empty();
    private CaStore trust = CaStore.EMPTY;
    private Optional<SslProtocol> protocol = Optional.empty();
    private List<String> alpn = List.of();
    private ClientCertificate clientCertificate = ClientCertificate.NONE;
    private Optional<byte[]> staple = Optional.empty();
    private boolean askingForStaple;
    private Optional<PreSharedKey> preSharedKey = Optional.empty();
    private String preSharedKeyHint = "";
    private int connections = 1;
    private Optional<Export> export = Optional.empty();
    private boolean loggingKeys;
    private Optional<Path> session = Optional.empty();

    /** A key that both sides have, in hexadecimal, and the name it goes by. */
    record PreSharedKey(String identity, String key) {}

    /** Keying material, derived without a context value. */
    record Export(String label, int length) {}

    private PeerSetup() {}

    /** {@return one that trusts nobody and is nobody} */
    public static PeerSetup create() {
        return new PeerSetup();
    }

    /** Has it show this certificate. */
    public PeerSetup identity(Identity own) {
        identity = Optional.of(own);
        return this;
    }

    /** Has it trust these authorities. */
    public PeerSetup trust(CaStore authorities) {
        trust = authorities;
        return this;
    }

    /** Has it speak this version only. */
    public PeerSetup protocol(SslProtocol version) {
        protocol = Optional.of(version);
        return this;
    }

    /** Has it offer or accept these application protocols, best first. */
    public PeerSetup alpn(String... protocols) {
        alpn = List.of(protocols);
        return this;
    }

    /** Has a server want this of its clients. */
    public PeerSetup clientCertificate(ClientCertificate wanted) {
        clientCertificate = wanted;
        return this;
    }

    /** Has a server staple this OCSP response, as it is. */
    public PeerSetup staple(byte[] der) {
        staple = Optional.of(der.clone());
        return this;
    }

    /** Has a client ask for an OCSP response. */
    public PeerSetup askForStaple() {
        askingForStaple = true;
        return this;
    }

    /** Has it prove itself with this key. */
    public PeerSetup preSharedKey(String identity, byte[] key) {
        preSharedKey = Optional.of(new PreSharedKey(identity, HexFormat.of().formatHex(key)));
        return this;
    }

    /** Has a server give this hint on the identity of the key. */
    public PeerSetup preSharedKeyHint(String hint) {
        preSharedKeyHint = hint;
        return this;
    }

    /**
     * Has a server serve so many connections, one after the other; it is done with them ({@link PeerSession#isOver}) when
     * the last has ended, whether its handshake was finished or not. One, unless this says otherwise.
     */
    public PeerSetup connections(int number) {
        connections = number;
        return this;
    }

    /** Has it tell the keying material that it derives with this label; a server then answers no lines. */
    public PeerSetup exporting(String label, int length) {
        export = Optional.of(new Export(label, length));
        return this;
    }

    /** Has a client offer the session that is in this file, if it is there, and keep there the one it is given. */
    public PeerSetup session(Path file) {
        session = Optional.of(file);
        return this;
    }

    /** Has it log the secrets of its connections. */
    public PeerSetup loggingKeys() {
        loggingKeys = true;
        return this;
    }

    Optional<Identity> identity() {
        return identity;
    }

    CaStore trust() {
        return trust;
    }

    /** {@return the only version that it speaks; empty if nothing was said} */
    public Optional<SslProtocol> protocol() {
        return protocol;
    }

    List<String> alpn() {
        return alpn;
    }

    ClientCertificate clientCertificate() {
        return clientCertificate;
    }

    Optional<byte[]> staple() {
        return staple;
    }

    boolean isAskingForStaple() {
        return askingForStaple;
    }

    Optional<PreSharedKey> preSharedKey() {
        return preSharedKey;
    }

    String preSharedKeyHint() {
        return preSharedKeyHint;
    }

    int connections() {
        return connections;
    }

    Optional<Path> session() {
        return session;
    }

    Optional<Export> export() {
        return export;
    }

    boolean isLoggingKeys() {
        return loggingKeys;
    }
}
