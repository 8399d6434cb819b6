package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import java.util.Set;

/** Finds out what the library can do. */
final class CapabilityProbe {
    private CapabilityProbe() {}

    static Capabilities run(OpenSslBackend backend) {
        return Capabilities.builder().verifiesCertificates().claim(Capability.HANDSHAKE, Set.of(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3)).build();
    }
}
