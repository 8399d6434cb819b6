package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslSocket;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Received;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a limit on unread bytes does: it bounds them, it holds the sender back, and it loses nothing. */
public abstract class ReadLimitContract extends BackendContract {

    // Far more than the system's buffers hold.
    private static final int FLOOD = 40 * 1024 * 1024;
    private static final int LIMIT = 10_000;
    // What was received already may exceed the limit, by a record at least.
    private static final int OVERSHOOT = 64 * 1024;

    /** Creates one. */
    protected ReadLimitContract() {}

    @EachCase
    @Rule(id = "LIMIT-001", source = "B-141", level = MUST)
    void limit_boundsWhatPilesUpAndHoldsTheSenderBack(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            QSslSocket client = pair.client().socket();
            pair.handshake();
            pair.client().run(() -> client.setReadBufferSize(LIMIT));
            pair.server().run(() -> pair.server().socket().write(new byte[FLOOD]));
            pair.until("a full buffer", () -> client.bytesAvailable() >= LIMIT);

            boolean taken = stage().within(Duration.ofMillis(200), () -> left(pair) == 0);

            assertThat(taken).as("everything was taken although nobody read").isFalse();
            assertThat(client.bytesAvailable()).isLessThan(LIMIT + OVERSHOOT);
        }
    }

    private static long left(LoopbackPair pair) {
        return pair.server().socket().bytesToWrite() + pair.server().socket().encryptedBytesToWrite();
    }

    @EachCase
    @Rule(id = "LIMIT-002", source = "B-142", level = MUST)
    void readingFromALimitedSocket_bringsTheRestInOrder(SslProtocol protocol) {
        byte[] data = random(2_000_000);
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().run(() -> pair.client().socket().setReadBufferSize(LIMIT));
            Received received = Received.by(pair.client());
            pair.server().run(() -> pair.server().socket().write(data));

            pair.until("all bytes", () -> received.size() == data.length);

            assertThat(Arrays.equals(received.bytes(), data)).isTrue();
        }
    }

    @Test
    @Rule(id = "LIMIT-003", source = "B-142; a reader that is slow and takes little", level = MUST)
    void readingInSmallPieces_bringsTheRestInOrder() {
        byte[] data = random(200_000);
        try (LoopbackPair pair = pair()) {
            QSslSocket client = pair.client().socket();
            pair.handshake();
            pair.client().run(() -> client.setReadBufferSize(100));
            pair.server().run(() -> pair.server().socket().write(data));
            byte[] got = new byte[data.length];
            int at = 0;
            while (at < data.length) {
                pair.until("more bytes", () -> client.bytesAvailable() > 0);
                byte[] piece = pair.client().call(() -> client.read(3_333));
                System.arraycopy(piece, 0, got, at, piece.length);
                at += piece.length;
            }

            assertThat(Arrays.equals(got, data)).isTrue();
        }
    }

    @Test
    @Rule(id = "LIMIT-004", source = "B-143", level = MUST)
    void removingTheLimit_bringsTheRestByItself() {
        int size = 3_000_000;
        try (LoopbackPair pair = pair()) {
            QSslSocket client = pair.client().socket();
            pair.handshake();
            pair.client().run(() -> client.setReadBufferSize(LIMIT));
            pair.server().run(() -> pair.server().socket().write(new byte[size]));
            pair.until("a full buffer", () -> client.bytesAvailable() >= LIMIT);

            pair.client().run(() -> client.setReadBufferSize(0));

            pair.until("all bytes", () -> client.bytesAvailable() == size);
        }
    }

    @EachCase
    @Rule(id = "LIMIT-005", source = "B-144", level = MUST)
    void limitSmallerThanAHandshakeMessage_doesNotDisturbTheHandshake(SslProtocol protocol) {
        try (LoopbackPair pair = pair(
                client().protocol(protocol).prepare(socket -> socket.setReadBufferSize(1)),
                server().prepare(socket -> socket.setReadBufferSize(1)))) {
            pair.handshake();

            assertThat(pair.client()).isEncrypted();
            assertThat(pair.server()).isEncrypted();
        }
    }

    @EachCase
    @Rule(id = "LIMIT-006", source = "B-145", level = MUST)
    void whenThePeerCloses_theLimitIsLiftedAndNothingIsLost(SslProtocol protocol) {
        byte[] data = random(300_000);
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().run(() -> pair.client().socket().setReadBufferSize(LIMIT));
            pair.server().run(() -> {
                pair.server().socket().write(data);
                pair.server().socket().disconnectFromHost();
            });
            Received received = Received.by(pair.client());

            pair.over();

            pair.client().run(() -> {});
            assertThat(received.size()).isEqualTo(data.length);
            assertThat(Arrays.equals(received.bytes(), data)).isTrue();
        }
    }

    @Test
    @Rule(id = "LIMIT-007", source = "B-141 without encryption", level = MUST)
    void limitOnAPlainConnection_boundsAndLosesNothing() {
        byte[] data = random(1_000_000);
        try (LoopbackPair pair = pair()) {
            pair.connectPlain();
            QSslSocket client = pair.client().socket();
            pair.client().run(() -> client.setReadBufferSize(LIMIT));
            pair.server().run(() -> pair.server().socket().write(data));
            pair.until("a full buffer", () -> client.bytesAvailable() >= LIMIT);
            assertThat(client.bytesAvailable()).isLessThan(LIMIT + 2 * OVERSHOOT);
            Received received = Received.by(pair.client());

            pair.until("all bytes", () -> received.size() == data.length);

            assertThat(Arrays.equals(received.bytes(), data)).isTrue();
        }
    }

    private static byte[] random(int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        return data;
    }
}
