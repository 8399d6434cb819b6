package dev.qssl.spi.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.AlertType;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.toy.ToyBackend;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections in memory show what works and leave nothing behind. */
class ProbeConnectionTest {

    private final Identity identity;
    private final ToyBackend toy;
    private final TlsContext context;
    private final ProbeOwner server;

    ProbeConnectionTest() throws GeneralSecurityException {
        identity = ThrowAwayIdentity.ec();
        toy = new ToyBackend("toy", identity.certificate());
        context = toy.newContext(ContextSettings.builder().build());
        server = ProbeOwner.accepting(identity.certificate());
    }

    @AfterEach
    void nothing_isLeftBehind() {
        assertThat(toy.closedEngines()).isEqualTo(toy.openedEngines());
        assertThat(toy.violations()).isEmpty();
    }

    private ProbeConnection open(ProbeOwner client) throws TlsException {
        return ProbeConnection.open(ProbeSide.client(context, client), ProbeSide.server(context, server));
    }

    @Test
    void expectedPeer_isTalkedToUntilBothClosed() throws TlsException {
        ProbeOwner client = ProbeOwner.accepting(identity.certificate());

        try (ProbeConnection connection = open(client)) {
            assertThat(connection.isEstablished()).isTrue();
            assertThat(connection.carriesData()).isTrue();
            assertThat(connection.closesClient()).isTrue();
            assertThat(connection.closesServer()).isTrue();
        }
        assertThat(client.credentials().orElseThrow().chain()).isEqualTo(identity.chain());
    }

    @Test
    void anotherPeer_isRefusedAndBothEndsTellOfIt() throws Exception {
        ProbeOwner client = ProbeOwner.accepting(ThrowAwayIdentity.ec().certificate());

        try (ProbeConnection connection = open(client)) {
            assertThat(connection.isEstablished()).isFalse();
        }
        assertThat(client.alertsSent()).containsExactly(TlsAlert.fatal(AlertType.CERTIFICATE_UNKNOWN));
        assertThat(server.alertsReceived()).isEqualTo(client.alertsSent());
    }

    @Test
    void ownerWhoRefuses_refusesEvenTheExpectedPeer() throws TlsException {
        ProbeOwner client = ProbeOwner.refusing(AlertType.CERTIFICATE_REVOKED);

        try (ProbeConnection connection = open(client)) {
            assertThat(connection.isEstablished()).isFalse();
        }
        assertThat(server.alertsReceived()).containsExactly(TlsAlert.fatal(AlertType.CERTIFICATE_REVOKED));
    }

    @Test
    void serverThatCannotBeMade_leavesNoClientBehind() {
        TlsContext unable = new TlsContext() {
            @Override
            public TlsEngine newEngine(EngineRequest request, TlsEvents events) throws TlsException {
                throw new TlsException(TlsError.INVALID_SETTING, "no identity");
            }

            @Override
            public void close() {
                // There is nothing to free.
            }
        };

        assertThatThrownBy(
                        () -> ProbeConnection.open(ProbeSide.client(context, server), ProbeSide.server(unable, server)))
                .isInstanceOf(TlsException.class)
                .hasMessage("no identity");
    }
}
