package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client and a server in memory. */
class HandshakeTest {

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void clientAndServer_agreeAndTalk(SslProtocol protocol) throws Exception {
        System.out.println(MemoryPair.BACKEND.availability());
        try (MemoryPair pair = MemoryPair.of(protocol)) {
            pair.run();
            assertThat(pair.isEstablished())
                    .as("%s %s", pair.client.failure, pair.server.failure)
                    .isTrue();
            System.out.println(pair.client.engine.parameters());
            System.out.println(pair.server.engine.parameters());
            pair.client.say(100_000);
            pair.run();
            assertThat(pair.server.plaintext.position()).isEqualTo(100_000);
            pair.client.engine.closeOutput();
            pair.run();
            pair.server.engine.closeOutput();
            pair.run();
            System.out.println(pair.client.received + " " + pair.client.sent + pair.server.received + pair.server.sent);
        }
    }
}
