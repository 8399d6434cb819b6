package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSsl.PatternSyntax;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslConfiguration.NextProtocolNegotiationStatus;
import dev.qssl.internal.backend.Backends;
import dev.qssl.spi.ContextSettings.TicketKey;
import dev.qssl.spi.EphemeralKey;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.NegotiatedParameters.Alpn;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.x509.KeyStrength;
import dev.qssl.spi.x509.VerificationPolicy;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a configuration holds, and how it changes (behaviour.md, sections 1 and 11). */
class QSslConfigurationTest {

    private static final QSslCertificate ALICE = StubCertificate.wrapped("alice");
    private static final QSslCertificate BOB = StubCertificate.wrapped("bob");
    private static final QSslKey KEY = QSslKey.fromPrivateKey(keyPair().getPrivate());

    private final QSslConfiguration before = QSslConfiguration.defaultConfiguration();
    private final QSslConfiguration dtlsBefore = QSslConfiguration.defaultDtlsConfiguration();

    @AfterEach
    void restoreDefaults() {
        QSslConfiguration.setDefaultConfiguration(before);
        QSslConfiguration.setDefaultDtlsConfiguration(dtlsBefore);
    }

    @SuppressWarnings("NullAway") // what a caller without such a check may do
    static Stream<Arguments> settingsToNull() {
        return Stream.of(
                arguments("backend", set(c -> c.setBackend(null))),
                arguments("protocol", set(c -> c.setProtocol(null))),
                arguments("verifyMode", set(c -> c.setPeerVerifyMode(null))),
                arguments("policy", set(c -> c.setVerificationPolicy(null))),
                arguments("keyStrength", set(c -> c.setKeyStrength(null))),
                arguments("diffieHellman", set(c -> c.setDiffieHellmanParameters(null))),
                arguments("log", set(c -> c.setKeyLog(null))),
                arguments("option", set(c -> c.setSslOption(null, false))),
                arguments("name", set(c -> c.setBackendConfigurationOption(null, "value"))),
                arguments("value", set(c -> c.setBackendConfigurationOption("name", null))));
    }

    private static Consumer<QSslConfiguration> set(Consumer<QSslConfiguration> change) {
        return change;
    }

    @ParameterizedTest
    @MethodSource("settingsToNull")
    void null_isRefusedAtOnce_andChangesNothing(String name, Consumer<QSslConfiguration> change) {
        QSslConfiguration configuration = new QSslConfiguration();

        assertThatNullPointerException()
                .isThrownBy(() -> change.accept(configuration))
                .withMessage(name);
        assertThat(configuration.isNull()).isTrue();
    }

    @Test
    void newConfiguration_isNullWithTheDocumentedDefaults() {
        QSslConfiguration fresh = new QSslConfiguration();

        assertThat(fresh.isNull()).isTrue();
        assertThat(fresh.protocol()).isEqualTo(SslProtocol.SECURE_PROTOCOLS);
        assertThat(fresh.peerVerifyMode()).isEqualTo(PeerVerifyMode.AUTO_VERIFY_PEER);
        assertThat(fresh.peerVerifyDepth()).isZero();
        assertThat(fresh.verificationPolicy()).isEqualTo(VerificationPolicy.RFC_5280);
        assertThat(fresh.keyStrength()).isEqualTo(KeyStrength.DEFAULT);
        assertThat(fresh.localCertificate().isNull()).isTrue();
        assertThat(fresh.privateKey().isNull()).isTrue();
        assertThat(fresh.ciphers()).isEmpty();
        assertThat(fresh.caCertificates()).isEmpty();
        assertThat(fresh.isSystemCaTrusted()).isTrue();
        assertThat(fresh.diffieHellmanParameters()).isEqualTo(QSslDiffieHellmanParameters.defaultParameters());
        assertThat(fresh.allowedNextProtocols()).isEmpty();
        assertThat(fresh.ocspStaplingEnabled()).isFalse();
        assertThat(fresh.handshakeMustInterruptOnError()).isFalse();
        assertThat(fresh.missingCertificateIsFatal()).isFalse();
        assertThat(fresh.dtlsCookieVerificationEnabled()).isTrue();
        assertThat(Stream.of(SslOption.values()).filter(fresh::testSslOption))
                .containsExactlyInAnyOrder(
                        SslOption.DISABLE_EMPTY_FRAGMENTS,
                        SslOption.DISABLE_COMPRESSION,
                        SslOption.DISABLE_LEGACY_RENEGOTIATION,
                        SslOption.DISABLE_SESSION_PERSISTENCE);
    }

    @Test
    void newConfiguration_hasNoSession() {
        QSslConfiguration fresh = new QSslConfiguration();

        assertThat(fresh.peerCertificate().isNull()).isTrue();
        assertThat(fresh.peerCertificateChain()).isEmpty();
        assertThat(fresh.sessionCipher().isNull()).isTrue();
        assertThat(fresh.sessionProtocol()).isEqualTo(SslProtocol.UNKNOWN_PROTOCOL);
        assertThat(fresh.ephemeralServerKey().isNull()).isTrue();
        assertThat(fresh.sessionTicket()).isEmpty();
        assertThat(fresh.sessionTicketLifeTimeHint()).isEqualTo(-1);
        assertThat(fresh.nextNegotiatedProtocol()).isEmpty();
        assertThat(fresh.nextProtocolNegotiationStatus())
                .isEqualTo(NextProtocolNegotiationStatus.NEXT_PROTOCOL_NEGOTIATION_NONE);
    }

    @Test
    void defaultConfigurations_areNotNullAndDifferInProtocol() {
        assertThat(before.isNull()).isFalse();
        assertThat(before.protocol()).isEqualTo(SslProtocol.SECURE_PROTOCOLS);
        assertThat(dtlsBefore.protocol()).isEqualTo(SslProtocol.DTLS_V1_2_OR_LATER);
        assertThat(dtlsBefore.dtlsCookieVerificationEnabled()).isTrue();
        assertThat(before).isEqualTo(QSslConfiguration.defaultConfiguration()).isNotEqualTo(dtlsBefore);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everySetting_countsForEqualityAndLeavesCopiesAlone(Consumer<QSslConfiguration> change) {
        QSslConfiguration original = new QSslConfiguration();
        QSslConfiguration copy = new QSslConfiguration(original);
        assertThat(copy).isEqualTo(original).hasSameHashCodeAs(original);

        change.accept(copy);

        assertThat(original.isNull()).isTrue();
        assertThat(copy.isNull()).isFalse();
        assertThat(copy).isNotEqualTo(original);
        QSslConfiguration same = new QSslConfiguration();
        change.accept(same);
        assertThat(same).isEqualTo(copy).hasSameHashCodeAs(copy);
    }

    static Stream<Consumer<QSslConfiguration>> changes() {
        return Stream.of(
                c -> c.setBackend("jdk"),
                c -> c.setProtocol(SslProtocol.TLS_V1_3),
                c -> c.setPeerVerifyMode(PeerVerifyMode.VERIFY_NONE),
                c -> c.setPeerVerifyDepth(3),
                c -> c.setVerificationPolicy(VerificationPolicy.WEB_PKI),
                c -> c.setKeyStrength(KeyStrength.DEFAULT.withMinimumRsaBits(4096)),
                c -> c.setLocalCertificate(ALICE),
                c -> c.setPrivateKey(KEY),
                c -> c.setCiphers("AES128-SHA"),
                c -> c.setCaCertificates(List.of()),
                c -> c.addCaCertificate(BOB),
                c -> c.setEllipticCurves(List.of(QSslEllipticCurve.fromShortName("secp384r1"))),
                c -> c.setSignatureSchemes(List.of("ed25519")),
                c -> c.setDiffieHellmanParameters(new QSslDiffieHellmanParameters()),
                c -> c.setPreSharedKeyIdentityHint(new byte[] {1}),
                c -> c.setPskProtocols(Set.of(SslProtocol.TLS_V1_3)),
                c -> c.setAllowedNextProtocols("h2"),
                c -> c.setOcspStaplingEnabled(true),
                c -> c.setStapledOcspResponses(List.of(new byte[] {48, 0})),
                c -> c.setHandshakeMustInterruptOnError(true),
                c -> c.setMissingCertificateIsFatal(true),
                c -> c.setDtlsCookieVerificationEnabled(false),
                c -> c.setSslOption(SslOption.DISABLE_SESSION_TICKETS, true),
                c -> c.setSessionTicketKeys(List.of(new TicketKey("n".repeat(16), "s".repeat(32)))),
                c -> c.setKeyLog(line -> {}),
                c -> c.setBackendConfigurationOption("MinProtocol", "TLSv1.2"),
                c -> c.setSessionTicket(new byte[] {1, 2}));
    }

    private static KeyPair keyPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void negativeDepth_isIgnored() {
        QSslConfiguration configuration = new QSslConfiguration();
        configuration.setPeerVerifyDepth(2);

        configuration.setPeerVerifyDepth(-1);

        assertThat(configuration.peerVerifyDepth()).isEqualTo(2);
    }

    @Test
    void ciphersByName_dropUnknownOnesAndKeepTheOrder() {
        QSslConfiguration configuration = new QSslConfiguration();

        configuration.setCiphers("AES128-SHA:nonsense::TLS_AES_128_GCM_SHA256");

        assertThat(configuration.ciphers())
                .containsExactly(new QSslCipher("AES128-SHA"), new QSslCipher("TLS_AES_128_GCM_SHA256"));
        configuration.setCiphers(List.of());
        assertThat(configuration.ciphers()).isEmpty();
    }

    @Test
    void localCertificate_replacesTheChain() {
        QSslConfiguration configuration = new QSslConfiguration();
        configuration.setLocalCertificateChain(List.of(ALICE, BOB));
        assertThat(configuration.localCertificateChain()).containsExactly(ALICE, BOB);
        assertThat(configuration.localCertificate()).isEqualTo(ALICE);

        configuration.setLocalCertificate(BOB);
        assertThat(configuration.localCertificateChain()).containsExactly(BOB);

        configuration.setLocalCertificate(new QSslCertificate());
        assertThat(configuration.localCertificateChain()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration.setLocalCertificateChain(List.of(ALICE, new QSslCertificate())));
    }

    @Test
    void privateKey_isReadBackAndCanBeDropped() {
        QSslConfiguration configuration = new QSslConfiguration();

        configuration.setPrivateKey(KEY);
        assertThat(configuration.privateKey()).isEqualTo(KEY);

        configuration.setPrivateKey(new QSslKey());
        assertThat(configuration.isNull()).isTrue();
    }

    @Test
    void clearingWhatWasGiven_leavesTheConfigurationAlone() {
        QSslCertificate given = new QSslCertificate(ALICE);
        QSslKey key = new QSslKey(KEY);
        QSslConfiguration configuration = new QSslConfiguration();
        configuration.setLocalCertificate(given);
        configuration.setPrivateKey(key);

        given.clear();
        key.clear();
        configuration.localCertificate().clear();

        assertThat(configuration.localCertificate()).isEqualTo(ALICE);
        assertThat(configuration.privateKey()).isEqualTo(KEY);
    }

    @Test
    void settingAuthorities_switchesTheSystemsOff() {
        QSslConfiguration set = new QSslConfiguration();
        set.setCaCertificates(List.of());
        assertThat(set.isSystemCaTrusted()).isFalse();

        QSslConfiguration added = new QSslConfiguration();
        added.addCaCertificate(ALICE);
        added.addCaCertificates(List.of(BOB, ALICE));
        assertThat(added.caCertificates()).containsExactly(ALICE, BOB);
        assertThat(added.isSystemCaTrusted()).isFalse();

        added.setSystemCaTrusted(true);
        assertThat(added.isSystemCaTrusted()).isTrue();
        assertThat(added.caCertificates()).containsExactly(ALICE, BOB);
    }

    @Test
    void authoritiesFromAMissingFile_changeNothing() {
        QSslConfiguration configuration = new QSslConfiguration();

        assertThat(configuration.addCaCertificates("no/such/file.pem")).isFalse();
        assertThat(configuration.addCaCertificates("no/such/*.pem", EncodingFormat.PEM, PatternSyntax.WILDCARD))
                .isFalse();

        assertThat(configuration.isNull()).isTrue();
    }

    @Test
    void defaultAuthorities_areAddedOnceAndForLaterConfigurationsOnly() {
        QSslConfiguration existing = QSslConfiguration.defaultConfiguration();

        QSslConfiguration.addDefaultCaCertificates(List.of(ALICE));
        QSslConfiguration.addDefaultCaCertificates(List.of(ALICE));

        assertThat(QSslConfiguration.defaultConfiguration().caCertificates()).containsExactly(ALICE);
        assertThat(QSslConfiguration.defaultConfiguration().isSystemCaTrusted()).isTrue();
        assertThat(existing.caCertificates()).isEmpty();
    }

    @Test
    void defaultConfiguration_isCopiedInFullWithoutSession() {
        QSslConfiguration all = new QSslConfiguration();
        changes().forEach(change -> change.accept(all));

        QSslConfiguration.setDefaultConfiguration(all);
        QSslConfiguration read = QSslConfiguration.defaultConfiguration();
        all.setProtocol(SslProtocol.TLS_V1_2);

        assertThat(read.protocol()).isEqualTo(SslProtocol.TLS_V1_3);
        assertThat(read.allowedNextProtocols()).hasSize(1);
        assertThat(read.preSharedKeyIdentityHint()).containsExactly(1);
        assertThat(read.diffieHellmanParameters().isEmpty()).isTrue();
        assertThat(read.sessionTicket()).isEmpty();
    }

    @Test
    void applicationProtocols_areBytesOrNames() {
        QSslConfiguration configuration = new QSslConfiguration();
        byte[] name = {(byte) 0xff, 0, 1};
        configuration.setAllowedNextProtocols(List.of(name));
        name[0] = 0;
        assertThat(configuration.allowedNextProtocols()).singleElement().isEqualTo(new byte[] {(byte) 0xff, 0, 1});

        configuration.setAllowedNextProtocols(
                QSslConfiguration.ALPN_PROTOCOL_HTTP2, QSslConfiguration.NEXT_PROTOCOL_HTTP1_1);
        assertThat(configuration.allowedNextProtocols()).extracting(String::new).containsExactly("h2", "http/1.1");

        configuration.setAllowedNextProtocols();
        assertThat(configuration.isNull()).isTrue();
    }

    @Test
    void options_switchOnAndOff() {
        QSslConfiguration configuration = new QSslConfiguration();

        configuration.setSslOption(SslOption.DISABLE_SESSION_PERSISTENCE, false);
        configuration.setSslOption(SslOption.DISABLE_SESSION_SHARING, true);
        assertThat(configuration.testSslOption(SslOption.DISABLE_SESSION_PERSISTENCE))
                .isFalse();
        assertThat(configuration.testSslOption(SslOption.DISABLE_SESSION_SHARING))
                .isTrue();

        configuration.setSslOption(SslOption.DISABLE_SESSION_PERSISTENCE, true);
        configuration.setSslOption(SslOption.DISABLE_SESSION_SHARING, false);
        assertThat(configuration.isNull()).isTrue();
    }

    @Test
    void backendConfiguration_isSetReadAndCleared() {
        QSslConfiguration configuration = new QSslConfiguration();

        configuration.setBackendConfigurationOption("Options", 7);
        configuration.setBackendConfigurationOption("MinProtocol", new byte[] {'T', 'L', 'S'});
        assertThat(configuration.backendConfiguration())
                .containsExactlyInAnyOrderEntriesOf(Map.of("Options", 7, "MinProtocol", "TLS"));

        configuration.setBackendConfiguration(Map.of("Curves", "P-256"));
        assertThat(configuration.backendConfiguration()).containsOnlyKeys("Curves");

        configuration.setBackendConfiguration();
        assertThat(configuration.isNull()).isTrue();
    }

    @Test
    void pskProtocolsAndTicketKeys_refuseWhatIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> TicketKey.of(new byte[47]));
        assertThat(TicketKey.of("n".repeat(16).concat("s".repeat(40)).getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(new TicketKey("n".repeat(16), "s".repeat(40)));
        QSslConfiguration configuration = new QSslConfiguration();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration.setPskProtocols(Set.of(SslProtocol.TLS_V1_2_OR_LATER)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration.setSessionTicketKeys(List.of(new TicketKey("short", "s".repeat(32)))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration.setSessionTicketKeys(List.of(new TicketKey("n".repeat(16), "s"))))
                .withMessageNotContaining("ss");
    }

    @Test
    void session_isReadBackAndNotTakenOverButForTheTicket() {
        QSslConfiguration settings = new QSslConfiguration();
        settings.setAllowedNextProtocols("h2");
        KeyPair ephemeral = keyPair();
        QSslConfiguration live = settings.withSession(SessionState.NONE
                .withPeerChain(List.of(StubCertificate.named("alice")))
                .withParameters(agreed(new Alpn.Selected("h2"), ephemeral))
                .withTicket(new SessionTicket(new byte[] {9, 8}, 7200)));

        assertThat(live.peerCertificate()).isEqualTo(ALICE);
        assertThat(live.sessionCipher().ianaName()).isEqualTo("TLS_AES_128_GCM_SHA256");
        assertThat(live.sessionProtocol()).isEqualTo(SslProtocol.TLS_V1_3);
        assertThat(live.ephemeralServerKey()).isEqualTo(QSslKey.fromPublicKey(ephemeral.getPublic()));
        assertThat(live.nextNegotiatedProtocol()).asString().isEqualTo("h2");
        assertThat(live.nextProtocolNegotiationStatus())
                .isEqualTo(NextProtocolNegotiationStatus.NEXT_PROTOCOL_NEGOTIATION_NEGOTIATED);
        assertThat(live.sessionTicket()).containsExactly(9, 8);
        assertThat(live.sessionTicketLifeTimeHint()).isEqualTo(7200);
        assertThat(live).isNotEqualTo(settings).isEqualTo(new QSslConfiguration(live));

        QSslConfiguration taken = live.withoutSession();
        assertThat(taken.peerCertificate().isNull()).isTrue();
        assertThat(taken.sessionCipher().isNull()).isTrue();
        assertThat(taken.sessionProtocol()).isEqualTo(SslProtocol.UNKNOWN_PROTOCOL);
        assertThat(taken.nextNegotiatedProtocol()).isEmpty();
        assertThat(taken.sessionTicket()).containsExactly(9, 8);
        assertThat(taken.allowedNextProtocols()).hasSize(1);
    }

    @Test
    void negotiationWithoutOverlap_isUnsupported() {
        QSslConfiguration live = new QSslConfiguration()
                .withSession(SessionState.NONE.withParameters(agreed(new Alpn.NoOverlap(), keyPair())));

        assertThat(live.nextNegotiatedProtocol()).isEmpty();
        assertThat(live.nextProtocolNegotiationStatus())
                .isEqualTo(NextProtocolNegotiationStatus.NEXT_PROTOCOL_NEGOTIATION_UNSUPPORTED);
    }

    private static NegotiatedParameters agreed(Alpn alpn, KeyPair ephemeral) {
        return new NegotiatedParameters(
                SslProtocol.TLS_V1_3,
                FakeBackend.suite("TLS_AES_128_GCM_SHA256"),
                Optional.of("x25519"),
                Optional.empty(),
                alpn,
                false,
                Optional.empty(),
                Optional.of(EphemeralKey.of(ephemeral.getPublic())),
                List.of());
    }

    @Test
    void makingChangingAndComparing_asksNoBackend() {
        FakeBackend backend = FakeBackend.withSockets("configuration-test");
        Backends.shared().register(backend);
        try {
            QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
            configuration.setBackend("configuration-test");
            changes().skip(1).forEach(change -> change.accept(new QSslConfiguration(configuration)));
            assertThat(configuration).isNotEqualTo(before);
            assertThat(backend.availabilityQuestions()).isZero();

            assertThat(configuration.ciphers())
                    .extracting(QSslCipher::ianaName)
                    .hasSize(5)
                    .doesNotContain("TLS_FAKE_WEAK", "TLS_FAKE_ANONYMOUS");
            assertThat(backend.capabilityQuestions()).isEqualTo(1);
        } finally {
            Backends.shared().remove(backend);
        }
    }
}
