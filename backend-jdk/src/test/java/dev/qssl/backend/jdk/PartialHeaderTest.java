package dev.qssl.backend.jdk;

import static dev.qssl.backend.jdk.EngineFixture.client;
import static dev.qssl.backend.jdk.EngineFixture.server;
import static dev.qssl.backend.jdk.EngineFixture.serverSettings;
import static dev.qssl.tck.fixture.EngineBench.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Need;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A read that ends within the five bytes of a record's header, as reads of a long stream sooner or later do. */
class PartialHeaderTest {

    private static final int LITTLE_ROOM = 100;

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void partOfAHeaderWithLittleRoomLeft_waitsForTheRest(SslProtocol protocol) throws Exception {
        OurPeer client = client(settings(protocol));
        OurPeer server = server(serverSettings(protocol));
        MemoryPeer.run(client, server);
        client.say(new byte[] {42});
        ByteBuffer record = client.outbox.flip();
        ByteBuffer room = ByteBuffer.allocate(LITTLE_ROOM);
        int end = record.limit();

        for (int bytes = 0; bytes < 5; bytes++) {
            Need need = server.engine().decrypt(record.limit(bytes), room);

            assertThat(need).isEqualTo(bytes == 0 ? Need.NOTHING : Need.INPUT);
            assertThat(record.position()).isZero();
        }
        server.engine().decrypt(record.limit(end), room);

        assertThat(room.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {42}));
    }
}
