package dev.qssl.backend.jdk;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.TestAuthority;

/** Makes contexts and engines for the tests of this package. */
final class EngineFixture {

    static final TestAuthority AUTHORITY = TestAuthority.shared();
    static final Identity SERVER = AUTHORITY.server("localhost");
    static final Identity ALICE = AUTHORITY.client("alice");
    static final JdkBackend BACKEND = new JdkBackend();

    private EngineFixture() {}

    /** {@return settings with the test server's identity: the same one every time} */
    static ContextSettings.Builder serverSettings(SslProtocol protocol) {
        return EngineBench.settings(protocol).identity(SERVER);
    }

    static TlsContext context(ContextSettings.Builder settings) throws TlsException {
        return BACKEND.newContext(settings.build());
    }

    static OurPeer client(TlsContext context) throws TlsException {
        return peer(context, EngineBench.TO_LOCALHOST);
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
