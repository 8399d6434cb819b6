package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.JdkEnd;
import dev.qssl.tck.fixture.MemoryEnd;
import org.junit.jupiter.api.Test;

/** A peer that begins another handshake on an established connection, up to TLS 1.2, loses it: an engine of the JDK does. */
class RenegotiationTest {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());

    private void assertRefuses(MemoryEnd ours, JdkEnd peer) throws Exception {
        peer.run(ours);
        assertThat(ours.engine().isEstablished()).as("%s", ours.failure()).isTrue();
        assertThat(peer.isSettled()).isTrue();

        peer.beginAgain(ours.inbox());
        peer.run(ours);

        assertThat(ours.failure()).get().extracting(TlsException::error).isEqualTo(TlsError.RENEGOTIATION_REFUSED);
        assertThat(ours.sent()).containsExactly(TlsAlert.warning(AlertType.NO_RENEGOTIATION));
        assertThat(ours.engine().hasOutput()).isTrue();
        ours.engine().close();
    }

    @Test
    void clientThatBeginsAgain_isRefused() throws Exception {
        assertRefuses(
                new MemoryEnd(
                        BENCH.context(EngineBench.settings(SslProtocol.TLS_V1_2).identity(JdkEnd.IDENTITY)),
                        EngineRequest.server()),
                JdkEnd.client(SslProtocol.TLS_V1_2));
    }

    @Test
    void serverThatWantsToBeginAgain_isRefused() throws Exception {
        assertRefuses(
                new MemoryEnd(BENCH.context(EngineBench.settings(SslProtocol.TLS_V1_2)), EngineBench.TO_LOCALHOST),
                JdkEnd.server(SslProtocol.TLS_V1_2));
    }
}
