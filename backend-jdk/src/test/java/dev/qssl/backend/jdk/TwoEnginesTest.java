package dev.qssl.backend.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;

/** A client and a server of this backend, for a test that connects them or does not. */
abstract class TwoEnginesTest {

    OurPeer client = new OurPeer();
    OurPeer server = new OurPeer();

    final void connect(SslProtocol protocol) throws TlsException {
        client = EngineFixture.client(EngineBench.settings(protocol));
        server = EngineFixture.server(EngineFixture.serverSettings(protocol));
        MemoryPeer.run(client, server);
        assertThat(client.isEstablished()).isTrue();
        assertThat(server.isEstablished()).isTrue();
    }
}
