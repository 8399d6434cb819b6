package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.net.Driving;
import dev.qssl.net.EventLoop;
import dev.qssl.net.PlainPair;
import dev.qssl.net.SocketError;
import dev.qssl.toy.ToyPair;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A TLS library that says it is done does not make a connection encrypted: somebody must have trusted the peer. */
class TrustedPeerTest {

    private final EventLoop loop = EventLoop.start("client");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private ToyPair careless(Driving driving) {
        ToyPair pair = driving == Driving.CALLER ? ToyPair.callerDriven() : ToyPair.on(loop);
        pair.backend.careless();
        return pair;
    }

    @ParameterizedTest
    @EnumSource
    void engineThatAsksNobody_failsTheHandshake(Driving driving) {
        try (ToyPair pair = careless(driving)) {
            Queue<String> seen = new ConcurrentLinkedQueue<>();
            pair.client.encrypted.connect(() -> seen.add("encrypted"));
            pair.client.readyRead.connect(() -> seen.add("data"));
            pair.server.encrypted.connect(() -> pair.server.write(PlainPair.bytes("welcome")));
            pair.startEncryption();

            assertThat(pair.client.waitForEncrypted(PlainPair.PATIENCE)).isFalse();
            assertThat(pair.client.isEncrypted()).isFalse();
            assertThat(pair.client.error()).isEqualTo(SocketError.SSL_INTERNAL_ERROR);
            assertThat(pair.client.errorString()).contains("nobody trusts");
            assertThat(pair.client.readAll()).isEmpty();
            assertThat(seen).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void engineThatNeedNotAsk_isBelieved(Driving driving) {
        try (ToyPair pair = careless(driving)) {
            pair.client.setPeerVerifyMode(QSsl.PeerVerifyMode.VERIFY_NONE);
            pair.startEncryption();

            assertThat(pair.client.waitForEncrypted(PlainPair.PATIENCE)).isTrue();
        }
    }
}
