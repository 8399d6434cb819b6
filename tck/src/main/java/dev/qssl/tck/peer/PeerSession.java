package dev.qssl.tck.peer;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCipher;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a {@link ForeignPeer} is doing, and what it found out so far. May be asked by any thread. */
public interface PeerSession extends AutoCloseable {

    /** How long anything may take: much more than it does, so that a busy machine proves nothing. */
    Duration LIMIT = Duration.ofSeconds(40);

    /** {@return where it listens; 0 if it does not} */
    int port();

    /** {@return how many handshakes it finished} */
    int handshakes();

    /** {@return how many of them resumed a session} */
    int resumptions();

    /** {@return the version of the last handshake; {@code UNKNOWN_PROTOCOL} before it} */
    SslProtocol protocol();

    /** {@return the cipher suite of the last handshake; a null one before it} */
    QSslCipher cipher();

    /** {@return the application protocol of the last handshake; empty if there was none} */
    Optional<String> alpn();

    /** {@return the keying material of the last handshake; empty before it, and if {@link PeerSetup#exporting} wanted none} */
    Optional<byte[]> keyingMaterial();

    /** {@return the secrets logged so far, a line each; empty if {@link PeerSetup#loggingKeys} wanted none} */
    List<String> keyLog();

    /** {@return the last fatal alert that it received; empty if there was none} */
    Optional<AlertType> alert();

    /** {@return what it answers as a server: the line reversed, unless it is one that gives lines back as they are} */
    default String answerTo(String line) {
        return new StringBuilder(line).reverse().toString();
    }

    /** {@return whether it received this text} */
    boolean received(String text);

    /**
     * {@return whether it has ended, in success or failure, or is done with all it was to serve}
     *
     * @see PeerSetup#connections
     */
    boolean isOver();

    /** Ends it, and leaves nothing behind. */
    @Override
    void close();
}
