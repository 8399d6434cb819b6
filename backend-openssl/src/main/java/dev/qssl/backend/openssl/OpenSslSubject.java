package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Deferral;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.probe.ProbeSubject;

/**
 * What is known of this OpenSSL before it is tried out.
 *
 * @param backend makes the contexts
 */
record OpenSslSubject(OpenSslBackend backend) implements ProbeSubject {

    @Override
    public TlsContext newContext(ContextSettings settings) throws TlsException {
        return backend.newContext(settings);
    }

    /** {@inheritDoc} OpenSSL 3 clients wait; everyone else holds back, and in clear a late refusal can still be told. */
    @Override
    public Deferral deferral(TlsRole role, SslProtocol protocol) {
        if (role == TlsRole.CLIENT && canPause()) {
            return Deferral.TRUE_PAUSE;
        }
        return protocol == SslProtocol.TLS_V1_3 ? Deferral.FLIGHT_WITHHELD : Deferral.FLIGHT_WITHHELD_WITH_ALERT;
    }

    private static boolean canPause() {
        try {
            return OpenSsl.load().isVersion3();
        } catch (UnavailableException notHere) {
            return false;
        }
    }

    @Override
    public String reasonAgainst(Capability capability) {
        return switch (capability) {
            case DIFFIE_HELLMAN_PARAMETERS -> "only servers have parameters, and only up to TLS 1.2";
            case DATAGRAM_COOKIE -> "this backend has no DTLS yet";
            default -> ProbeSubject.super.reasonAgainst(capability);
        };
    }
}
