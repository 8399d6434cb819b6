package dev.qssl.tck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.tck.fixture.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSocketsTest {

    @Test
    void rowOfTheTable_tellsPortStateAndInode() {
        // Documented in proc(5); the second has a connection.
        String listening =
                "   1: 0100007F:A1B2 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 35713"
                        + " 1 0000000000000000 100 0 0 10 0                     ";
        String connected =
                "  12: 0100007F:A1B2 0100007F:D431 01 00000000:00000000 02:000006D3 00000000     0        0 40001"
                        + " 2 0000000000000000 20 4 30 10 -1";

        assertThat(ProcessSockets.Row.of(listening)).contains(new ProcessSockets.Row(0xA1B2, true, "35713"));
        assertThat(ProcessSockets.Row.of(connected)).contains(new ProcessSockets.Row(0xA1B2, false, "40001"));
    }

    @Test
    void headOfTheTable_isNoRow() {
        assertThat(ProcessSockets.Row.of("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt"
                        + "   uid  timeout inode                                                     "))
                .isEmpty();
    }

    @Test
    void socketsOfThisProcess_areTold() throws IOException {
        ProcessSockets.require();
        ProcessSockets own = new ProcessSockets(ProcessHandle.current());
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = listener.socket().getLocalPort();
            assertThat(own.listeningPorts()).contains(port);

            SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET);
            try (client) {
                client.connect(listener.getLocalAddress());
                assertThat(own.hasConnections()).isTrue();
            }
        }
    }

    @Test
    void processWithoutSockets_hasNoneWhileItLivesAndAfterItsEnd() throws Exception {
        ProcessSockets.require();
        Process process = new ProcessBuilder(Programs.require("cat")).start();
        try {
            ProcessSockets none = new ProcessSockets(process.toHandle());

            assertThat(none.listeningPorts()).isEmpty();
            assertThat(none.hasConnections()).isFalse();

            process.destroy(); // and while it ends
            assertThat(none.hasConnections()).isFalse();
            process.waitFor();
            assertThat(none.hasConnections()).isFalse();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void socketsThatAreNotToldOfALivingProcess_areNotTakenForNone(@TempDir Path nothing) throws Exception {
        Process process = new ProcessBuilder(Programs.require("cat")).start();
        try {
            ProcessSockets untold = new ProcessSockets(process.toHandle(), nothing, Duration.ZERO);

            assertThatThrownBy(untold::hasConnections)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("process " + process.pid());
            assertThatThrownBy(untold::listeningPorts).isInstanceOf(UncheckedIOException.class);
        } finally {
            process.destroyForcibly();
        }
    }
}
