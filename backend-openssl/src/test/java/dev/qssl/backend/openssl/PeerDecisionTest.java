package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Identity;
import dev.qssl.spi.Need;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.MemoryEnd;
import dev.qssl.tck.fixture.MemoryPair;
import dev.qssl.tck.fixture.TestAuthority;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a handshake when the owner accepts, refuses or takes its time. */
class PeerDecisionTest {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);
    private static final Identity ALICE = TestAuthority.shared().client("alice");

    private static PeerDecision.Refuse refusal(AlertType alert) {
        return new PeerDecision.Refuse(alert, "for this test");
    }

    private static ContextSettings.Builder judgingServer(SslProtocol protocol) {
        return EngineBench.serverSettings(protocol).verifyMode(PeerVerifyMode.VERIFY_PEER);
    }

    /** {@return a client with a certificate, and a server that wants one} */
    private static MemoryPair mutual(SslProtocol protocol) throws TlsException {
        return MemoryPair.of(
                BENCH.context(EngineBench.settings(protocol).identity(ALICE)), BENCH.context(judgingServer(protocol)));
    }

    private static void assertRefused(MemoryEnd side) {
        assertThat(side.failure()).hasValueSatisfying(failure -> {
            assertThat(failure).hasMessage("for this test");
            assertThat(failure.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
        });
        assertThat(side.engine().isEstablished()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "TLS_V1_2, UNKNOWN_CA", "TLS_V1_2, CERTIFICATE_EXPIRED", "TLS_V1_2, ACCESS_DENIED",
        "TLS_V1_3, UNKNOWN_CA", "TLS_V1_3, CERTIFICATE_REVOKED", "TLS_V1_3, UNSUPPORTED_CERTIFICATE"
    })
    void clientRefusesAtOnce_serverHearsTheVeryAlert(SslProtocol protocol, AlertType alert) throws Exception {
        try (MemoryPair pair = BENCH.pair(protocol)) {
            pair.client().answer(refusal(alert));
            pair.run();

            assertRefused(pair.client());
            assertThat(pair.client().sent()).containsExactly(TlsAlert.fatal(alert));
            assertThat(pair.server().received()).containsExactly(TlsAlert.fatal(alert));
            assertThat(pair.server().engine().isEstablished()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"TLS_V1_2, UNKNOWN_CA", "TLS_V1_2, ACCESS_DENIED", "TLS_V1_3, UNKNOWN_CA", "TLS_V1_3, BAD_CERTIFICATE"})
    void serverRefusesAtOnce_clientHearsTheVeryAlert(SslProtocol protocol, AlertType alert) throws Exception {
        try (MemoryPair pair = mutual(protocol)) {
            pair.server().answer(refusal(alert));
            pair.run();

            assertRefused(pair.server());
            assertThat(pair.server().sent()).containsExactly(TlsAlert.fatal(alert));
            assertThat(pair.client().received()).containsExactly(TlsAlert.fatal(alert));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void clientTakesItsTime_nothingIsSentUntilItAccepts(SslProtocol protocol) throws Exception {
        try (MemoryPair pair = BENCH.pair(protocol)) {
            pair.client().answer(PeerDecision.DEFER);
            pair.run();

            assertThat(pair.client().need()).isEqualTo(Need.DECISION);
            assertThat(pair.client().engine().hasOutput()).isFalse();
            assertThat(pair.isEstablished()).isFalse();
            assertThatThrownBy(() -> pair.client().engine().decrypt(NO_BYTES, NO_BYTES))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> pair.client().engine().encrypt(NO_BYTES, NO_BYTES))
                    .isInstanceOf(IllegalStateException.class);

            pair.client().decide(PeerDecision.ACCEPT);
            pair.run();
            pair.client().say(7);
            pair.run();

            assertThat(pair.isEstablished()).isTrue();
            assertThat(pair.server().plaintext().position()).isEqualTo(7);
            assertThat(pair.client().presented()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void clientRefusesLater_serverHearsTheVeryAlert(SslProtocol protocol) throws Exception {
        try (MemoryPair pair = BENCH.pair(protocol)) {
            pair.client().answer(PeerDecision.DEFER);
            pair.run();
            pair.client().decide(refusal(AlertType.CERTIFICATE_REVOKED));
            pair.run();

            assertRefused(pair.client());
            assertThat(pair.server().received()).containsExactly(TlsAlert.fatal(AlertType.CERTIFICATE_REVOKED));
            assertThat(pair.server().engine().isEstablished()).isFalse();
        }
    }

    /** OpenSSL cannot wait here: asked to, it would take the client for accepted. */
    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void serverTakesItsTime_nothingIsSentOrHandedOutUntilItAccepts(SslProtocol protocol) throws Exception {
        try (MemoryPair pair = mutual(protocol)) {
            pair.server().answer(PeerDecision.DEFER);
            pair.run();
            if (pair.client().engine().isEstablished()) {
                pair.client().say(7);
                pair.run();
            }

            assertThat(pair.server().need()).isEqualTo(Need.DECISION);
            assertThat(pair.server().engine().hasOutput()).isFalse();
            assertThat(pair.server().engine().isEstablished()).isFalse();
            assertThat(pair.server().plaintext().position()).isZero();
            assertThat(pair.client().sessions()).isEmpty();

            pair.server().decide(PeerDecision.ACCEPT);
            pair.run();
            pair.client().say(7);
            pair.server().say(9);
            pair.run();

            assertThat(pair.isEstablished()).isTrue();
            assertThat(pair.server().plaintext().position()).isEqualTo(protocol == SslProtocol.TLS_V1_3 ? 14 : 7);
            assertThat(pair.client().plaintext().position()).isEqualTo(9);
            assertThat(pair.server().presented()).hasSize(1);
        }
    }

    @Test
    void serverRefusesLater_tls12ClientHearsTheVeryAlertAndNothingElse() throws Exception {
        try (MemoryPair pair = mutual(SslProtocol.TLS_V1_2)) {
            pair.server().answer(PeerDecision.DEFER);
            pair.run();
            pair.server().decide(refusal(AlertType.ACCESS_DENIED));
            pair.run();

            assertRefused(pair.server());
            assertThat(pair.client().received()).containsExactly(TlsAlert.fatal(AlertType.ACCESS_DENIED));
            assertThat(pair.client().engine().isEstablished()).isFalse();
        }
    }

    @Test
    void serverRefusesLater_tls13ClientHearsGoodbyeAndGetsNoSession() throws Exception {
        try (MemoryPair pair = mutual(SslProtocol.TLS_V1_3)) {
            pair.server().answer(PeerDecision.DEFER);
            pair.run();
            pair.client().say(7);
            pair.server().decide(refusal(AlertType.ACCESS_DENIED));
            pair.run();

            assertRefused(pair.server());
            assertThat(pair.server().plaintext().position()).isZero();
            assertThat(pair.client().received()).containsExactly(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
            assertThat(pair.client().sessions()).isEmpty();
        }
    }

    /** The client's certificate came, and what proves that it is his has not. */
    @Test
    void serverRefusesInTheMiddleOfAFlight_tls13ClientHearsAnAlert() throws Exception {
        try (MemoryPair pair = mutual(SslProtocol.TLS_V1_3)) {
            pair.server().answer(PeerDecision.DEFER);
            pair.server().readOneRecordATurn();
            pair.run();
            assertThat(pair.server().need()).isEqualTo(Need.DECISION);
            pair.server().decide(refusal(AlertType.ACCESS_DENIED));
            pair.run();

            assertRefused(pair.server());
            assertThat(pair.server().plaintext().position()).isZero();
            assertThat(pair.client().received()).hasSize(1);
            assertThat(pair.client().sessions()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void serverMissesACertificate_isAskedAtTheEndAndNothingIsHandedOutBefore(SslProtocol protocol) throws Exception {
        TlsContext clients = BENCH.context(EngineBench.settings(protocol));
        try (MemoryPair pair = MemoryPair.of(clients, BENCH.context(judgingServer(protocol)))) {
            pair.server().answer(refusal(AlertType.CERTIFICATE_REQUIRED));
            pair.run();

            assertRefused(pair.server());
            assertThat(pair.server().presented())
                    .hasSize(1)
                    .allMatch(shown -> shown.chain().isEmpty());
            assertThat(pair.client().sessions()).isEmpty();
            assertThat(pair.client().received()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void resumedSession_isPresentedAgainWithBothWholeChains(SslProtocol protocol) throws Exception {
        Identity issued = TestAuthority.shared().viaIntermediate("localhost");
        TlsContext clients = BENCH.context(EngineBench.settings(protocol).identity(issued));
        TlsContext servers = BENCH.context(judgingServer(protocol));
        List<List<X509Certificate>> seen = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (MemoryPair pair = MemoryPair.of(clients, servers)) {
                pair.run();
                pair.server().say(1);
                pair.run();

                assertThat(pair.isEstablished()).isTrue();
                assertThat(pair.client().engine().parameters().resumed()).isEqualTo(i > 0);
                assertThat(pair.server().presented()).singleElement().satisfies(shown -> seen.add(shown.chain()));
                assertThat(pair.server().presented().get(0).resumed())
                        .isEqualTo(pair.client().presented().get(0).resumed());
                seen.add(pair.client().presented().get(0).chain());
            }
        }
        assertThat(seen.get(2)).isEqualTo(seen.get(0)).isEqualTo(issued.chain());
        assertThat(seen.get(4)).isEqualTo(seen.get(0));
        assertThat(seen.get(3)).isEqualTo(seen.get(1)).isEqualTo(seen.get(5));
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void resumedPeerThatIsRefused_isNotResumedAgain(SslProtocol protocol) throws Exception {
        TlsContext clients = BENCH.context(EngineBench.settings(protocol));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(protocol));
        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            pair.run();
            pair.server().say(1);
            pair.run();
        }
        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            pair.client().answer(refusal(AlertType.CERTIFICATE_REVOKED));
            pair.run();

            assertThat(pair.client().presented())
                    .singleElement()
                    .satisfies(shown -> assertThat(shown.resumed()).isTrue());
            assertRefused(pair.client());
            assertThat(pair.server().plaintext().position()).isZero();
        }
        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            pair.run();

            assertThat(pair.client().engine().parameters().resumed()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void closingWhileUndecided_acceptsNobody(SslProtocol protocol) throws Exception {
        try (MemoryPair pair = mutual(protocol)) {
            pair.server().answer(PeerDecision.DEFER);
            pair.run();
            pair.server().closeOutput();
            pair.run();

            assertThat(pair.server().engine().isEstablished()).isFalse();
            assertThat(pair.server().failure()).isPresent();
            assertThat(pair.client().sessions()).isEmpty();
            assertThat(protocol == SslProtocol.TLS_V1_2
                            && pair.client().engine().isEstablished())
                    .isFalse();
        }
    }
}
