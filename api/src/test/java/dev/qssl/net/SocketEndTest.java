package dev.qssl.net;

import static dev.qssl.net.PlainPair.bytes;
import static dev.qssl.net.PlainPair.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the connection of a plain TCP socket ends, driven both ways. */
class SocketEndTest extends DrivenSocketTest {

    @ParameterizedTest
    @EnumSource
    void disconnecting_sendsWhatIsQueuedFirst(Driving driving) throws Exception {
        byte[] data = new byte[1_000_000];
        Arrays.fill(data, (byte) 7);
        try (PlainPair pair = pair(driving)) {
            Queue<String> told = transcript(pair.socket);
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> {
                try {
                    byte[] all = pair.peer.getInputStream().readAllBytes();
                    pair.peer.close();
                    return all;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            pair.socket.write(data);
            pair.socket.disconnectFromHost();

            assertThat(pair.socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();
            assertThat(received.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isEqualTo(data);
            assertThat(pair.socket.bytesToWrite()).isZero();
            assertThat(pair.socket.isOpen())
                    .as("the device is still open (B-154)")
                    .isTrue();
            assertThat(pair.socket.error()).isEqualTo(SocketError.UNKNOWN_SOCKET_ERROR);
            assertThat(told)
                    .containsExactly("CLOSING_STATE", "UNCONNECTED_STATE", "readChannelFinished", "disconnected");
        }
    }

    @ParameterizedTest
    @EnumSource
    void peerThatEnds_isReported_andItsBytesCanStillBeRead(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            Queue<String> told = transcript(socket);
            CompletableFuture<Integer> portInSlot = new CompletableFuture<>();
            socket.disconnected.connect(() -> portInSlot.complete(socket.peerPort()));
            int port = socket.peerPort();
            pair.send("last words");
            pair.peer.close();
            assertThat(socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();

            assertThat(told)
                    .containsExactly(
                            "REMOTE_HOST_CLOSED_ERROR",
                            "CLOSING_STATE",
                            "UNCONNECTED_STATE",
                            "readChannelFinished",
                            "disconnected");
            assertThat(socket.error()).isEqualTo(SocketError.REMOTE_HOST_CLOSED_ERROR);
            assertThat(portInSlot.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                    .as("readable in the slot (B-155)")
                    .isEqualTo(port);
            PlainPair.eventually("forgotten after it", () -> socket.peerPort() == 0);
            assertThat(socket.socketDescriptor()).isEqualTo(-1);
            assertThat(text(socket.readAll())).isEqualTo("last words");
            assertThat(socket.read(new byte[1], 1)).as("none will come").isEqualTo(-1);
            assertThat(socket.write(bytes("late"))).as("open still (B-147)").isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void resetByThePeer_isAnEndToo(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            pair.peer.setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.peer.close();

            assertThat(pair.socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();
            assertThat(pair.socket.error()).isEqualTo(SocketError.REMOTE_HOST_CLOSED_ERROR);
        }
    }

    @ParameterizedTest
    @EnumSource
    void silentPeer_isNotWaitedForUntilTheCloseTimeout(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            pair.socket.setCloseTimeout(Duration.ofHours(1)); // for the last bytes, which are on their way at once
            pair.socket.disconnectFromHost();

            assertThat(pair.socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();
            assertThat(pair.peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void peerThatNeverStopsSending_isNotReadForLong(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> sendUntilTheEnd(pair.peer));
            assertThat(pair.socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            pair.socket.disconnectFromHost();

            assertThat(pair.socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();
            long unread = sent.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS) - pair.socket.bytesAvailable();
            assertThat(unread).as("what TCP holds, and a little more").isLessThan(64 << 20);
        }
    }

    private static long sendUntilTheEnd(Socket peer) {
        byte[] chunk = new byte[64 * 1024];
        for (long sent = 0; ; sent += chunk.length) {
            try {
                peer.getOutputStream().write(chunk);
            } catch (IOException e) {
                return sent;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void abort_dropsEverythingAtOnce(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            Queue<String> told = transcript(socket);
            pair.send("unread");
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            socket.write(new byte[10_000_000]);
            socket.abort();

            assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
            assertThat(socket.openMode()).isEqualTo(OpenMode.NOT_OPEN);
            assertThat(socket.bytesAvailable()).isZero();
            PlainPair.eventually("told", () -> told.contains("disconnected"));
            assertThat(told).containsExactly("UNCONNECTED_STATE", "readChannelFinished", "disconnected");
            assertThat(socket.bytesToWrite()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_sendsWhatIsQueued_andForgetsWhatIsUnread(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            Queue<String> told = transcript(socket);
            pair.send("unread");
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            socket.write(bytes("queued"));
            CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> {
                try {
                    String all = text(pair.peer.getInputStream().readAllBytes());
                    pair.peer.close();
                    return all;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            socket.close();
            socket.close();

            assertThat(socket.openMode()).isEqualTo(OpenMode.NOT_OPEN);
            assertThat(socket.bytesAvailable()).isZero();
            if (driving == Driving.CALLER) {
                assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
            }
            assertThat(received.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isEqualTo("queued");
            PlainPair.eventually("told", () -> told.contains("disconnected"));
            assertThat(told)
                    .containsExactly(
                            "aboutToClose",
                            "CLOSING_STATE",
                            "UNCONNECTED_STATE",
                            "readChannelFinished",
                            "disconnected");
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeWithAPeerThatTakesNothing_givesUpAfterItsTime(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            Queue<String> told = transcript(socket);
            socket.setCloseTimeout(Duration.ofMillis(PlainPair.IMPATIENCE));
            socket.write(new byte[50_000_000]);
            socket.close();

            PlainPair.eventually("told", () -> told.contains("disconnected"));
            assertThat(socket.error()).isEqualTo(SocketError.SOCKET_TIMEOUT_ERROR);
            assertThat(socket.errorString()).contains("bytes were dropped");
        }
    }

    @ParameterizedTest
    @EnumSource
    void disconnectingWhileConnecting_isRemembered(Driving driving) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = socket(driving);
            Queue<String> told = transcript(socket);
            socket.connectToHost("127.0.0.1", server.getLocalPort());
            socket.write(bytes("queued"));
            socket.disconnectFromHost();
            CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> {
                try (var peer = server.accept()) {
                    return text(peer.getInputStream().readAllBytes());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            socket.waitForDisconnected(PlainPair.PATIENCE);

            assertThat(received.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isEqualTo("queued");
            PlainPair.eventually("told", () -> told.contains("disconnected"));
            assertThat(told).containsSubsequence("CONNECTED_STATE", "connected", "CLOSING_STATE", "UNCONNECTED_STATE");
        }
    }
}
