package dev.qssl.backend.openssl;

import static dev.qssl.QSsl.SslProtocol.TLS_V1_2;
import static dev.qssl.QSsl.SslProtocol.TLS_V1_3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.KeyVault;
import dev.qssl.tck.fixture.MemoryPair;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.fixture.TestKeys;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.ProviderException;
import java.security.SignatureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Private keys that stay where they are kept sign for OpenSSL. */
class OpaqueKeyTest {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());

    private static Identity identity(String kind) {
        return TestAuthority.shared()
                .serverRecipe("localhost")
                .keys(pair(kind))
                .usage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment)
                .identity();
    }

    private static KeyPair pair(String kind) {
        return switch (kind) {
            case "RSA" -> TestKeys.rsa("opaque");
            case "Ed25519" -> TestKeys.ed25519("opaque");
            case "Ed448" -> generated("Ed448");
            case "RSASSA-PSS" -> generated("RSASSA-PSS");
            default -> TestKeys.ec(kind, "opaque");
        };
    }

    private static KeyPair generated(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static ContextSettings.Builder with(Identity identity, SslProtocol... protocols) {
        return EngineBench.settings(TLS_V1_3).protocols(Set.of(protocols)).identity(identity);
    }

    private static void assertRefused(TlsError error, ContextSettings.Builder settings, String... words) {
        assertThatThrownBy(() -> BENCH.context(settings))
                .isInstanceOfSatisfying(
                        TlsException.class,
                        refused -> assertThat(refused.error()).isEqualTo(error))
                .message()
                .contains(words);
    }

    static Stream<Arguments> kinds() {
        return Stream.of(TLS_V1_2, TLS_V1_3)
                .flatMap(protocol -> Stream.of(
                                "RSA", "RSASSA-PSS", "secp256r1", "secp384r1", "secp521r1", "Ed25519", "Ed448")
                        .map(kind -> Arguments.of(kind, protocol)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void keyOfAnyKind_signsForBothSides(String kind, SslProtocol protocol) throws Exception {
        KeyVault vault = KeyVault.open();
        ContextSettings.Builder settings = with(vault.keep(identity(kind)), protocol);
        TlsContext clients = BENCH.context(settings);
        TlsContext servers = BENCH.context(settings.verifyMode(PeerVerifyMode.VERIFY_PEER));
        int trials = vault.signatures();

        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            assertThat(pair.run().isEstablished())
                    .as("%s %s", pair.client().failure(), pair.server().failure())
                    .isTrue();
            assertThat(pair.server().presented().get(0).chain()).isNotEmpty();
            assertThat(vault.signatures() - trials).isEqualTo(2);
        }
    }

    @Test
    void everyHash_isSignedWhereItIsTheOnlyOne() throws Exception {
        KeyVault vault = KeyVault.open();
        Map<String, List<String>> schemes = Map.of(
                "RSA",
                List.of(
                        "rsa_pkcs1_sha256",
                        "rsa_pkcs1_sha384",
                        "rsa_pkcs1_sha512",
                        "rsa_pss_rsae_sha256",
                        "rsa_pss_rsae_sha384",
                        "rsa_pss_rsae_sha512"),
                "secp256r1",
                List.of("ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512"));
        for (Map.Entry<String, List<String>> each : schemes.entrySet()) {
            TlsContext servers = BENCH.context(with(vault.keep(identity(each.getKey())), TLS_V1_2));
            for (String scheme : each.getValue()) {
                TlsContext clients =
                        BENCH.context(EngineBench.settings(TLS_V1_2).signatureSchemes(List.of(scheme)));
                try (MemoryPair pair = MemoryPair.of(clients, servers)) {
                    assertThat(pair.run().isEstablished()).as(scheme).isTrue();
                    assertThat(pair.client().engine().parameters().signatureScheme())
                            .contains(scheme);
                }
            }
        }
    }

    @Test
    void keyThatLacksPss_leavesTls13OutAndIsRefusedForItAlone() throws Exception {
        KeyVault vault = KeyVault.having(algorithm -> !algorithm.equals("RSASSA-PSS"));
        Identity lacking = vault.keep(identity("RSA"));

        assertRefused(
                TlsError.UNSUPPORTED_SETTING,
                with(lacking, TLS_V1_3),
                "openssl",
                "TLSv1.3",
                "rsa_pkcs1_sha256",
                "localhost");
        TlsContext servers = BENCH.context(with(lacking, TLS_V1_2, TLS_V1_3));
        TlsContext clients = BENCH.context(EngineBench.settings(TLS_V1_2).protocols(Set.of(TLS_V1_2, TLS_V1_3)));
        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            assertThat(pair.run().isEstablished()).isTrue();
            assertThat(pair.client().engine().parameters().protocol()).isEqualTo(TLS_V1_2);
            assertThat(pair.client().engine().parameters().signatureScheme()).contains("rsa_pkcs1_sha256");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void keyBoundToOneScheme_usesItAndLimitsOnlyItsOwnSide(SslProtocol protocol) throws Exception {
        KeyVault vault = KeyVault.having("RSASSA-PSS"::equals);
        ContextSettings.Builder server =
                with(vault.keep(identity("RSA")), protocol).verifyMode(PeerVerifyMode.VERIFY_PEER);
        ContextSettings.Builder client = with(identity("secp256r1"), protocol);

        try (MemoryPair pair = MemoryPair.of(BENCH.context(client), BENCH.context(server))) {
            assertThat(pair.run().isEstablished())
                    .as("%s %s", pair.client().failure(), pair.server().failure())
                    .isTrue();
            assertThat(pair.client().engine().parameters().signatureScheme()).contains("rsa_pss_rsae_sha256");
        }
    }

    @Test
    void schemesThatTheKeyLacks_areRefusedByName() {
        KeyVault vault = KeyVault.having("SHA256withRSA"::equals);
        assertRefused(
                TlsError.INVALID_SETTING,
                with(vault.keep(identity("RSA")), TLS_V1_2).signatureSchemes(List.of("rsa_pkcs1_sha512")),
                "rsa_pkcs1_sha512",
                "localhost");
    }

    @Test
    void suitesThatDecryptWithTheKey_areNotNegotiated() throws Exception {
        Identity kept = KeyVault.open().keep(identity("RSA"));
        CipherSuite transport = CipherSuite.ofName("AES128-GCM-SHA256").orElseThrow();
        CipherSuite exchange = CipherSuite.ofName("ECDHE-RSA-AES128-GCM-SHA256").orElseThrow();

        assertRefused(
                TlsError.UNSUPPORTED_SETTING,
                with(kept, TLS_V1_2).cipherSuites(List.of(transport)),
                "cipherSuites",
                "only sign");
        TlsContext servers = BENCH.context(with(kept, TLS_V1_2).cipherSuites(List.of(transport, exchange)));
        TlsContext clients = BENCH.context(EngineBench.settings(TLS_V1_2).cipherSuites(List.of(transport, exchange)));
        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            assertThat(pair.run().isEstablished()).isTrue();
            assertThat(pair.client().engine().parameters().cipherSuite()).isEqualTo(exchange);
        }
    }

    @Test
    void optionsOfTheBackend_haveTheLastWord() throws Exception {
        ContextSettings.Builder settings = with(KeyVault.open().keep(identity("RSA")), TLS_V1_2, TLS_V1_3)
                .backendOptions(Map.of("MaxProtocol", "TLSv1.2", "SignatureAlgorithms", "rsa_pkcs1_sha384"));
        TlsContext clients = BENCH.context(EngineBench.settings(TLS_V1_2).protocols(Set.of(TLS_V1_2, TLS_V1_3)));

        try (MemoryPair pair = MemoryPair.of(clients, BENCH.context(settings))) {
            assertThat(pair.run().isEstablished()).isTrue();
            assertThat(pair.client().engine().parameters().protocol()).isEqualTo(TLS_V1_2);
            assertThat(pair.client().engine().parameters().signatureScheme()).contains("rsa_pkcs1_sha384");
        }
    }

    @Test
    void keyOfAnotherCertificate_isRefused() {
        KeyVault vault = KeyVault.open();
        Identity other = new Identity(
                identity("secp256r1").chain(), vault.keep(TestKeys.ec("another").getPrivate()));

        assertRefused(TlsError.INVALID_SETTING, with(other, TLS_V1_3), "does not belong");
    }

    static Stream<Arguments> failures() {
        return Stream.of(TLS_V1_2, TLS_V1_3)
                .flatMap(protocol -> Stream.of(
                                new ProviderException("the token was removed"),
                                new SignatureException("the token was removed"),
                                new IllegalStateException("the token was removed"),
                                new AssertionError("the token was removed"))
                        .map(failure -> Arguments.of(failure, protocol)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void signerThatFails_failsTheHandshakeWithItsWordsAndAnAlert(Throwable failure, SslProtocol protocol)
            throws Exception {
        KeyVault vault = KeyVault.open();
        TlsContext servers = BENCH.context(with(vault.keep(identity("secp256r1")), protocol));
        TlsContext clients = BENCH.context(EngineBench.settings(protocol));
        vault.fail(failure);

        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            pair.run();

            assertThat(pair.server().failure())
                    .get(THROWABLE)
                    .hasMessageContainingAll(
                            "handshake", "localhost", failure.getClass().getName(), "token was removed");
            assertThat(pair.server().failure())
                    .get()
                    .extracting(TlsException::error)
                    .isEqualTo(TlsError.INTERNAL);
            assertThat(pair.server().sent()).containsExactly(TlsAlert.fatal(AlertType.INTERNAL_ERROR));
            assertThat(pair.client().received()).isEqualTo(pair.server().sent());
        }
        try (MemoryPair next = BENCH.pair(protocol)) {
            assertThat(next.run().isEstablished())
                    .as("the next connection of this thread")
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void clientsSignerThatFails_failsTheHandshake(SslProtocol protocol) throws Exception {
        KeyVault vault = KeyVault.open();
        TlsContext clients = BENCH.context(with(vault.keep(identity("RSA")), protocol));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(protocol).verifyMode(PeerVerifyMode.VERIFY_PEER));
        vault.fail(new ProviderException("the token was removed"));

        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            pair.run();

            assertThat(pair.client().failure())
                    .get(THROWABLE)
                    .hasMessageContainingAll("localhost", "ProviderException", "removed");
            assertThat(pair.server().received()).containsExactly(TlsAlert.fatal(AlertType.INTERNAL_ERROR));
        }
    }

    @Test
    void keysAndSignatures_goWithTheirContexts() throws Exception {
        Identity kept = KeyVault.open().keep(identity("secp256r1"));
        for (int i = 0; i < 50; i++) {
            List<AutoCloseable> open = new ArrayList<>();
            TlsContext servers = BENCH.context(with(kept, TLS_V1_3));
            TlsContext clients = BENCH.context(EngineBench.settings(TLS_V1_3));
            open.add(servers);
            open.add(clients);
            MemoryPair pair = MemoryPair.of(clients, servers);
            open.add(pair);
            servers.close(); // a connection keeps what it needs
            assertThat(pair.run().isEstablished()).isTrue();
            assertThat(SigningCalls.held(kept.key())).as("keys in use").isEqualTo(1);
            for (AutoCloseable each : open) {
                each.close();
            }
        }

        assertThat(SigningCalls.held(kept.key())).isZero();
    }
}
