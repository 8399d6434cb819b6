package dev.qssl.spi.probe;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Deferral;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A library that is to be tried out: how to have contexts of it, what is worth trying, and the little that trying cannot show.
 *
 * <p>Only {@link #newContext} must be written, and is that of the backend. It must refuse by name what it cannot honour, as
 * every backend's must: that refusal is how a {@link CapabilityProbe} learns what to leave out. Called by one thread at a time.
 */
public interface ProbeSubject {

    /**
     * {@return a new context, which the caller closes}
     *
     * @param settings for the two ends of one connection of this process with itself
     * @throws TlsException if the library cannot honour them
     */
    TlsContext newContext(ContextSettings settings) throws TlsException;

    /** {@return the concrete versions worth trying} All versions of TLS, unless overridden. */
    default Set<SslProtocol> protocols() {
        return EnumSet.of(SslProtocol.TLS_V1_0, SslProtocol.TLS_V1_1, SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3);
    }

    /**
     * {@return the cipher suites worth trying besides those that clients offer by default, best first}
     *
     * <p>{@link CipherSuite#known}, unless overridden: do so where the library can list its own.
     */
    default List<CipherSuite> cipherSuites() {
        return CipherSuite.known();
    }

    /**
     * {@return how a decision about the peer's certificate can be deferred} The weakest way, unless overridden.
     *
     * @param role the role of this side
     * @param protocol a version that works
     */
    default Deferral deferral(TlsRole role, SslProtocol protocol) {
        return Deferral.FLIGHT_WITHHELD;
    }

    /**
     * {@return why something does not work, or not in each role and version that it makes sense in, in a clause for messages and
     * tables}
     *
     * @param capability what was tried
     */
    default String reasonAgainst(Capability capability) {
        return "it did not work in a connection of this process with itself";
    }
}
