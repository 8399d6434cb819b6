package dev.qssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.EphemeralKey;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.NegotiatedParameters.Alpn;
import java.util.List;

/** The members of {@link QSslConfiguration} that a connection fills in. Of a configuration that is not from one: nothing. */
abstract class ConfigurationSession {

    private SessionState session;

    ConfigurationSession(SessionState session) {
        this.session = session;
    }

    final SessionState session() {
        return session;
    }

    /** {@return the peer's certificate; a null certificate if it showed none} */
    public final QSslCertificate peerCertificate() {
        List<QSslCertificate> chain = peerCertificateChain();
        return chain.isEmpty() ? new QSslCertificate() : chain.get(0);
    }

    /** {@return the certificates that the peer showed, its own first} */
    public final List<QSslCertificate> peerCertificateChain() {
        return session.peerChain().stream().map(QSslCertificate::of).toList();
    }

    /** {@return the cipher suite that was agreed on; a null cipher if the connection is not encrypted} */
    public final QSslCipher sessionCipher() {
        return session.parameters()
                .map(agreed -> QSslCipher.of(agreed.cipherSuite()))
                .orElseGet(QSslCipher::new);
    }

    /** {@return the version that was agreed on; {@code UNKNOWN_PROTOCOL} if the connection is not encrypted} */
    public final SslProtocol sessionProtocol() {
        return session.parameters().map(NegotiatedParameters::protocol).orElse(SslProtocol.UNKNOWN_PROTOCOL);
    }

    /** {@return on clients, the server's ephemeral key; a null key if the suite has none, or the backend does not tell} */
    public final QSslKey ephemeralServerKey() {
        return session.parameters()
                .flatMap(NegotiatedParameters::ephemeralKey)
                .flatMap(EphemeralKey::publicKey)
                .map(QSslKey::fromPublicKey)
                .orElseGet(QSslKey::new);
    }

    /** {@return the application protocol that was agreed on; empty if none was} */
    public final byte[] nextNegotiatedProtocol() {
        return alpn() instanceof Alpn.Selected selected ? Octets.bytes(selected.protocol()) : new byte[0];
    }

    final Alpn alpn() {
        return session.parameters().map(NegotiatedParameters::alpn).orElse(Alpn.NOT_NEGOTIATED);
    }

    /**
     * {@return the session as bytes, for {@link #setSessionTicket} of a later connection; empty if there is none}
     *
     * <p>Only if {@code DISABLE_SESSION_PERSISTENCE} is off and the backend can. Holds secrets: keep it like a key.
     */
    public final byte[] sessionTicket() {
        return session.ticket();
    }

    /**
     * Sets a session to resume. If the server does not accept it, a full handshake follows (B-205).
     *
     * @param ticket what {@link #sessionTicket} gave, on the same backend; empty for none
     */
    public final void setSessionTicket(byte[] ticket) {
        session = session.withTicket(ticket);
    }

    /** {@return how long the server said it will accept the session, in seconds, 0 or more; -1 if there is no session} */
    public final int sessionTicketLifeTimeHint() {
        return session.lifetimeHint();
    }
}
