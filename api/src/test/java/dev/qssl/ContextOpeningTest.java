package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.internal.backend.Backends;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.ContextSettings.DiffieHellman;
import dev.qssl.spi.ContextSettings.TicketKey;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.CaStore;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a configuration becomes the settings of a context, and what is refused on the way. */
class ContextOpeningTest {

    private static final Set<SslProtocol> BOTH = FakeBackend.VERSIONS;
    private static final Set<SslProtocol> TLS_1_2 = Set.of(SslProtocol.TLS_V1_2);
    private static final Set<SslProtocol> TLS_1_3 = Set.of(SslProtocol.TLS_V1_3);

    private final List<FakeBackend> registered = new ArrayList<>();
    private final QSslConfiguration before = QSslConfiguration.defaultConfiguration();

    @AfterEach
    void restore() {
        registered.forEach(Backends.shared()::remove);
        QSslConfiguration.setDefaultConfiguration(before);
    }

    /** {@return the default configuration on a new backend that can do this} */
    private QSslConfiguration on(Consumer<Capabilities.Builder> more) {
        return on(FakeBackend.withSockets("opening-test-" + registered.size(), more));
    }

    /** {@return the default configuration on a new backend that can do this and refuses every context all the same} */
    private QSslConfiguration refusedOn(Consumer<Capabilities.Builder> more) {
        return on(FakeBackend.withSockets("opening-test-" + registered.size(), more)
                .refusing());
    }

    private QSslConfiguration on(FakeBackend backend) {
        Backends.shared().register(backend);
        registered.add(backend);
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setBackend(backend.name());
        return configuration;
    }

    private static ContextSettings client(QSslConfiguration configuration) throws TlsException {
        return configuration.openContext(TlsRole.CLIENT, false).settings();
    }

    private static ContextSettings server(QSslConfiguration configuration) throws TlsException {
        return configuration.openContext(TlsRole.SERVER, false).settings();
    }

    private static void assertRefused(TlsError error, ThrowingCallable call, String... texts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContainingAll(texts);
    }

    private static List<String> names(List<CipherSuite> suites) {
        return suites.stream().map(CipherSuite::ianaName).toList();
    }

    @Test
    void defaultConfiguration_hasSecureVersionsAndLeavesTheSuitesToTheBackend() throws TlsException {
        ContextSettings settings = client(on(more -> {}));

        assertThat(settings.protocols()).containsExactlyInAnyOrderElementsOf(BOTH);
        assertThat(settings.cipherSuites()).as("the backend's own strong ones").isEmpty();
        assertThat(settings.verifyMode()).isEqualTo(PeerVerifyMode.AUTO_VERIFY_PEER);
        assertThat(settings.identity()).isEmpty();
        assertThat(settings.pskProtocols()).isEmpty();
        assertThat(settings.groups()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProtocol.class,
            names = {"UNKNOWN_PROTOCOL", "DTLS_V1_0", "DTLS_V1_0_OR_LATER", "DTLS_V1_2", "DTLS_V1_2_OR_LATER"})
    void protocolThatIsNoneForStreams_isInvalid(SslProtocol protocol) {
        QSslConfiguration configuration = on(more -> {});
        configuration.setProtocol(protocol);

        assertRefused(TlsError.INVALID_SETTING, () -> client(configuration), "setProtocol", protocol.name());
        assertRefused(TlsError.INVALID_SETTING, () -> server(configuration), "setProtocol", protocol.name());
    }

    @Test
    void versionThatTheBackendLacks_isRefusedNamingWhatItHas() {
        QSslConfiguration configuration = refusedOn(more -> {});
        configuration.setProtocol(SslProtocol.TLS_V1_1);

        assertRefused(
                TlsError.UNSUPPORTED_SETTING,
                () -> client(configuration),
                configuration.backend(),
                "it has TLSv1.2, TLSv1.3 here, not TLSv1.1");
    }

    @Test
    void range_isGivenToTheBackendToCut() throws TlsException {
        QSslConfiguration configuration = on(more -> {});

        configuration.setProtocol(SslProtocol.TLS_V1_1_OR_LATER);
        assertThat(client(configuration).protocols())
                .containsExactlyInAnyOrder(SslProtocol.TLS_V1_1, SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3);
    }

    @Test
    void commonSettings_areOpenedWithoutAskingWhatTheBackendCanDo() throws TlsException {
        FakeBackend backend = FakeBackend.withSockets("opening-test-unasked");
        QSslConfiguration configuration = on(backend);
        configuration.setProtocol(SslProtocol.TLS_V1_3);
        configuration.setAllowedNextProtocols("h2");
        configuration.setLocalCertificate(StubCertificate.wrapped("alice"));
        configuration.setPrivateKey(QSslKey.fromPrivateKey(keyPair().getPrivate()));
        configuration.setPeerVerifyMode(PeerVerifyMode.VERIFY_PEER);

        client(configuration);
        server(configuration);

        assertThat(backend.capabilityQuestions())
                .as("an answer may take seconds")
                .isZero();
    }

    @Test
    void backendWithoutSocketsInThisRole_isRefused() {
        QSslConfiguration clientsOnly =
                on(FakeBackend.with("opening-test-clients", b -> b.claim(Capability.HANDSHAKE, TlsRole.CLIENT, BOTH))
                        .refusing());
        clientsOnly.setProtocol(SslProtocol.TLS_V1_2_OR_LATER);
        assertRefused(TlsError.NO_BACKEND, () -> server(clientsOnly), "has no TLS servers here");

        QSslConfiguration certificatesOnly = QSslConfiguration.defaultConfiguration();
        certificatesOnly.setBackend("cert-only");
        certificatesOnly.setProtocol(SslProtocol.TLS_V1_2_OR_LATER);
        assertRefused(TlsError.NO_BACKEND, () -> client(certificatesOnly), "cert-only", "no TLS clients");
    }

    @Test
    void backendThatCannotBeHad_isRefusedWithReasonAndRemedy() {
        QSslConfiguration unavailable = on(FakeBackend.unavailable("opening-test-gone"));
        assertRefused(
                TlsError.NO_BACKEND,
                () -> client(unavailable),
                "opening-test-gone",
                "libopening-test-gone is not installed",
                "Install libopening-test-gone.");

        QSslConfiguration unknown = QSslConfiguration.defaultConfiguration();
        unknown.setBackend("nonsense");
        assertRefused(TlsError.NO_BACKEND, () -> client(unknown), "nonsense", "was not found");
    }

    @Test
    void certificateWithoutPrivateKey_isInvalid() throws TlsException {
        QSslConfiguration configuration = on(more -> more.claim(Capability.CLIENT_CERTIFICATE, BOTH));
        KeyPair pair = keyPair();
        configuration.setLocalCertificate(StubCertificate.wrapped("alice"));
        assertRefused(TlsError.INVALID_SETTING, () -> server(configuration), "private key");

        configuration.setPrivateKey(QSslKey.fromPublicKey(pair.getPublic()));
        assertRefused(TlsError.INVALID_SETTING, () -> client(configuration), "private key");

        configuration.setPrivateKey(QSslKey.fromPrivateKey(pair.getPrivate()));
        assertThat(server(configuration).identity().orElseThrow().key()).isEqualTo(pair.getPrivate());
        assertThat(client(configuration).identity()).isPresent();
    }

    @Test
    void emptyCipherListHereAndInTheDefault_isInvalid() {
        QSslConfiguration configuration = on(more -> {});
        configuration.setCiphers(List.of());
        QSslConfiguration.setDefaultConfiguration(new QSslConfiguration());

        assertRefused(TlsError.INVALID_SETTING, () -> client(configuration), "invalid or empty cipher list");
    }

    @Test
    void emptyCipherList_meansTheDefaultConfigurationsOneOfTheMoment() throws TlsException {
        QSslConfiguration configuration = on(more -> {});
        QSslConfiguration other = QSslConfiguration.defaultConfiguration();
        configuration.setCiphers(List.of());
        assertThat(client(configuration).cipherSuites()).as("the backend's own").isEmpty();

        other.setCiphers("ECDHE-RSA-AES256-GCM-SHA384:TLS_AES_128_GCM_SHA256");
        QSslConfiguration.setDefaultConfiguration(other);
        assertThat(names(client(configuration).cipherSuites()))
                .containsExactly("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    }

    @Test
    void listOfSuitesThatTheBackendLacks_isInvalid() {
        QSslConfiguration configuration = on(more -> {});

        configuration.setCiphers("TLS_CHACHA20_POLY1305_SHA256:AES128-SHA");
        assertRefused(TlsError.INVALID_SETTING, () -> client(configuration), "TLS_CHACHA20_POLY1305_SHA256");
        configuration.setCiphers(List.of(new QSslCipher()));
        assertRefused(TlsError.INVALID_SETTING, () -> client(configuration), "null ciphers");
    }

    @Test
    void listOfOneWorld_leavesTheOtherAtItsDefault() throws TlsException {
        QSslConfiguration configuration = on(more -> {});

        configuration.setCiphers("AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256");
        assertThat(names(client(configuration).cipherSuites()))
                .containsExactly(
                        "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        configuration.setCiphers("TLS_AES_128_GCM_SHA256");
        assertThat(names(client(configuration).cipherSuites()))
                .hasSize(4)
                .startsWith("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    }

    @Test
    void suitesOfOtherVersions_areLeftOut() throws TlsException {
        QSslConfiguration configuration = on(more -> {});
        configuration.setProtocol(SslProtocol.TLS_V1_2);

        assertThat(client(configuration).cipherSuites()).noneMatch(suite -> suite.protocol() == SslProtocol.TLS_V1_3);
    }

    @Test
    void backendThatLetsNoSuitesBeChosen_isNotToldAnyAndRefusesARestriction() throws TlsException {
        QSslConfiguration configuration = on(FakeBackend.with(
                "opening-test-fixed",
                claims -> claims.claim(Capability.HANDSHAKE, BOTH)
                        .claim(Capability.CIPHER_SUITE_CHOICE, TLS_1_2)
                        .cipherSuites(List.of(
                                FakeBackend.suite("TLS_AES_256_GCM_SHA384"),
                                FakeBackend.suite("TLS_AES_128_GCM_SHA256"),
                                FakeBackend.suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")))));

        assertThat(client(configuration).cipherSuites()).isEmpty();
        configuration.setCiphers("TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384");
        assertThat(client(configuration).cipherSuites()).hasSize(3);
        configuration.setCiphers("TLS_AES_128_GCM_SHA256");
        assertRefused(TlsError.UNSUPPORTED_SETTING, () -> client(configuration), "setCiphers", "TLSv1.3");
        configuration.setProtocol(SslProtocol.TLS_V1_3);
        configuration.setCiphers(before.ciphers());
        QSslConfiguration free =
                on(FakeBackend.with("opening-test-opaque", claims -> claims.claim(Capability.HANDSHAKE, BOTH)));
        assertThat(client(free).cipherSuites()).as("the library's own").isEmpty();
    }

    @Test
    void diffieHellmanParameters_areForServersOnly() throws TlsException {
        QSslConfiguration configuration = on(more -> {});
        assertThat(server(configuration).diffieHellman()).isInstanceOf(DiffieHellman.LibraryDefault.class);

        configuration.setDiffieHellmanParameters(new QSslDiffieHellmanParameters());
        assertThat(server(configuration).diffieHellman()).isInstanceOf(DiffieHellman.Disabled.class);
        assertThat(names(server(configuration).cipherSuites())).doesNotContain("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");
        assertThat(client(configuration).cipherSuites()).as("the backend's own").isEmpty();

        configuration.setCiphers("DHE-RSA-AES128-GCM-SHA256");
        configuration.setProtocol(SslProtocol.TLS_V1_2);
        assertRefused(TlsError.INVALID_SETTING, () -> server(configuration), "cipher list");

        configuration.setDiffieHellmanParameters(QSslDiffieHellmanParameters.fromEncoded(new byte[] {1}));
        assertRefused(TlsError.INVALID_SETTING, () -> server(configuration), "setDiffieHellmanParameters");
    }

    @Test
    void staplingOnTheWrongSide_isInvalid() throws TlsException {
        QSslConfiguration asks = on(more -> more.claim(Capability.OCSP_STAPLING, BOTH));
        asks.setOcspStaplingEnabled(true);
        assertThat(client(asks).isOcspStaplingEnabled()).isTrue();
        assertRefused(TlsError.INVALID_SETTING, () -> server(asks), "setOcspStaplingEnabled");

        QSslConfiguration staples = on(more -> more.claim(Capability.OCSP_STAPLING, BOTH));
        staples.setStapledOcspResponses(List.of(new byte[] {48, 0}));
        assertThat(server(staples)).isNotNull();
        assertRefused(TlsError.INVALID_SETTING, () -> client(staples), "setStapledOcspResponses");
    }

    @ParameterizedTest
    @EnumSource(
            value = SslOption.class,
            names = {"DISABLE_COMPRESSION", "DISABLE_LEGACY_RENEGOTIATION"})
    void optionForWhatNeverHappens_isRefusedByName(SslOption option) {
        QSslConfiguration configuration = on(more -> {});
        configuration.setSslOption(option, false);

        assertRefused(TlsError.UNSUPPORTED_SETTING, () -> client(configuration), option.name());
    }

    /** A setting, the capability it needs, and the words that name it. */
    private record Need(String text, Capability capability, TlsRole role, Consumer<QSslConfiguration> setting) {

        @Override
        public String toString() {
            return text;
        }
    }

    static Stream<Need> needs() {
        KeyPair pair = keyPair();
        return Stream.of(
                new Need(
                        "setAllowedNextProtocols",
                        Capability.ALPN,
                        TlsRole.CLIENT,
                        c -> c.setAllowedNextProtocols("h2")),
                new Need(
                        "setAllowedNextProtocols",
                        Capability.ALPN,
                        TlsRole.SERVER,
                        c -> c.setAllowedNextProtocols("h2")),
                new Need(
                        "setEllipticCurves",
                        Capability.GROUP_CHOICE,
                        TlsRole.CLIENT,
                        c -> c.setEllipticCurves(List.of(QSslEllipticCurve.fromShortName("secp384r1")))),
                new Need(
                        "setSignatureSchemes",
                        Capability.SIGNATURE_SCHEME_CHOICE,
                        TlsRole.CLIENT,
                        c -> c.setSignatureSchemes(List.of("ed25519"))),
                new Need(
                        "setOcspStaplingEnabled",
                        Capability.OCSP_STAPLING,
                        TlsRole.CLIENT,
                        c -> c.setOcspStaplingEnabled(true)),
                new Need("setLocalCertificate", Capability.CLIENT_CERTIFICATE, TlsRole.CLIENT, c -> {
                    c.setLocalCertificate(StubCertificate.wrapped("alice"));
                    c.setPrivateKey(QSslKey.fromPrivateKey(pair.getPrivate()));
                }),
                new Need(
                        "asking clients",
                        Capability.CLIENT_CERTIFICATE,
                        TlsRole.SERVER,
                        c -> c.setPeerVerifyMode(PeerVerifyMode.VERIFY_PEER)),
                new Need(
                        "asking clients",
                        Capability.CLIENT_CERTIFICATE,
                        TlsRole.SERVER,
                        c -> c.setMissingCertificateIsFatal(true)),
                new Need(
                        "DISABLE_SESSION_PERSISTENCE",
                        Capability.SESSION_EXPORT,
                        TlsRole.CLIENT,
                        c -> c.setSslOption(SslOption.DISABLE_SESSION_PERSISTENCE, false)),
                new Need(
                        "setSessionTicketKeys",
                        Capability.TICKET_KEYS,
                        TlsRole.SERVER,
                        c -> c.setSessionTicketKeys(List.of(new TicketKey("n".repeat(16), "s".repeat(32))))),
                new Need("setKeyLog", Capability.KEY_LOG, TlsRole.CLIENT, c -> c.setKeyLog(line -> {})),
                new Need("setKeyLog", Capability.KEY_LOG, TlsRole.SERVER, c -> c.setKeyLog(line -> {})),
                new Need(
                        "setPskProtocols",
                        Capability.PSK,
                        TlsRole.CLIENT,
                        c -> c.setPskProtocols(Set.of(SslProtocol.TLS_V1_3))));
    }

    @ParameterizedTest
    @MethodSource("needs")
    void settingThatTheBackendLacks_isRefusedInTheWordsOfTheApplication(Need need) {
        QSslConfiguration without = refusedOn(more -> more.groups(List.of("secp384r1")));
        need.setting().accept(without);
        assertRefused(
                TlsError.UNSUPPORTED_SETTING,
                () -> without.openContext(need.role(), true),
                need.text(),
                without.backend());

        QSslConfiguration with = refusedOn(more -> more.claim(need.capability(), need.role(), BOTH)
                .groups(List.of("secp384r1"))
                .signatureSchemes(List.of("ed25519")));
        need.setting().accept(with);
        assertRefused(
                TlsError.UNSUPPORTED_SETTING, () -> with.openContext(need.role(), true), "the fake was told to refuse");
    }

    @Test
    void whatBelongsToAConnection_isRefusedBeforeThereIsOne() throws TlsException {
        QSslConfiguration resuming = on(more -> {});
        resuming.setSessionTicket(new byte[] {1});
        QSslConfiguration stapling = on(more -> {});
        stapling.setStapledOcspResponses(List.of(new byte[] {48, 0}));

        assertRefused(TlsError.UNSUPPORTED_SETTING, () -> client(resuming), "setSessionTicket", resuming.backend());
        assertRefused(
                TlsError.UNSUPPORTED_SETTING, () -> server(stapling), "setStapledOcspResponses", stapling.backend());

        QSslConfiguration exporting = on(more -> more.claim(Capability.SESSION_EXPORT, TLS_1_3));
        exporting.setSessionTicket(new byte[] {1});
        assertThat(client(exporting)).isNotNull();
    }

    @Test
    void settingThatHoldsInSomeVersionsOnly_isRefusedNamingTheOthers() {
        QSslConfiguration configuration = refusedOn(more -> more.claim(Capability.ALPN, TLS_1_3));
        configuration.setAllowedNextProtocols("h2");

        assertRefused(TlsError.UNSUPPORTED_SETTING, () -> client(configuration), "ALPN as a client in TLSv1.2");
    }

    @Test
    void namesThatTheBackendLacks_areRefusedOneByOne() {
        QSslConfiguration configuration = refusedOn(more -> more.claim(Capability.GROUP_CHOICE, BOTH)
                .claim(Capability.SIGNATURE_SCHEME_CHOICE, BOTH)
                .groups(List.of("x25519")));
        configuration.setEllipticCurves(
                List.of(QSslEllipticCurve.ofGroup("X25519MLKEM768"), QSslEllipticCurve.ofGroup("x25519")));
        assertRefused(TlsError.UNSUPPORTED_SETTING, () -> client(configuration), "no X25519MLKEM768;");

        configuration.setEllipticCurves(List.of(new QSslEllipticCurve()));
        assertRefused(TlsError.INVALID_SETTING, () -> client(configuration), "invalid curve");

        configuration.setEllipticCurves(List.of());
        configuration.setSignatureSchemes(List.of("ed448"));
        assertRefused(TlsError.UNSUPPORTED_SETTING, () -> client(configuration), "ed448");
    }

    @Test
    void applicationProtocolsThatAreNone_areLeftOut() throws TlsException {
        QSslConfiguration configuration = on(more -> more.claim(Capability.ALPN, BOTH));
        configuration.setAllowedNextProtocols("", "x".repeat(256), "h2", "x".repeat(255));

        assertThat(client(configuration).alpn()).containsExactly("h2", "x".repeat(255));
    }

    @Test
    void preSharedKeys_dependOnSomebodyBeingThereAndLeaveOutTls13() throws TlsException {
        CipherSuite suite = FakeBackend.suite("TLS_PSK_WITH_AES_128_GCM_SHA256");
        QSslConfiguration configuration = on(FakeBackend.with(
                "opening-test-psk",
                claims -> claims.claim(Capability.HANDSHAKE, BOTH)
                        .claim(Capability.CIPHER_SUITE_CHOICE, BOTH)
                        .claim(Capability.PSK, BOTH)
                        .cipherSuites(List.of(FakeBackend.suite("TLS_AES_128_GCM_SHA256"), suite))));

        assertThat(client(configuration).pskProtocols()).isEmpty();
        assertThat(client(configuration).cipherSuites()).doesNotContain(suite);

        ContextSettings wanted = configuration.openContext(TlsRole.CLIENT, true).settings();
        assertThat(wanted.pskProtocols()).containsExactly(SslProtocol.TLS_V1_2);
        assertThat(wanted.cipherSuites()).contains(suite);

        configuration.setPskProtocols(Set.of(SslProtocol.TLS_V1_3));
        ContextSettings named = configuration.openContext(TlsRole.CLIENT, true).settings();
        assertThat(named.pskProtocols()).containsExactly(SslProtocol.TLS_V1_3);
        assertThat(named.cipherSuites()).doesNotContain(suite);
    }

    @Test
    void pskSlotOnABackendWithoutPsk_leavesPskOut() throws TlsException {
        assertThat(on(more -> {}).openContext(TlsRole.SERVER, true).settings().pskProtocols())
                .isEmpty();
    }

    @Test
    void whatBelongsToTheOtherRole_isLeftOut() throws TlsException {
        QSslConfiguration configuration = on(more -> {});
        configuration.setPreSharedKeyIdentityHint(new byte[] {'h'});
        configuration.setSslOption(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE, true);
        configuration.setSslOption(SslOption.DISABLE_SERVER_NAME_INDICATION, true);
        configuration.setMissingCertificateIsFatal(true);

        ContextSettings client = client(configuration);
        assertThat(client.pskIdentityHint()).isEmpty();
        assertThat(client.isMissingCertificateFatal()).isFalse();
        assertThat(client.options())
                .contains(SslOption.DISABLE_SERVER_NAME_INDICATION)
                .doesNotContain(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE);

        configuration.setPeerVerifyMode(PeerVerifyMode.VERIFY_NONE);
        configuration.setSslOption(SslOption.DISABLE_SESSION_PERSISTENCE, false);
        ContextSettings server = server(configuration);
        assertThat(server.pskIdentityHint()).isEqualTo("h");
        assertThat(server.isMissingCertificateFatal())
                .as("nothing is asked for")
                .isFalse();
        assertThat(server.options())
                .contains(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE, SslOption.DISABLE_SESSION_PERSISTENCE)
                .doesNotContain(SslOption.DISABLE_SERVER_NAME_INDICATION);
    }

    @Test
    void systemAuthorities_vouchForServersOnly() throws TlsException {
        QSslConfiguration configuration = on(more -> {});
        assertThat(client(configuration).authorities()).isSameAs(CaStore.system());
        assertThat(server(configuration).authorities().isEmpty()).isTrue();

        configuration.setCaCertificates(List.of());
        assertThat(client(configuration).authorities().isEmpty()).isTrue();

        configuration.addCaCertificate(StubCertificate.wrapped("alice"));
        assertThat(client(configuration).authorities().certificates()).containsExactly(StubCertificate.named("alice"));
        assertThat(server(configuration).authorities())
                .isSameAs(client(configuration).authorities());

        configuration.setSystemCaTrusted(true);
        assertThat(client(configuration).authorities().certificates())
                .hasSize(1 + CaStore.system().certificates().size());
        assertThat(server(configuration).authorities().certificates()).hasSize(1);
    }

    @Test
    void datagrams_needABackendWithDtls() {
        QSslConfiguration configuration = QSslConfiguration.defaultDtlsConfiguration();
        configuration.setBackend(on(more -> {}).backend());

        assertRefused(
                TlsError.UNSUPPORTED_SETTING,
                () -> configuration.openDtlsContext(TlsRole.CLIENT, false),
                "it has TLSv1.2, TLSv1.3 here, not DTLSv1.2");
        configuration.setProtocol(SslProtocol.TLS_V1_2);
        assertRefused(
                TlsError.INVALID_SETTING, () -> configuration.openDtlsContext(TlsRole.CLIENT, false), "setProtocol");
    }

    private static KeyPair keyPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
