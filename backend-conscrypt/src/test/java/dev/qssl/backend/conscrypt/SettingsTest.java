package dev.qssl.backend.conscrypt;

import static dev.qssl.QSsl.SslProtocol.TLS_V1_2;
import static dev.qssl.QSsl.SslProtocol.TLS_V1_3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.ContextSettings.DiffieHellman;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.KeyVault;
import dev.qssl.tck.fixture.MemoryEnd;
import dev.qssl.tck.fixture.MemoryPair;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.fixture.TestKeys;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.crypto.spec.DHParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Conscrypt would ignore is refused by name, and what needs a detour works. */
class SettingsTest {

    private static final EngineBench BENCH = new EngineBench(new ConscryptBackend());

    private static void assertRefused(ContextSettings.Builder settings, String... words) {
        assertThatThrownBy(() -> BENCH.context(settings))
                .isInstanceOfSatisfying(
                        TlsException.class,
                        refused -> assertThat(refused.error()).isEqualTo(TlsError.UNSUPPORTED_SETTING))
                .message()
                .contains("conscrypt")
                .contains(words);
    }

    private static CipherSuite suite(String name) {
        return CipherSuite.ofName(name).orElseThrow();
    }

    @Test
    void someSuitesOfTls13_areRefused() {
        assertRefused(
                EngineBench.settings(TLS_V1_3).cipherSuites(List.of(suite("TLS_AES_256_GCM_SHA384"))),
                "cipherSuites",
                "TLS_AES_128_GCM_SHA256",
                "TLS_CHACHA20_POLY1305_SHA256");
    }

    @Test
    void allSuitesOfTls13_areAccepted() throws Exception {
        List<CipherSuite> all = List.of(
                suite("TLS_AES_256_GCM_SHA384"),
                suite("TLS_AES_128_GCM_SHA256"),
                suite("TLS_CHACHA20_POLY1305_SHA256"));
        TlsContext clients = BENCH.context(EngineBench.settings(TLS_V1_3).cipherSuites(all));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(TLS_V1_3).cipherSuites(all));

        // Conscrypt derives the kinds of key it can use from the suites of TLS 1.2, of which there are none here.
        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            assertThat(pair.run().isEstablished()).isTrue();
        }
    }

    @Test
    void signatureSchemes_areRefused() {
        assertRefused(
                EngineBench.settings(TLS_V1_3).signatureSchemes(List.of("ecdsa_secp256r1_sha256")), "signatureSchemes");
    }

    @Test
    void ownDiffieHellmanParameters_areRefused() {
        DHParameterSpec own = new DHParameterSpec(BigInteger.valueOf(23), BigInteger.valueOf(5));
        assertRefused(
                EngineBench.serverSettings(TLS_V1_2).diffieHellman(new DiffieHellman.Custom(own)), "diffieHellman");
    }

    @Test
    void keysInTls13_areRefused() {
        assertRefused(EngineBench.settings(TLS_V1_3).pskProtocols(Set.of(TLS_V1_3)), "pskProtocols", "TLS 1.2 only");
    }

    @Test
    void keysInAVersionThatIsNotWanted_doNotBringThatVersionBack() throws Exception {
        ContextSettings.Builder odd = EngineBench.settings(TLS_V1_3).pskProtocols(Set.of(TLS_V1_2));
        TlsContext clients = BENCH.context(odd.verifyMode(PeerVerifyMode.VERIFY_NONE));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(TLS_V1_2));
        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            assertThat(pair.run().isEstablished()).isFalse();
        }
        try (MemoryPair pair = MemoryPair.of(clients, BENCH.context(EngineBench.serverSettings(TLS_V1_3)))) {
            assertThat(pair.run().client().engine().parameters().protocol()).isEqualTo(TLS_V1_3);
        }
    }

    @Test
    void namesBeyondAscii_areRefused() {
        assertRefused(EngineBench.settings(TLS_V1_3).alpn(List.of("h\u00e92")), "alpn", "ASCII");
    }

    @Test
    void hintThatIsNotUtf8_isRefused() {
        assertRefused(
                EngineBench.settings(TLS_V1_2).pskProtocols(Set.of(TLS_V1_2)).pskIdentityHint("\u00ff\u00fe"),
                "pskIdentityHint");
    }

    @Test
    void unknownGroup_isRefused() {
        assertRefused(EngineBench.settings(TLS_V1_3).groups(List.of("x25519", "x448")), "groups", "x448");
    }

    @Test
    void identityThatIsNeitherRsaNorEc_isRefused() {
        Identity edwards = TestAuthority.shared()
                .serverRecipe("localhost")
                .keys(TestKeys.ed25519("conscrypt"))
                .identity();
        assertRefused(EngineBench.settings(TLS_V1_3).identity(edwards), "identity", "RSA and EC only");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void keptEcKeyWithoutRawSignatures_isRefusedByName(SslProtocol protocol) {
        KeyVault vault = KeyVault.having(algorithm -> !algorithm.equals("NONEwithECDSA"));
        Identity lacking = vault.keep(TestAuthority.shared().server("localhost"));

        assertRefused(EngineBench.settings(protocol).identity(lacking), "private key (EC)", "NONEwithECDSA");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void keptEcKeyWithRawSignatures_signs(SslProtocol protocol) throws Exception {
        // By the second of them it proves that it is the certificate's.
        KeyVault vault = KeyVault.having(Set.of("NONEwithECDSA", "SHA256withECDSA")::contains);
        Identity kept = vault.keep(TestAuthority.shared().server("localhost"));
        TlsContext servers = BENCH.context(EngineBench.settings(protocol).identity(kept));
        try (MemoryPair pair = MemoryPair.of(BENCH.context(EngineBench.settings(protocol)), servers)) {
            assertThat(pair.run().isEstablished()).isTrue();
            assertThat(vault.signatures()).isPositive();
        }
    }

    @Test
    void keptRsaKeyWithoutCiphers_isRefusedByName() {
        Identity lacking = KeyVault.open().keep(TestAuthority.shared().rsaServer("localhost"));

        assertRefused(EngineBench.settings(TLS_V1_3).identity(lacking), "private key (RSA)", "RSA/ECB/NoPadding");
    }

    @Test
    void twoResponsesToStaple_areRefused() throws Exception {
        TlsContext servers = BENCH.context(EngineBench.serverSettings(TLS_V1_3));
        EngineRequest two = EngineRequest.server().withStaples(List.of(new byte[] {1}, new byte[] {2}));

        assertThatThrownBy(() -> new MemoryEnd(servers, two))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("one OCSP response");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void chainLongerThanThePipe_isSentInParts(SslProtocol protocol) throws Exception {
        Identity server = TestAuthority.shared().server("localhost");
        List<X509Certificate> chain = new ArrayList<>(server.chain());
        while (chain.size() < 80) {
            chain.add(TestAuthority.shared().root().certificate());
        }
        TlsContext servers = BENCH.context(EngineBench.settings(protocol).identity(new Identity(chain, server.key())));
        try (MemoryPair pair = MemoryPair.of(BENCH.context(EngineBench.settings(protocol)), servers)) {
            assertThat(pair.run().isEstablished())
                    .as("%s", pair.client().failure())
                    .isTrue();
        }
    }

    @Test
    void clientWithoutSharing_isGivenSessionsAllTheSame() throws Exception {
        Set<SslOption> options = EnumSet.noneOf(SslOption.class);
        options.addAll(EngineBench.settings(TLS_V1_3).build().options());
        options.remove(SslOption.DISABLE_SESSION_PERSISTENCE);
        options.add(SslOption.DISABLE_SESSION_SHARING);
        TlsContext clients = BENCH.context(EngineBench.settings(TLS_V1_3).options(options));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(TLS_V1_3));
        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            assertThat(pair.run().isEstablished()).isTrue();
            pair.server().say(1);
            pair.run();
            assertThat(pair.client().sessions()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void secrets_areToldToNobody(SslProtocol protocol) throws Exception {
        try (MemoryPair pair = BENCH.pair(protocol)) {
            assertThat(pair.run().isEstablished()).isTrue();

            assertThat(pair.client().keyLog()).isEmpty();
            assertThat(pair.server().keyLog()).isEmpty();
        }
    }
}
