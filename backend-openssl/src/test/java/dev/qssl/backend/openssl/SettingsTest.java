package dev.qssl.backend.openssl;

import static dev.qssl.QSsl.SslProtocol.TLS_V1_2;
import static dev.qssl.QSsl.SslProtocol.TLS_V1_3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.ContextSettings.DiffieHellman;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.MemoryEnd;
import dev.qssl.tck.fixture.MemoryPair;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.fixture.TestKeys;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.spec.DHParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings reach OpenSSL; what it does not take is refused by name, before anything is sent. */
class SettingsTest {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());

    private static void assertRefused(TlsError error, ContextSettings.Builder settings, String... words) {
        assertThatThrownBy(() -> BENCH.context(settings))
                .isInstanceOfSatisfying(
                        TlsException.class,
                        refused -> assertThat(refused.error()).isEqualTo(error))
                .message()
                .contains(words);
    }

    private static CipherSuite suite(String name) {
        return CipherSuite.ofName(name).orElseThrow();
    }

    private static NegotiatedParameters agreed(ContextSettings.Builder client, ContextSettings.Builder server)
            throws TlsException {
        try (MemoryPair pair = MemoryPair.of(BENCH.context(client), BENCH.context(server))) {
            assertThat(pair.run().isEstablished())
                    .as("%s %s", pair.client().failure(), pair.server().failure())
                    .isTrue();
            return pair.client().engine().parameters();
        }
    }

    @Test
    void commandOfConfiguration_isApplied() throws Exception {
        NegotiatedParameters parameters = agreed(
                EngineBench.settings(TLS_V1_3)
                        .backendOptions(Map.of("Ciphersuites", "TLS_CHACHA20_POLY1305_SHA256", "Groups", "P-521")),
                EngineBench.serverSettings(TLS_V1_3));

        assertThat(parameters.cipherSuite()).isEqualTo(suite("TLS_CHACHA20_POLY1305_SHA256"));
        assertThat(parameters.group()).contains("secp521r1");
    }

    @Test
    void unknownCommand_isRefusedByName() {
        assertRefused(
                TlsError.UNSUPPORTED_SETTING,
                EngineBench.settings(TLS_V1_3).backendOptions(Map.of("Sesame", "open")),
                "openssl",
                "Sesame");
    }

    @Test
    void unusableValueOfCommand_isRefusedByName() {
        assertRefused(
                TlsError.INVALID_SETTING,
                EngineBench.settings(TLS_V1_3).backendOptions(Map.of("MinProtocol", "SSLv1")),
                "MinProtocol",
                "SSLv1");
        assertRefused(
                TlsError.INVALID_SETTING,
                EngineBench.settings(TLS_V1_3).backendOptions(Map.of("MinProtocol", 3)),
                "MinProtocol",
                "Integer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"VerifyMode", "VerifyCAFile", "verifycapath"})
    void commandAboutVerification_isRefusedByName(String command) {
        assertRefused(
                TlsError.UNSUPPORTED_SETTING,
                EngineBench.settings(TLS_V1_3).backendOptions(Map.of(command, "Request")),
                "openssl",
                command);
    }

    @Test
    void commandThatSwitchesCompressionOn_isRefusedByName() {
        assertRefused(
                TlsError.UNSUPPORTED_SETTING,
                EngineBench.settings(TLS_V1_2).backendOptions(Map.of("Options", "Compression")),
                "openssl",
                "Compression");
    }

    /** OpenSSL would read up to the zero and take what is in front of it. */
    @Test
    void commandWithAZeroInside_isRefused() {
        assertRefused(
                TlsError.INVALID_SETTING,
                EngineBench.settings(TLS_V1_3).backendOptions(Map.of("Groups", "P-256\0:P-521")),
                "Groups",
                "zero");
        assertRefused(
                TlsError.INVALID_SETTING,
                EngineBench.settings(TLS_V1_3).backendOptions(Map.of("Groups\0x", "P-256")),
                "Groups",
                "zero");
    }

    @Test
    void fileWhoseNameIsNotAscii_isFound(@TempDir Path directory) throws Exception {
        Identity server = TestAuthority.shared().server("localhost");
        Path file = Files.writeString(
                directory.resolve("s\u00FCden.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(server.certificate().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");

        BENCH.context(EngineBench.serverSettings(TLS_V1_3).backendOptions(Map.of("Certificate", file.toString())))
                .close();
    }

    @Test
    void serverNameThatDoesNotFit_isRefused() throws Exception {
        TlsContext clients = BENCH.context(EngineBench.settings(TLS_V1_3));
        String name = "a-label-of-32-characters-and-dot.".repeat(8) + "example";

        assertThatThrownBy(
                        () -> new MemoryEnd(clients, EngineRequest.client(new PeerKey("localhost", 443, name), name)))
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.error()).isEqualTo(TlsError.INVALID_SETTING))
                .hasMessageContaining("server name");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_0", "TLS_V1_1"})
    void olderVersion_isNegotiatedOnlyAtALowerSecurityLevel(SslProtocol protocol) throws Exception {
        assertRefused(TlsError.UNSUPPORTED_SETTING, EngineBench.settings(protocol), "openssl", protocol.displayName());
        Map<String, Object> level = Map.of("CipherString", "ALL:@SECLEVEL=0");

        NegotiatedParameters parameters = agreed(
                EngineBench.settings(protocol).backendOptions(level),
                EngineBench.serverSettings(protocol).backendOptions(level));

        assertThat(parameters.protocol()).isEqualTo(protocol);
    }

    @Test
    void versionsWithAGap_leaveItOut() throws Exception {
        Map<String, Object> level = Map.of("CipherString", "ALL:@SECLEVEL=0");
        ContextSettings.Builder gap = EngineBench.settings(TLS_V1_3)
                .protocols(Set.of(SslProtocol.TLS_V1_0, TLS_V1_3))
                .backendOptions(level);

        assertThat(agreed(gap, EngineBench.serverSettings(TLS_V1_3)).protocol()).isEqualTo(TLS_V1_3);
        try (MemoryPair pair = MemoryPair.of(BENCH.context(gap), BENCH.context(EngineBench.serverSettings(TLS_V1_2)))) {
            assertThat(pair.run().isEstablished()).isFalse();
        }
    }

    @Test
    void unknownGroupAndScheme_areRefusedByName() {
        assertRefused(
                TlsError.UNSUPPORTED_SETTING,
                EngineBench.settings(TLS_V1_3).groups(List.of("x25519", "curveSM2")),
                "groups",
                "curveSM2");
        assertRefused(
                TlsError.UNSUPPORTED_SETTING,
                EngineBench.settings(TLS_V1_3).signatureSchemes(List.of("ed25519", "sha2_256_of_mine")),
                "signatureSchemes",
                "sha2_256_of_mine");
    }

    @Test
    void suitesThatOpenSslLacks_areRefusedOnlyIfNothingIsLeft() throws Exception {
        CipherSuite none = new CipherSuite(0xFEFE, "TLS_OF_MINE", "OF-MINE", TLS_V1_2, "", "", "", 0);

        assertRefused(
                TlsError.INVALID_SETTING, EngineBench.settings(TLS_V1_2).cipherSuites(List.of(none)), "TLS_OF_MINE");
        assertThat(agreed(
                                EngineBench.settings(TLS_V1_2)
                                        .cipherSuites(List.of(none, suite("ECDHE-ECDSA-AES128-GCM-SHA256"))),
                                EngineBench.serverSettings(TLS_V1_2))
                        .cipherSuite())
                .isEqualTo(suite("ECDHE-ECDSA-AES128-GCM-SHA256"));
    }

    @Test
    void tooSmallDiffieHellmanParameters_areRefused() {
        DHParameterSpec small = new DHParameterSpec(BigInteger.valueOf(23), BigInteger.valueOf(5));
        assertRefused(
                TlsError.INVALID_SETTING,
                EngineBench.serverSettings(TLS_V1_2).diffieHellman(new DiffieHellman.Custom(small)),
                "diffieHellman");
    }

    @Test
    void edwardsKey_isUsed() throws Exception {
        Identity edwards = TestAuthority.shared()
                .serverRecipe("localhost")
                .keys(TestKeys.ed25519("openssl"))
                .identity();

        assertThat(agreed(
                                EngineBench.settings(TLS_V1_3),
                                EngineBench.settings(TLS_V1_3).identity(edwards))
                        .signatureScheme())
                .contains("ed25519");
    }

    @Test
    void keyThatCannotBeTakenOut_isRefusedByName() {
        Identity server = TestAuthority.shared().server("localhost");
        PrivateKey opaque = new OpaqueKey(server.key());

        assertRefused(
                TlsError.INVALID_SETTING,
                EngineBench.settings(TLS_V1_3).identity(new Identity(server.chain(), opaque)),
                "private key");
    }

    @Test
    void keyOfAnotherCertificate_isRefused() {
        Identity server = TestAuthority.shared().server("localhost");
        Identity other = TestAuthority.shared().server("other");

        assertRefused(
                TlsError.INVALID_SETTING,
                EngineBench.settings(TLS_V1_3).identity(new Identity(server.chain(), other.key())),
                "does not belong");
    }

    @Test
    void closedContext_saysSoToWhoWantsAnotherEngine() throws TlsException {
        TlsContext closed = BENCH.context(EngineBench.settings(SslProtocol.TLS_V1_3));
        closed.close();

        assertThatThrownBy(() -> new MemoryEnd(closed, EngineBench.TO_LOCALHOST))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the context is closed");
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
    void chainOfManyRecords_isSentInParts(SslProtocol protocol) throws Exception {
        Identity server = TestAuthority.shared().server("localhost");
        List<X509Certificate> chain = new ArrayList<>(server.chain());
        while (chain.size() < 80) {
            chain.add(TestAuthority.shared().root().certificate());
        }

        NegotiatedParameters parameters = agreed(
                EngineBench.settings(protocol),
                EngineBench.settings(protocol).identity(new Identity(chain, server.key())));

        assertThat(parameters.protocol()).isEqualTo(protocol);
    }

    /** A key like those of tokens: it has no encoding. */
    private record OpaqueKey(PrivateKey inner) implements PrivateKey {

        @Override
        public String getAlgorithm() {
            return inner.getAlgorithm();
        }

        @Override
        @SuppressWarnings("NullAway") // what a key without encoding must return
        public String getFormat() {
            return null;
        }

        @Override
        @SuppressWarnings("NullAway") // what a key without encoding must return
        public byte[] getEncoded() {
            return null;
        }
    }
}
