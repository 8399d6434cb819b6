package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.LoopbackPair.HOST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslSocket;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Received;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSetup;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Bytes on an encrypted connection: all of them, in order, counted, and read in every way there is. */
public abstract class DataContract extends BackendContract {

    private static final int BIG = 10 * 1024 * 1024;

    /** Creates one. */
    protected DataContract() {}

    @EachCase
    @Rule(id = "DATA-001", source = "B-128", level = MUST)
    void readyRead_isForApplicationDataOnly(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().run(() -> pair.client().socket().write(new byte[] {1}));
            pair.until("a byte", () -> pair.server().saw("readyRead"));

            assertThat(pair.server()).sawInOrder("encrypted", "readyRead").sawExactly("readyRead", 1);
            assertThat(pair.client()).neverSaw("readyRead");
        }
    }

    @EachCase
    @Rule(id = "DATA-002", source = "B-129", level = MUST)
    void everyByteWritten_isCountedOnceInPlaintextAndWithOverheadOnTheWire(SslProtocol protocol) {
        int size = 300_000;
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().transcript().clear();
            pair.client().run(() -> pair.client().socket().write(new byte[size]));
            pair.until("the bytes", () -> pair.server().socket().bytesAvailable() == size);
            pair.until("their count", () -> pair.client().transcript().sum("encryptedBytesWritten") > size);

            assertThat(pair.client().transcript().sum("bytesWritten")).isEqualTo(size);
        }
    }

    @Test
    @Rule(id = "DATA-003", source = "B-130, B-134", level = MUST)
    void plainBytes_areCountedWhenTheyLeaveAndNothingIsEncrypted() {
        try (LoopbackPair pair = pair()) {
            pair.connectPlain();
            pair.client().run(() -> pair.client().socket().write(new byte[1000]));
            pair.until("the bytes", () -> pair.server().socket().bytesAvailable() == 1000);
            pair.until("their count", () -> pair.client().transcript().sum("bytesWritten") == 1000);

            assertThat(pair.client()).neverSaw("encryptedBytesWritten");
            assertThat(pair.server().socket().encryptedBytesAvailable()).isZero();
            assertThat(pair.client().socket().encryptedBytesToWrite()).isZero();
        }
    }

    @EachCase
    @Rule(id = "DATA-004", source = "B-131", level = MUST)
    void handshakeRecords_areCountedAsEncryptedBytes(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();

            assertThat(pair.client())
                    .sawInOrder("encryptedBytesWritten", "encrypted")
                    .neverSaw("bytesWritten");
            assertThat(pair.server())
                    .sawInOrder("encryptedBytesWritten", "encrypted")
                    .neverSaw("bytesWritten");
        }
    }

    @Test
    @Rule(id = "DATA-005", source = "B-132", level = MUST)
    void writingInTheSlotOfBytesWritten_doesNotCallItAgainInside() {
        try (LoopbackPair pair = pair()) {
            QSslSocket client = pair.client().socket();
            AtomicInteger depth = new AtomicInteger();
            List<Integer> depths = Collections.synchronizedList(new ArrayList<>());
            client.bytesWritten.connect(() -> {
                depths.add(depth.incrementAndGet());
                if (depths.size() < 5) {
                    client.write(new byte[10]);
                    client.flush();
                }
                depth.decrementAndGet();
            });
            pair.handshake();
            pair.client().run(() -> client.write(new byte[10]));

            pair.until("five writes", () -> depths.size() >= 5);

            assertThat(depths).containsOnly(1);
        }
    }

    @EachCase
    @Rule(id = "DATA-010", source = "B-133", level = MUST)
    void bigWrite_arrivesWholeAndInOrder(SslProtocol protocol) {
        byte[] data = random(BIG);
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            Received received = Received.by(pair.server());
            long waiting = pair.client().call(() -> {
                assertThat(pair.client().socket().write(data)).isEqualTo(BIG);
                return pair.client().socket().bytesToWrite();
            });
            pair.until("10 MiB", () -> received.size() == BIG);

            assertThat(waiting).isPositive();
            assertThat(Arrays.equals(received.bytes(), data)).isTrue();
            assertThat(pair.client().socket().bytesToWrite()).isZero();
            assertThat(pair.client()).isEncrypted();
        }
    }

    @EachCase
    @Rule(id = "DATA-011", source = "B-133; both directions at once", level = MUST)
    void bytesBothWaysAtOnce_arriveWholeAndInOrder(SslProtocol protocol) {
        byte[] up = random(3_000_000);
        byte[] down = random(2_500_000);
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            Received atServer = Received.by(pair.server());
            Received atClient = Received.by(pair.client());
            writeInPieces(pair.client(), up);
            writeInPieces(pair.server(), down);
            pair.until("all bytes", () -> atServer.size() == up.length && atClient.size() == down.length);

            assertThat(Arrays.equals(atServer.bytes(), up)).isTrue();
            assertThat(Arrays.equals(atClient.bytes(), down)).isTrue();
        }
    }

    // Around the sizes of records, and tiny.
    private static void writeInPieces(End end, byte[] data) {
        int[] sizes = {1, 2, 100, 16_383, 16_384, 16_385, 5, 70_000, 3, 32_769, 300_000};
        end.run(() -> {
            int at = 0;
            for (int i = 0; at < data.length; i++) {
                int size = Math.min(sizes[i % sizes.length], data.length - at);
                end.socket().write(Arrays.copyOfRange(data, at, at + size));
                at += size;
            }
        });
    }

    @EachCase
    @Rule(id = "DATA-013", source = "writes of any size are one stream", level = MUST)
    void manySmallWrites_arriveWholeAndInOrder(SslProtocol protocol) {
        byte[] data = random(20_000);
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            Received received = Received.by(pair.server());
            QSslSocket client = pair.client().socket();
            pair.client().run(() -> {
                for (int at = 0; at < data.length; at += 4) {
                    client.write(Arrays.copyOfRange(data, at, at + 4));
                    if (at % 1000 == 0) {
                        client.flush();
                    }
                }
            });
            pair.until("all bytes", () -> received.size() == data.length);

            assertThat(received.bytes()).isEqualTo(data);
            pair.until("their count", () -> pair.client().transcript().sum("bytesWritten") == data.length);
        }
    }

    @EachCase
    @Rule(id = "DATA-014", source = "B-133, B-141; what TCP does not take is still counted", level = MUST)
    void peerThatDoesNotRead_leavesBytesWaitingUntilItDoes(SslProtocol protocol) {
        byte[] data = random(BIG);
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            QSslSocket client = pair.client().socket();
            QSslSocket server = pair.server().socket();
            pair.server().run(() -> server.setReadBufferSize(10_000));
            pair.client().run(() -> client.write(data));
            pair.until("a full buffer", () -> server.bytesAvailable() >= 10_000);

            assertThat(client.bytesToWrite() + client.encryptedBytesToWrite()).isPositive();
            assertThat(pair.client()).isEncrypted().neverSaw("errorOccurred");

            Received received = Received.by(pair.server());
            pair.server().run(() -> server.setReadBufferSize(0));
            pair.until("all bytes", () -> received.size() == data.length);

            assertThat(Arrays.equals(received.bytes(), data)).isTrue();
            pair.until("nothing left", () -> client.bytesToWrite() == 0 && client.encryptedBytesToWrite() == 0);
        }
    }

    @EachCase
    @Rule(id = "DATA-012", source = "data is exchanged with other implementations", level = MUST)
    void longLine_comesBackFromForeignServers(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup server = PeerSetup.create().identity(usualServer()).protocol(protocol);
        ForeignPair pair = ForeignPair.client(stage(), client().protocol(protocol), peer.serve(server));
        pair.settle();

        pair.converse("0123456789".repeat(800));
        pair.converse("once more");
    }

    @EachCase
    @Rule(id = "DATA-020", source = "B-035, B-036, B-037", level = MUST)
    void bytesWrittenBeforeTheHandshake_comeFirstAndOnlyAfterIt(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            QSslSocket client = pair.client().socket();
            client.encrypted.connect(() -> client.write("third".getBytes(US_ASCII)));
            List<Long> counts = pair.client().call(() -> {
                client.connectToHostEncrypted(HOST, pair.port());
                long first = client.write("first ".getBytes(US_ASCII));
                client.write("second ".getBytes(US_ASCII));
                return List.of(first, client.bytesToWrite());
            });
            pair.serve();
            pair.until("all bytes", () -> pair.server().socket().bytesAvailable() == 18);

            assertThat(counts).containsExactly(6L, 13L);
            assertThat(text(pair.server())).isEqualTo("first second third");
            assertThat(pair.client()).sawInOrder("encrypted", "bytesWritten");
            assertThat(pair.client().transcript().emissions().stream()
                            .takeWhile(each -> !each.signal().equals("encrypted"))
                            .filter(each -> each.signal().equals("bytesWritten")))
                    .isEmpty();
        }
    }

    @EachCase
    @Rule(id = "DATA-021", source = "B-146", level = MUST)
    void greetingRightAfterTheHandshake_isNotLost(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.server()
                    .socket()
                    .encrypted
                    .connect(() -> pair.server().socket().write("220 hello\r\n".getBytes(US_ASCII)));
            pair.begin();
            pair.until("the greeting", () -> pair.client().socket().canReadLine());

            assertThat(text(pair.client())).isEqualTo("220 hello\r\n");
            assertThat(pair.client()).sawInOrder("encrypted", "readyRead");
        }
    }

    @Test
    @Rule(id = "DATA-022", source = "B-147", level = MUST)
    void writingOnAnOpenSocketWhoseConnectionIsOver_takesTheBytes() {
        try (LoopbackPair pair = pair()) {
            pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();

            assertThat(pair.client().socket().isOpen()).isTrue();
            assertThat(pair.client().call(() -> pair.client().socket().write(new byte[7])))
                    .isEqualTo(7);
        }
    }

    @Test
    @Rule(id = "DATA-023", source = "B-135", level = MUST)
    void flush_pushesWhatWaitsAndSaysWhetherAnythingWent() {
        try (LoopbackPair pair = pair()) {
            pair.handshake();
            QSslSocket client = pair.client().socket();
            List<Boolean> went = pair.client().call(() -> {
                client.write(new byte[100]);
                boolean first = client.flush();
                return List.of(first, client.flush());
            });
            pair.until("the bytes", () -> pair.server().socket().bytesAvailable() == 100);

            assertThat(went).containsExactly(true, false);
            assertThat(client.bytesToWrite()).isZero();
        }
    }

    @EachCase
    @Rule(id = "DATA-030", source = "B-136", level = MUST)
    void linesCharactersAndPeeks_workOnDecryptedBytes(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            send(pair, "one\ntwo\nthree");
            QSslSocket server = pair.server().socket();

            pair.server().run(() -> {
                assertThat(server.canReadLine()).isTrue();
                assertThat(server.peek(3)).isEqualTo("one".getBytes(US_ASCII));
                assertThat(server.readLine()).isEqualTo("one\n".getBytes(US_ASCII));
                byte[] c = new byte[1];
                assertThat(server.getChar(c)).isTrue();
                assertThat(c[0]).isEqualTo((byte) 't');
                server.ungetChar((byte) 'T');
                assertThat(server.readLine()).isEqualTo("Two\n".getBytes(US_ASCII));
                assertThat(server.canReadLine()).isFalse();
                assertThat(server.skip(2)).isEqualTo(2);
                assertThat(server.readAll()).isEqualTo("ree".getBytes(US_ASCII));
            });
        }
    }

    @Test
    @Rule(id = "DATA-031", source = "B-136, B-137", level = MUST)
    void peekBeyondOneRecord_givesWhatIsThereAndLeavesIt() {
        byte[] data = random(17 * 1024);
        for (boolean plain : new boolean[] {true, false}) {
            try (LoopbackPair pair = pair()) {
                if (plain) {
                    pair.connectPlain();
                } else {
                    pair.handshake();
                }
                pair.client().run(() -> pair.client().socket().write(data));
                QSslSocket server = pair.server().socket();
                pair.until("the bytes", () -> server.bytesAvailable() == data.length);

                pair.server().run(() -> {
                    assertThat(server.peek(17 * 1024 + 500)).isEqualTo(data);
                    assertThat(server.bytesAvailable()).isEqualTo(data.length);
                    assertThat(server.readAll()).isEqualTo(data);
                });
            }
        }
    }

    @Test
    @Rule(id = "DATA-032", source = "B-138", level = MUST)
    void atEnd_isTrueWhenEverythingWasReadThoughTheConnectionLives() {
        try (LoopbackPair pair = pair()) {
            pair.handshake();
            send(pair, "x");
            QSslSocket server = pair.server().socket();

            assertThat(server.atEnd()).isFalse();
            pair.server().run(server::readAll);
            assertThat(server.atEnd()).isTrue();
            assertThat(server.isEncrypted()).isTrue();
        }
    }

    @Test
    @Rule(id = "DATA-033", source = "B-139", level = MUST)
    void transaction_givesTheSameBytesAgainAfterARollbackAndDropsThemAfterACommit() {
        try (LoopbackPair pair = pair()) {
            pair.handshake();
            send(pair, "abcdef");
            QSslSocket server = pair.server().socket();

            pair.server().run(() -> {
                server.commitTransaction(); // without a start: only warns
                server.startTransaction();
                server.startTransaction(); // nested: only warns
                assertThat(server.read(3)).isEqualTo("abc".getBytes(US_ASCII));
                server.rollbackTransaction();
                server.startTransaction();
                assertThat(server.read(4)).isEqualTo("abcd".getBytes(US_ASCII));
                server.commitTransaction();
                assertThat(server.readAll()).isEqualTo("ef".getBytes(US_ASCII));
            });
        }
    }

    @Test
    @Rule(id = "DATA-034", source = "B-140", level = MUST)
    void readingNothing_givesZeroWhileConnectedAndMinusOneAfterwards() {
        try (LoopbackPair pair = pair()) {
            pair.handshake();
            QSslSocket server = pair.server().socket();
            assertThat(pair.server().call(() -> server.read(new byte[1], 1))).isZero();

            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();

            assertThat(pair.server().call(() -> server.read(new byte[1], 1))).isEqualTo(-1);
        }
    }

    private static void send(LoopbackPair pair, String text) {
        pair.client().run(() -> pair.client().socket().write(text.getBytes(US_ASCII)));
        pair.until("\"" + text + "\"", () -> pair.server().socket().bytesAvailable() == text.length());
    }

    private static String text(End end) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        end.run(() -> all.writeBytes(end.socket().readAll()));
        return all.toString(US_ASCII);
    }

    // The same bytes in every run.
    private static byte[] random(int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        return data;
    }
}
