package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.EphemeralKey;
import dev.qssl.spi.Need;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.MemoryPair;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A client and a server in memory, from the first word to the last. */
class HandshakeTest {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());
    private static final TlsAlert GOODBYE = TlsAlert.warning(AlertType.CLOSE_NOTIFY);

    private static MemoryPair established(SslProtocol protocol) throws TlsException {
        MemoryPair pair = BENCH.pair(protocol).run();
        assertThat(pair.isEstablished())
                .as("%s %s", pair.client().failure(), pair.server().failure())
                .isTrue();
        return pair;
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void clientAndServer_tellOfTheSameAgreement(SslProtocol protocol) throws Exception {
        try (MemoryPair pair = established(protocol)) {
            assertThat(pair.client().engine().parameters().protocol()).isEqualTo(protocol);
            assertThat(pair.server().engine().parameters().cipherSuite())
                    .isEqualTo(pair.client().engine().parameters().cipherSuite());
            assertThat(pair.client().engine().parameters().group()).contains("x25519");
            assertThat(pair.server().engine().parameters().group()).contains("x25519");
            assertThat(pair.client().engine().parameters().signatureScheme()).contains("ecdsa_secp256r1_sha256");
            assertThat(pair.server().engine().parameters().signatureScheme()).contains("ecdsa_secp256r1_sha256");
            assertThat(pair.client().engine().parameters().ephemeralKey().flatMap(EphemeralKey::publicKey))
                    .hasValueSatisfying(key -> assertThat(key.getAlgorithm()).isEqualTo("XDH"));
            assertThat(pair.client().engine().parameters().acceptableAuthorities())
                    .hasSize(1);
            assertThat(pair.server().engine().parameters().serverName()).contains("localhost");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void eachDirection_isClosedByItself(SslProtocol protocol) throws Exception {
        try (MemoryPair pair = established(protocol)) {
            pair.client().engine().closeOutput();
            pair.run();
            pair.server().say(1_000);
            pair.run();

            assertThat(pair.client().plaintext().position()).isEqualTo(1_000);
            assertThat(pair.server().need()).isEqualTo(Need.CLOSED);
            assertThat(pair.server().received()).containsExactly(GOODBYE);

            pair.server().engine().closeOutput();
            pair.run();

            assertThat(pair.client().need()).isEqualTo(Need.CLOSED);
            assertThat(pair.client().sent())
                    .isEqualTo(List.of(GOODBYE))
                    .isEqualTo(pair.client().received());
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void bytes_passThroughMemoryOfBothKinds(boolean plaintextOnHeap, boolean recordsOnHeap) throws Exception {
        byte[] data = new byte[300_000];
        new Random(1).nextBytes(data);
        try (MemoryPair pair = established(SslProtocol.TLS_V1_3)) {
            ByteBuffer source = buffer(plaintextOnHeap, data.length).put(data).flip();
            ByteBuffer records = buffer(recordsOnHeap, 400_000);
            ByteBuffer room =
                    buffer(plaintextOnHeap, data.length + pair.server().engine().minPlaintextRoom());

            Need sealed = pair.client().engine().encrypt(source, records);
            // Each record is handed over in two parts, the first of which the engine must leave alone.
            int end = records.flip().limit();
            for (int limit = 1; records.position() < end; limit = Math.min(end, limit + 9_999)) {
                records.limit(limit);
                assertThat(pair.server().engine().decrypt(records, room)).isIn(Need.INPUT, Need.NOTHING);
            }

            assertThat(sealed).isEqualTo(Need.NOTHING);
            byte[] received = new byte[room.flip().remaining()];
            room.get(received);
            assertThat(received).isEqualTo(data);
        }
    }

    private static ByteBuffer buffer(boolean onHeap, int bytes) {
        return onHeap ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void recordWithoutRoom_isLeftWhereItIs(SslProtocol protocol) throws Exception {
        try (MemoryPair pair = established(protocol)) {
            ByteBuffer records = ByteBuffer.allocateDirect(60_000);
            Need sealed = pair.client().engine().encrypt(ByteBuffer.allocateDirect(32_768), records);
            assertThat(sealed).isEqualTo(Need.NOTHING);
            ByteBuffer one = ByteBuffer.allocateDirect(20_000);

            Need first = pair.server().engine().decrypt(records.flip(), one);

            assertThat(first).isEqualTo(Need.INPUT);
            assertThat(one.position()).isEqualTo(16_384);
            assertThat(records.remaining()).isGreaterThan(16_384);
            assertThat(pair.server().engine().decrypt(records, one.clear())).isEqualTo(Need.NOTHING);
            assertThat(one.position()).isEqualTo(16_384);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void transportThatEnds_isTruncation(SslProtocol protocol) throws Exception {
        try (MemoryPair pair = established(protocol)) {
            assertThatThrownBy(pair.client().engine()::inputEnded)
                    .isInstanceOfSatisfying(
                            TlsException.class, e -> assertThat(e.error()).isEqualTo(TlsError.TRUNCATED));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void closedEngine_isOfNoMoreUse(SslProtocol protocol) throws Exception {
        MemoryPair pair = established(protocol);
        TlsEngine client = pair.client().engine();
        pair.close();
        pair.close();

        assertThat(client.hasOutput()).isFalse();
        assertThatThrownBy(() -> client.decrypt(ByteBuffer.allocate(9), ByteBuffer.allocate(9)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> client.exportKeyingMaterial("EXPORTER-test", Optional.empty(), 9))
                .isInstanceOf(IllegalStateException.class);
    }
}
