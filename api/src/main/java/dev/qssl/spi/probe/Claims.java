package dev.qssl.spi.probe;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import java.util.Set;

/**
 * What is claimed for one version.
 *
 * @param found collects it
 * @param protocol the version
 */
record Claims(Capabilities.Builder found, SslProtocol protocol) {

    /** Claims what works for both roles. */
    void claim(Capability capability, ProbeBench.Attempt attempt) {
        if (ProbeBench.works(attempt)) {
            found.claim(capability, Set.of(protocol));
        }
    }

    /** Claims what works for one role. */
    void claim(Capability capability, TlsRole role, ProbeBench.Attempt attempt) {
        if (ProbeBench.works(attempt)) {
            found.claim(capability, role, Set.of(protocol));
        }
    }
}
