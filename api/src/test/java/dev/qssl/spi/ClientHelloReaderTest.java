package dev.qssl.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ClientHelloReader.Progress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be learned from the first bytes of a connection. */
class ClientHelloReaderTest {

    /** A ClientHello of TLS 1.2, so old that it has no extensions. */
    private static final String WITHOUT_EXTENSIONS = "0303" + "00".repeat(32) + "00" + "0004c02f009c" + "0100";

    private static byte[] record(String message) {
        byte[] body = HexFormat.of().parseHex(message);
        return ByteBuffer.allocate(9 + body.length)
                .put(new byte[] {22, 3, 1})
                .putShort((short) (4 + body.length))
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) body.length)
                .put(body)
                .array();
    }

    private static Progress read(byte[] bytes) {
        return new ClientHelloReader().read(ByteBuffer.wrap(bytes));
    }

    private static ClientHello found(Progress progress) {
        assertThat(progress).isInstanceOf(Progress.Found.class);
        return ((Progress.Found) progress).hello();
    }

    private static byte[] helloOfTheJdk() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("WWW.Example.org")));
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        engine.setSSLParameters(parameters);
        engine.beginHandshake();
        ByteBuffer records = ByteBuffer.allocate(20_000);
        engine.wrap(ByteBuffer.allocate(0), records);
        byte[] bytes = new byte[records.flip().remaining()];
        records.get(bytes);
        return bytes;
    }

    @Test
    void helloOfTheJdk_isReadInFull() throws Exception {
        byte[] bytes = helloOfTheJdk();
        ByteBuffer received = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

        ClientHello hello = found(new ClientHelloReader().read(received));

        assertThat(received.position()).isZero();
        assertThat(received.remaining()).isEqualTo(bytes.length);
        assertThat(hello.versions()).containsExactly(SslProtocol.TLS_V1_3, SslProtocol.TLS_V1_2);
        assertThat(hello.serverName()).hasValue("www.example.org");
        assertThat(hello.alpn()).containsExactly("h2", "http/1.1");
        assertThat(hello.cipherSuites()).contains(0x1301, 0x1302, 0xC02B);
        assertThat(hello.groups()).contains(0x001D, 0x0017);
        assertThat(hello.signatureSchemes()).contains(0x0403, 0x0804);
        assertThat(hello.extensions()).contains(0, 10, 13, 16, 43, 51);
    }

    @Test
    void helloArrivingByteByByte_isWaitedFor() throws Exception {
        byte[] bytes = helloOfTheJdk();
        ClientHelloReader reader = new ClientHelloReader();

        for (int end = 0; end < bytes.length; end++) {
            assertThat(reader.read(ByteBuffer.wrap(bytes, 0, end))).isInstanceOf(Progress.NeedMore.class);
        }

        assertThat(found(reader.read(ByteBuffer.wrap(bytes))).alpn()).containsExactly("h2", "http/1.1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void helloInManyRecords_isPutTogether(int fragment) throws Exception {
        byte[] whole = helloOfTheJdk();
        ByteArrayOutputStream cut = new ByteArrayOutputStream();
        for (int at = 5; at < whole.length; at += fragment) {
            int length = Math.min(fragment, whole.length - at);
            cut.write(new byte[] {22, 3, 1, 0, (byte) length});
            cut.write(whole, at, length);
        }

        assertThat(found(read(cut.toByteArray()))).isEqualTo(found(read(whole)));
    }

    @Test
    void helloBehindOtherBytes_isReadFromThePosition() throws Exception {
        byte[] hello = helloOfTheJdk();
        ByteBuffer received = ByteBuffer.allocate(hello.length + 3)
                .put(new byte[3])
                .put(hello)
                .position(3);

        assertThat(found(new ClientHelloReader().read(received)).serverName()).hasValue("www.example.org");
        assertThat(received.position()).isEqualTo(3);
    }

    @Test
    void helloWithoutExtensions_offersItsVersionAndOlderOnes() {
        ClientHello hello = found(read(record(WITHOUT_EXTENSIONS)));

        assertThat(hello.versions()).containsExactly(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_1, SslProtocol.TLS_V1_0);
        assertThat(hello.cipherSuites()).containsExactly(0xC02F, 0x009C);
        assertThat(hello.serverName()).isEmpty();
        assertThat(hello.extensions()).isEmpty();
    }

    @Test
    void helloOfDatagrams_isReadPastItsCookie() {
        String body = "fefd" + "00".repeat(32) + "00" + "04aabbccdd" + "0002c02b" + "0100";

        ClientHello hello = ClientHelloReader.readDatagramBody(
                        ByteBuffer.wrap(HexFormat.of().parseHex(body)))
                .orElseThrow();

        assertThat(hello.versions()).containsExactly(SslProtocol.DTLS_V1_2, SslProtocol.DTLS_V1_0);
        assertThat(hello.cipherSuites()).containsExactly(0xC02B);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "47", // HTTP: GET
                "1700", // application data
                "1602", // no version 3
                "1603010000", // an empty record
                "160301ffff", // longer than any record
                "160301000102", // a ServerHello
                "16030100040100fffd" // longer than is accepted
            })
    void otherBytes_areKnownAtOnce(String hex) {
        assertThat(read(HexFormat.of().parseHex(hex))).isInstanceOf(Progress.NotTls.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03", // cut in the version
                "030300", // cut in the random bytes
                "0303" + "0000000000000000000000000000000000000000000000000000000000000000" + "ff", // session id
                "0303" + "0000000000000000000000000000000000000000000000000000000000000000" + "00" + "0003c02f00"
                        + "0100",
                "0303" + "0000000000000000000000000000000000000000000000000000000000000000" + "00" + "0002c02f" + "0100"
                        + "0005" + "0000" + "0010" + "00"
            })
    void helloThatContradictsItself_isNone(String body) {
        assertThat(read(record(body))).isInstanceOf(Progress.NotTls.class);
    }

    @Test
    void verdict_staysWhenMoreComes() {
        ClientHelloReader reader = new ClientHelloReader();
        Progress first = reader.read(ByteBuffer.wrap(new byte[] {71}));

        assertThat(reader.read(ByteBuffer.wrap(record(WITHOUT_EXTENSIONS)))).isSameAs(first);
    }

    @Test
    void damagedHellos_neverThrow() throws Exception {
        byte[] hello = helloOfTheJdk();
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = hello.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            assertThat(read(damaged)).isNotNull();
        }
    }
}
