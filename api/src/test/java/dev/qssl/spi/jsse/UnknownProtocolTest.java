package dev.qssl.spi.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.AlertLevel;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Identity;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.probe.ProbeConnection;
import dev.qssl.spi.probe.ProbeOwner;
import dev.qssl.spi.probe.ProbeSide;
import dev.qssl.spi.probe.ThrowAwayIdentity;
import java.nio.ByteBuffer;
import java.security.Provider;
import java.security.Security;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A library that finishes a handshake in a version which nobody here knows: what was agreed on is not known either. */
class UnknownProtocolTest {

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    private static class Sound extends JsseLibrary {
        @Override
        protected Provider provider() {
            return Security.getProvider("SunJSSE");
        }
    }

    private static final class AheadOfItsTime extends Sound {
        @Override
        protected SSLEngine newEngine(SSLContext context, PeerKey peer, int number) {
            return new RenamedProtocolEngine(super.newEngine(context, peer, number), "TLSv9");
        }
    }

    private static TlsContext context(JsseLibrary library, ContextSettings.Builder settings) throws TlsException {
        return JsseContext.of(new EngineSetup("test", library, LearnedFacts.about(library), settings.build()));
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void sessionOfAnUnknownProtocol_isRefused(SslProtocol protocol) throws Exception {
        Identity identity = ThrowAwayIdentity.ec();
        ProbeOwner serverOwner = ProbeOwner.accepting(identity.certificate());
        TlsContext clients =
                context(new AheadOfItsTime(), ContextSettings.builder().protocols(Set.of(protocol)));
        TlsContext servers = context(
                new Sound(),
                ContextSettings.builder().protocols(Set.of(protocol)).identity(identity));

        ProbeSide client = ProbeSide.client(clients, ProbeOwner.accepting(identity.certificate()));
        try (ProbeConnection connection = ProbeConnection.open(client, ProbeSide.server(servers, serverOwner))) {
            assertThat(connection.client().isEstablished()).isFalse();
            assertThatThrownBy(() -> connection.client().decrypt(NO_BYTES, NO_BYTES))
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining("TLSv9")
                    .extracting(thrown -> ((TlsException) thrown).error())
                    .isEqualTo(TlsError.INTERNAL);
            assertThatThrownBy(() -> connection.client().parameters()).isInstanceOf(IllegalStateException.class);
            assertThat(serverOwner.alertsReceived().stream()
                            .map(TlsAlert::level)
                            .collect(Collectors.toSet()))
                    .containsExactly(AlertLevel.FATAL);
        }
    }
}
