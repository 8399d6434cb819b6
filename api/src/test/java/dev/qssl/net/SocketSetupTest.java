package dev.qssl.net;

import static dev.qssl.net.PlainPair.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a plain TCP socket can be given: an address, a channel, options. */
class SocketSetupTest extends DrivenSocketTest {

    @ParameterizedTest
    @EnumSource
    void boundSocket_knowsItsPortAndConnectsFromIt(Driving driving) throws Exception {
        QTcpSocket socket = socket(driving);
        Queue<String> told = transcript(socket);
        assertThat(socket.bind(QHostAddress.LOCAL_HOST, 0)).isTrue();
        int port = socket.localPort();

        assertThat(port).isPositive();
        assertThat(socket.state()).isEqualTo(SocketState.BOUND_STATE);
        assertThat(socket.localAddress()).isEqualTo(QHostAddress.LOCAL_HOST);
        assertThat(socket.bind(QHostAddress.LOCAL_HOST, 0)).as("it is").isFalse();
        try (PlainPair pair = PlainPair.of(socket)) {
            assertThat(pair.socket.localPort()).isEqualTo(port).isEqualTo(pair.peer.getPort());
        }
        assertThat(told).startsWith("BOUND_STATE", "HOST_LOOKUP_STATE");
    }

    @ParameterizedTest
    @EnumSource
    void boundSocket_isUnboundByAbort(Driving driving) {
        QTcpSocket socket = socket(driving);
        socket.bind(QHostAddress.ANY, 0, BindMode.DONT_SHARE_ADDRESS);
        int port = socket.localPort();
        socket.abort();

        assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
        assertThat(socket.localPort()).isZero();
        QTcpSocket other = new QTcpSocket();
        assertThat(other.bind(QHostAddress.ANY, port)).as("it is free again").isTrue();
        other.close();
        assertThat(other.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
    }

    @Test
    void addressThatIsTakenOrNotOurs_cannotBeBound() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = new QTcpSocket();
            assertThat(socket.bind(QHostAddress.LOCAL_HOST, taken.getLocalPort()))
                    .isFalse();
            assertThat(socket.error()).isEqualTo(SocketError.ADDRESS_IN_USE_ERROR);
        }
        QTcpSocket socket = new QTcpSocket();
        assertThat(socket.bind(QHostAddress.of("192.0.2.1"), 0)).isFalse();
        assertThat(socket.error()).isEqualTo(SocketError.SOCKET_ADDRESS_NOT_AVAILABLE_ERROR);
        assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
    }

    @ParameterizedTest
    @EnumSource
    void channel_isTakenOverConnected_withoutConnectedBeingTold(Driving driving) throws Exception {
        try (ServerSocketChannel listening =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            QTcpSocket socket = socket(driving);
            Queue<String> told = transcript(socket);
            SocketChannel peer = SocketChannel.open(listening.getLocalAddress());
            SocketChannel ours = listening.accept();
            assertThat(socket.setSocketChannel(ours, OpenMode.READ_WRITE)).isTrue();

            assertThat(socket.state()).isEqualTo(SocketState.CONNECTED_STATE);
            assertThat(socket.peerPort()).isEqualTo(((InetSocketAddress) peer.getLocalAddress()).getPort());
            assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isTrue();
            peer.write(ByteBuffer.wrap(bytes("hi")));
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            assertThat(told).containsExactly("CONNECTED_STATE");
            assertThat(socket.setSocketChannel(ours, OpenMode.READ_WRITE))
                    .as("it has one")
                    .isFalse();
            socket.abort();
            PlainPair.eventually("closed", () -> !ours.isOpen());
            peer.close();
        }
    }

    @Test
    void channelThatIsNotConnected_staysTheCallers() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            assertThat(new QTcpSocket().setSocketChannel(channel, OpenMode.READ_WRITE))
                    .isFalse();
            assertThat(channel.isOpen()).isTrue();
        }
    }

    @Test
    void descriptorThatIsNone_isRefused() {
        QTcpSocket socket = new QTcpSocket();

        assertThat(socket.setSocketDescriptor(-1)).isFalse();
        assertThat(socket.setSocketDescriptor(Long.MAX_VALUE)).isFalse();
        assertThat(socket.setSocketDescriptor(1, SocketState.BOUND_STATE, OpenMode.READ_WRITE))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void options_areThoseOfTheChannel(Driving driving) {
        QTcpSocket unconnected = socket(driving);
        unconnected.setSocketOption(SocketOption.LOW_DELAY_OPTION, true);
        assertThat(unconnected.socketOption(SocketOption.LOW_DELAY_OPTION)).isEmpty();

        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            assertThat(socket.socketOption(SocketOption.LOW_DELAY_OPTION)).contains(true);
            socket.setSocketOption(SocketOption.LOW_DELAY_OPTION, 0);
            assertThat(socket.socketOption(SocketOption.LOW_DELAY_OPTION)).contains(false);
            socket.setSocketOption(SocketOption.KEEP_ALIVE_OPTION, true);
            assertThat(socket.socketOption(SocketOption.KEEP_ALIVE_OPTION)).contains(true);
            socket.setSocketOption(SocketOption.SEND_BUFFER_SIZE_SOCKET_OPTION, 65_536);
            assertThat(socket.socketOption(SocketOption.SEND_BUFFER_SIZE_SOCKET_OPTION))
                    .hasValueSatisfying(
                            value -> assertThat(((Number) value).intValue()).isPositive());
            socket.setSocketOption(SocketOption.RECEIVE_BUFFER_SIZE_SOCKET_OPTION, "many");
            socket.setSocketOption(SocketOption.MULTICAST_TTL_OPTION, 1);
            assertThat(socket.socketOption(SocketOption.MULTICAST_TTL_OPTION)).isEmpty();
            assertThat(socket.socketOption(SocketOption.TYPE_OF_SERVICE_OPTION)).isPresent();
        }
    }

    @Test
    void settings_areKeptAndChecked() {
        QTcpSocket socket = new QTcpSocket();
        socket.setReadBufferSize(1234);
        socket.setCloseTimeout(Duration.ZERO);
        socket.setProtocolTag("http");
        socket.setPauseMode(PauseMode.PAUSE_ON_SSL_ERRORS);

        assertThat(socket.readBufferSize()).isEqualTo(1234);
        assertThat(socket.closeTimeout()).isZero();
        assertThat(socket.protocolTag()).isEqualTo("http");
        assertThat(socket.pauseMode()).isEqualTo(PauseMode.PAUSE_ON_SSL_ERRORS);
        assertThatIllegalArgumentException().isThrownBy(() -> socket.setReadBufferSize(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> socket.setCloseTimeout(Duration.ofMillis(-1)));
    }
}
