package dev.qssl.backend.jdk;

import static dev.qssl.backend.jdk.EngineFixture.client;
import static dev.qssl.backend.jdk.EngineFixture.server;
import static dev.qssl.backend.jdk.EngineFixture.serverSettings;
import static dev.qssl.tck.fixture.EngineBench.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.BufferKind;
import dev.qssl.spi.Need;
import dev.qssl.spi.TlsEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine promises about buffers, sizes and order of calls. */
class EngineContractTest extends TwoEnginesTest {

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void newEngines_clientSpeaksFirst(SslProtocol protocol) throws Exception {
        client = client(settings(protocol));
        server = server(serverSettings(protocol));

        assertThat(client.engine().hasOutput()).isTrue();
        assertThat(server.engine().hasOutput()).isFalse();
        assertThat(client.engine().decrypt(MemoryPeer.NO_BYTES, MemoryPeer.NO_BYTES))
                .isEqualTo(Need.OUTPUT);
        assertThat(server.engine().decrypt(MemoryPeer.NO_BYTES, MemoryPeer.NO_BYTES))
                .isEqualTo(Need.INPUT);
        assertThat(client.engine().buffers()).isEqualTo(BufferKind.HEAP);
        assertThat(client.engine().hasPlaintext()).isFalse();
        assertThatThrownBy(() -> client.engine().parameters()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.engine().takeTask()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.engine().exportKeyingMaterial("EXPORTER-test", Optional.empty(), 32))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void applicationDataInTheHandshake_isNotTaken() throws Exception {
        client = client(settings(SslProtocol.TLS_V1_3));
        ByteBuffer early = ByteBuffer.wrap(new byte[10]);

        Need need = client.engine().encrypt(early, client.outbox);

        assertThat(need).isEqualTo(Need.INPUT);
        assertThat(early.remaining()).isEqualTo(10);
        assertThat(client.said()).isNotEmpty();
    }

    @Test
    void tooLittleRoomForRecords_producesNothing() throws Exception {
        client = client(settings(SslProtocol.TLS_V1_3));
        ByteBuffer small = ByteBuffer.allocate(client.engine().minRecordRoom() - 1);

        assertThat(client.engine().encrypt(MemoryPeer.NO_BYTES, small)).isEqualTo(Need.OUTPUT);
        assertThat(small.position()).isZero();

        connect(SslProtocol.TLS_V1_3);
        assertThat(client.engine().encrypt(ByteBuffer.wrap(new byte[1]), small)).isEqualTo(Need.OUTPUT);
        assertThat(small.position()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void manyRecords_comeOutOfOneCallAndGoIntoOne(SslProtocol protocol) throws Exception {
        connect(protocol);
        ByteBuffer data = ByteBuffer.wrap(new byte[200_000]);

        Need sealed = client.engine().encrypt(data, client.outbox);
        client.outbox.flip();
        Need opened = server.engine().decrypt(client.outbox, server.plaintext);

        assertThat(sealed).isEqualTo(Need.NOTHING);
        assertThat(data.remaining()).isZero();
        assertThat(opened).isEqualTo(Need.NOTHING);
        assertThat(client.outbox.remaining()).isZero();
        assertThat(server.takeReceived()).hasSize(200_000);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void recordsArrivingByteByByte_areWaitedFor(SslProtocol protocol) throws Exception {
        connect(protocol);
        client.say("drop by drop".getBytes(StandardCharsets.UTF_8));
        byte[] said = client.said();

        for (int end = 0; end < said.length; end++) {
            ByteBuffer part = ByteBuffer.wrap(said, 0, end);
            Need need = server.engine().decrypt(part, server.plaintext);
            assertThat(need).isEqualTo(end == 0 ? Need.NOTHING : Need.INPUT);
            assertThat(part.position()).isZero();
        }
        server.engine().decrypt(ByteBuffer.wrap(said), server.plaintext);

        assertThat(server.takeReceived()).asString().isEqualTo("drop by drop");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void handshakeArrivingByteByByte_works(SslProtocol protocol) throws Exception {
        client = client(settings(protocol));
        server = server(serverSettings(protocol));
        for (int turn = 0; turn < 10; turn++) {
            client.turn();
            trickle(client, server);
            server.turn();
            trickle(server, client);
        }

        assertThat(client.isEstablished()).isTrue();
        assertThat(server.isEstablished()).isTrue();
        assertThat(server.engine().parameters().group()).isPresent();
        assertThat(client.engine().parameters().group()).isPresent();
    }

    private static void trickle(OurPeer from, OurPeer to) {
        for (byte value : from.said()) {
            to.inbox.put(value);
            to.turn();
        }
        from.outbox.clear();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void recordThatMightNotFit_isLeftWhereItIs(SslProtocol protocol) throws Exception {
        connect(protocol);
        client.say(new byte[16_000]);
        client.outbox.flip();
        ByteBuffer small = ByteBuffer.allocate(15_999);

        assertThat(server.engine().decrypt(client.outbox, small)).isEqualTo(Need.INPUT);
        assertThat(client.outbox.position()).isZero();
        assertThat(small.position()).isZero();

        ByteBuffer enough = ByteBuffer.allocate(server.engine().minPlaintextRoom());
        server.engine().decrypt(client.outbox, enough);
        assertThat(enough.position()).isEqualTo(16_000);
    }

    @Test
    void shortRecord_fitsIntoLittleRoom() throws Exception {
        connect(SslProtocol.TLS_V1_3);
        client.say(new byte[64]);
        client.outbox.flip();
        ByteBuffer little = ByteBuffer.allocate(128);

        server.engine().decrypt(client.outbox, little);

        assertThat(little.position()).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource({
        "TLS_V1_2, read-only", "TLS_V1_3, read-only",
        "TLS_V1_2, direct", "TLS_V1_3, direct",
        "TLS_V1_2, little-endian", "TLS_V1_3, little-endian",
        "TLS_V1_2, offset", "TLS_V1_3, offset",
    })
    void everyKindOfBuffer_works(SslProtocol protocol, String kind) throws Exception {
        connect(protocol);
        ByteBuffer data = as(kind, new byte[40_000]);

        client.engine().encrypt(data, client.outbox);
        byte[] said = client.said();
        ByteBuffer records = as(kind, said);
        server.engine().decrypt(records, server.plaintext);

        assertThat(records.remaining()).isZero();
        assertThat(server.takeReceived()).hasSize(40_000);
        if (records.isReadOnly()) {
            assertThat(records.rewind()).isEqualTo(ByteBuffer.wrap(said));
        }
    }

    private static ByteBuffer as(String kind, byte[] bytes) {
        return switch (kind) {
            case "read-only" -> ByteBuffer.wrap(bytes.clone()).asReadOnlyBuffer();
            case "direct" -> ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            case "little-endian" -> ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
            case "offset" ->
                ByteBuffer.allocate(bytes.length + 7)
                        .position(7)
                        .slice()
                        .put(bytes)
                        .flip();
            default -> throw new AssertionError(kind);
        };
    }

    @ParameterizedTest
    @CsvSource({"TLS_V1_2, 16384", "TLS_V1_3, 16367"})
    void sizeOfRecords_isLearnedForLaterConnections(SslProtocol protocol, int expected) throws Exception {
        connect(protocol);
        client.say(new byte[100_000]);
        assertThat(client.engine().maxRecordPlaintext()).isEqualTo(expected);

        connect(protocol);

        assertThat(client.engine().maxRecordPlaintext()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void constantSizes_stayConstant(SslProtocol protocol) throws Exception {
        client = client(settings(protocol));
        int plaintext = client.engine().minPlaintextRoom();
        int record = client.engine().minRecordRoom();

        connect(protocol);
        client.say(new byte[100_000]);
        MemoryPeer.run(client, server);

        assertThat(client.engine().minPlaintextRoom()).isEqualTo(plaintext).isGreaterThanOrEqualTo(16_384);
        assertThat(client.engine().minRecordRoom()).isEqualTo(record).isGreaterThanOrEqualTo(16_406);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65_536})
    void exporterLengthOutOfRange_isRefused(int length) throws Exception {
        connect(SslProtocol.TLS_V1_3);

        assertThatThrownBy(() -> client.engine().exportKeyingMaterial("EXPORTER-test", Optional.empty(), length))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void tasks_mayRunOnOtherThreads(SslProtocol protocol) throws Exception {
        client = client(settings(protocol));
        server = server(serverSettings(protocol));
        for (int turn = 0; turn < 20 && !(client.isEstablished() && server.isEstablished()); turn++) {
            step(client);
            client.deliverTo(server);
            step(server);
            server.deliverTo(client);
        }

        assertThat(client.isEstablished()).isTrue();
        assertThat(client.presented).hasSize(1);
    }

    private static void step(OurPeer peer) throws Exception {
        TlsEngine engine = peer.engine();
        Need need;
        do {
            peer.inbox.flip();
            need = engine.decrypt(peer.inbox, peer.plaintext);
            peer.inbox.compact();
            if (need == Need.OUTPUT) {
                need = engine.encrypt(MemoryPeer.NO_BYTES, peer.outbox);
            }
            if (need == Need.TASK) {
                Thread other = new Thread(engine.takeTask());
                other.start();
                other.join();
            }
        } while (need == Need.TASK);
    }
}
