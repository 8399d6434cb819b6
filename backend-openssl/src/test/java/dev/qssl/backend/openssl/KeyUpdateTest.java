package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.JdkEnd;
import dev.qssl.tck.fixture.MemoryEnd;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of TLS 1.3 that carry no data, between those that do (RFC 8446, section 4.6.3). */
class KeyUpdateTest {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());
    private static final int WHOLE_RECORD = 16_000;

    private static MemoryEnd established(JdkEnd peer) throws Exception {
        MemoryEnd ours =
                new MemoryEnd(BENCH.context(EngineBench.settings(SslProtocol.TLS_V1_3)), EngineBench.TO_LOCALHOST);
        peer.run(ours);
        assertThat(ours.engine().isEstablished()).as("%s", ours.failure()).isTrue();
        assertThat(peer.isSettled()).isTrue();
        return ours;
    }

    /** What follows the new keys must stay where it is, if there is no room for it: nothing may stay in the library. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dataBehindNewKeysWithoutRoom_isLeftWhereItIs(boolean direct) throws Exception {
        JdkEnd peer = JdkEnd.server(SslProtocol.TLS_V1_3);
        MemoryEnd ours = established(peer);
        ByteBuffer records = ByteBuffer.allocateDirect(1 << 17);
        peer.say(WHOLE_RECORD, records);
        peer.beginAgain(records);
        peer.say(WHOLE_RECORD, records);
        int room = ours.engine().minPlaintextRoom() + 1_000;
        ByteBuffer plaintext = direct ? ByteBuffer.allocateDirect(room) : ByteBuffer.allocate(room);

        ours.engine().decrypt(records.flip(), plaintext);
        assertThat(plaintext.position()).isEqualTo(WHOLE_RECORD);
        assertThat(records.remaining()).isGreaterThan(WHOLE_RECORD);

        ours.engine().decrypt(records, plaintext.clear());
        assertThat(plaintext.position()).isEqualTo(WHOLE_RECORD);
        assertThat(records.hasRemaining()).isFalse();
        ours.engine().close();
    }

    /** The library answers nearly every time; a peer that does not take the answers would have them pile up without end. */
    @Test
    void newKeysWithoutEnd_areRefused() throws Exception {
        JdkEnd peer = JdkEnd.server(SslProtocol.TLS_V1_3);
        MemoryEnd ours = established(peer);
        ByteBuffer records = ByteBuffer.allocateDirect(1 << 17);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        peer.beginAgain(records.clear());
                        ours.engine().decrypt(records.flip(), ours.plaintext());
                    }
                })
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.error()).isEqualTo(TlsError.PROTOCOL_VIOLATION));
        ours.engine().close();
    }

    @Test
    void newKeysWhoseAnswersAreTaken_goOnForEver() throws Exception {
        JdkEnd peer = JdkEnd.server(SslProtocol.TLS_V1_3);
        MemoryEnd ours = established(peer);
        for (int i = 0; i < 20_000; i++) {
            peer.beginAgain(ours.inbox());
            ours.inbox().flip();
            ours.engine().decrypt(ours.inbox(), ours.plaintext());
            ours.inbox().clear();
            ours.engine().encrypt(ByteBuffer.allocate(0), ours.outbox().clear());
        }

        ours.say(10);
        assertThat(ours.outbox().position()).isPositive();
        ours.engine().close();
    }
}
