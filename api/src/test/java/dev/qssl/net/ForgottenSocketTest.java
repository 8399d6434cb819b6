package dev.qssl.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Caller-driven sockets that are told to disconnect, and that nobody drives after that. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForgottenSocketTest {

    private static final int LIMIT = 30_000;

    @AutoClose
    private final ServerSocket listener = new ServerSocket();

    private final QTcpSocket client = new QTcpSocket();
    private final List<String> told = new ArrayList<>();

    ForgottenSocketTest() throws IOException {}

    @BeforeEach
    void listen() throws IOException {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client.disconnected.connect(() -> told.add("disconnected"));
        client.errorOccurred.connect(error -> told.add(error.name()));
        client.setCloseTimeout(Duration.ofMillis(20));
    }

    private Socket connect() throws IOException {
        client.connectToHost(listener.getInetAddress().getHostAddress(), listener.getLocalPort());
        assertThat(client.waitForConnected(LIMIT)).isTrue();
        return listener.accept();
    }

    // As long as the client has its channel the bytes pile up there; without one, they are answered with a reset.
    private static void awaitReset(Socket peer) {
        try {
            while (true) {
                peer.getOutputStream().write(0);
            }
        } catch (IOException closed) {
            assertThat(closed).hasMessageMatching("(?i).*(reset|broken pipe|abort).*");
        }
    }

    @Test
    void forgottenSocket_closesItsConnectionAndTellsItInTheNextCall() throws IOException {
        try (Socket peer = connect()) {
            client.disconnectFromHost();
            assertThat(peer.getInputStream().read()).isEqualTo(-1);

            awaitReset(peer);

            assertThat(told).isEmpty();
            assertThat(client.state()).isEqualTo(SocketState.CLOSING_STATE);
            assertThat(client.waitForDisconnected(LIMIT)).isTrue();
            assertThat(told).containsExactly("disconnected");
            assertThat(client.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
        }
    }

    @Test
    void bytesThatThePeerDoesNotTake_areDroppedAndThatIsTold() throws IOException {
        try (Socket peer = connect()) {
            byte[] more = new byte[1 << 20];
            while (client.bytesToWrite() < 10L * more.length) {
                client.write(more);
            }
            client.disconnectFromHost();

            awaitReset(peer);

            assertThat(client.waitForDisconnected(LIMIT)).isTrue();
            assertThat(told).containsExactly("SOCKET_TIMEOUT_ERROR", "disconnected");
            assertThat(client.errorString()).contains("dropped");
        }
    }

    @Test
    void socketThatIsWaitedFor_isNotForgotten() throws IOException {
        byte[] data = new byte[4 << 20];
        client.setCloseTimeout(Duration.ofMillis(1));
        client.connected.connect(() -> {
            client.write(data);
            client.disconnectFromHost();
        });
        client.connectToHost(listener.getInetAddress().getHostAddress(), listener.getLocalPort());
        CompletableFuture<Integer> received = CompletableFuture.supplyAsync(this::acceptAndRead);

        assertThat(client.waitForDisconnected(LIMIT)).isTrue();

        assertThat(told).containsExactly("disconnected");
        assertThat(received.join()).isEqualTo(data.length);
    }

    private int acceptAndRead() {
        try (Socket peer = listener.accept()) {
            return peer.getInputStream().readAllBytes().length;
        } catch (IOException e) {
            throw new UncheckedIOException("the connection was cut", e);
        }
    }
}
