package dev.qssl.backend.openssl;

import static dev.qssl.QSsl.SslProtocol.TLS_V1_2;
import static dev.qssl.QSsl.SslProtocol.TLS_V1_3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.MemoryPair;
import dev.qssl.tck.fixture.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pre-shared keys where the library makes a difference between versions, hashes and sessions. */
class PreSharedKeysTest {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());
    private static final byte[] KEY = new byte[32];

    private static PskAnswer key(String hash) {
        return PskAnswer.of("alice".getBytes(StandardCharsets.UTF_8), KEY, hash);
    }

    private static ContextSettings.Builder keyed(SslProtocol... protocols) {
        return ContextSettings.builder()
                .protocols(Set.of(protocols))
                .pskProtocols(Set.of(protocols))
                .verifyMode(PeerVerifyMode.VERIFY_NONE);
    }

    private static MemoryPair pair(ContextSettings.Builder client, ContextSettings.Builder server, String hash)
            throws TlsException {
        return pair(BENCH.context(client), BENCH.context(server), hash);
    }

    private static MemoryPair pair(TlsContext clients, TlsContext servers, String hash) throws TlsException {
        MemoryPair pair = MemoryPair.of(clients, servers);
        pair.client().key(key(hash));
        pair.server().key(key(hash));
        return pair;
    }

    private static void assertAgreed(MemoryPair pair) {
        assertThat(pair.isEstablished())
                .as("%s %s", pair.client().failure(), pair.server().failure())
                .isTrue();
        assertThat(pair.client().engine().parameters().resumed()).isFalse();
        assertThat(pair.server().engine().parameters().resumed()).isFalse();
        assertThat(pair.client().questions()).hasSize(1);
        assertThat(pair.server().questions())
                .singleElement()
                .satisfies(question -> assertThat(question.identities()).containsExactly("alice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-256", "SHA-384"})
    void keyOfTls13_isUsedWithASuiteOfItsHash(String hash) throws Exception {
        try (MemoryPair pair = pair(keyed(TLS_V1_3), keyed(TLS_V1_3), hash)) {
            pair.run();

            assertAgreed(pair);
            assertThat(pair.client().engine().parameters().cipherSuite().ianaName())
                    .endsWith(hash.replace("-", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-256", "SHA-384"})
    void keyOfTls13_survivesASecondClientHello(String hash) throws Exception {
        try (MemoryPair pair = pair(
                keyed(TLS_V1_3).groups(List.of("x25519", "secp384r1")),
                keyed(TLS_V1_3).groups(List.of("secp384r1")),
                hash)) {
            pair.run();

            assertAgreed(pair);
            assertThat(pair.client().engine().parameters().group()).contains("secp384r1");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void secondConnection_isAskedAgain(SslProtocol protocol) throws Exception {
        TlsContext both = BENCH.context(keyed(protocol));
        for (int i = 0; i < 2; i++) {
            try (MemoryPair pair = pair(both, both, "SHA-256")) {
                pair.run();
                pair.server().say(1);
                pair.run();

                assertAgreed(pair);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void differentKeys_areRefusedAtBothEnds(SslProtocol protocol) throws Exception {
        try (MemoryPair pair = pair(keyed(protocol), keyed(protocol), "SHA-256")) {
            pair.server().key(PskAnswer.of("alice".getBytes(StandardCharsets.UTF_8), new byte[] {1}, "SHA-256"));
            pair.run();

            assertThat(pair.isEstablished()).isFalse();
            assertThat(pair.server().failure()).isPresent();
            assertThat(pair.client().failure())
                    .get()
                    .extracting(TlsException::error)
                    .isEqualTo(TlsError.PEER_ALERT);
        }
    }

    @Test
    void unknownIdentityInTls13_fallsBackToTheCertificate() throws Exception {
        ContextSettings.Builder server =
                keyed(TLS_V1_3).identity(TestAuthority.shared().server("localhost"));
        try (MemoryPair pair = pair(keyed(TLS_V1_3), server, "SHA-256")) {
            pair.server().key(PskAnswer.NONE);
            pair.run();

            assertThat(pair.isEstablished())
                    .as("%s %s", pair.client().failure(), pair.server().failure())
                    .isTrue();
            assertThat(pair.client().presented())
                    .singleElement()
                    .satisfies(shown -> assertThat(shown.chain()).isNotEmpty());
        }
    }

    /** The key was in the ClientHello as one of TLS 1.3, and is wanted as one of TLS 1.2. */
    @Test
    void keyForBothVersions_isUsedByAServerOfTheOlder() throws Exception {
        try (MemoryPair pair = pair(keyed(TLS_V1_2, TLS_V1_3), keyed(TLS_V1_2), "SHA-256")) {
            pair.run();

            assertAgreed(pair);
            assertThat(pair.client().engine().parameters().protocol()).isEqualTo(TLS_V1_2);
        }
    }

    @Test
    void keyForTls12Alone_isNotAskedForWhereTls13IsAgreedOn() throws Exception {
        ContextSettings.Builder client = EngineBench.settings(TLS_V1_3)
                .protocols(Set.of(TLS_V1_2, TLS_V1_3))
                .pskProtocols(Set.of(TLS_V1_2));
        ContextSettings.Builder server = EngineBench.serverSettings(TLS_V1_3)
                .protocols(Set.of(TLS_V1_2, TLS_V1_3))
                .pskProtocols(Set.of(TLS_V1_2));
        try (MemoryPair pair = pair(client, server, "SHA-256")) {
            pair.run();

            assertThat(pair.client().engine().parameters().protocol()).isEqualTo(TLS_V1_3);
            assertThat(pair.client().questions()).isEmpty();
            assertThat(pair.server().questions()).isEmpty();
        }
    }

    @Test
    void ticketsOfTls13_areNotTakenForIdentities() throws Exception {
        TlsContext clients = BENCH.context(EngineBench.settings(TLS_V1_3).pskProtocols(Set.of(TLS_V1_3)));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(TLS_V1_3).pskProtocols(Set.of(TLS_V1_3)));
        for (int i = 0; i < 2; i++) {
            try (MemoryPair pair = MemoryPair.of(clients, servers)) {
                pair.run();
                pair.server().say(1);
                pair.run();

                assertThat(pair.isEstablished())
                        .as("%s %s", pair.client().failure(), pair.server().failure())
                        .isTrue();
                assertThat(pair.client().engine().parameters().resumed()).isEqualTo(i == 1);
                assertThat(pair.server().questions()).isEmpty();
            }
        }
    }
}
