package dev.qssl.backend.jdk;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.TestAuthority;
import java.util.Set;

/** Makes contexts and engines for the tests of this package. */
final class EngineFixture {

    static final TestAuthority AUTHORITY = TestAuthority.shared();
    static final Identity SERVER = AUTHORITY.server("localhost");
    static final Identity ALICE = AUTHORITY.client("alice");
    static final JdkBackend BACKEND = new JdkBackend();
    static final EngineRequest TO_LOCALHOST =
            EngineRequest.client(new PeerKey("localhost", 443, "localhost"), "localhost");

    private EngineFixture() {}

    /** {@return settings for one version, trusting the test authority} */
    static ContextSettings.Builder settings(SslProtocol protocol) {
        return ContextSettings.builder().protocols(Set.of(protocol)).authorities(AUTHORITY.trust());
    }

    /** {@return settings with the test server's identity} */
    static ContextSettings.Builder serverSettings(SslProtocol protocol) {
        return settings(protocol).identity(SERVER);
    }

    static TlsContext context(ContextSettings.Builder settings) throws TlsException {
        return BACKEND.newContext(settings.build());
    }

    static OurPeer client(TlsContext context) throws TlsException {
        return peer(context, TO_LOCALHOST);
    }

    static OurPeer client(ContextSettings.Builder settings) throws TlsException {
        return client(context(settings));
    }

    static OurPeer server(TlsContext context) throws TlsException {
        return peer(context, EngineRequest.server());
    }

    static OurPeer server(ContextSettings.Builder settings) throws TlsException {
        return server(context(settings));
    }

    static OurPeer peer(TlsContext context, EngineRequest request) throws TlsException {
        OurPeer peer = new OurPeer();
        peer.engine = context.newEngine(request, peer.events);
        return peer;
    }
}
