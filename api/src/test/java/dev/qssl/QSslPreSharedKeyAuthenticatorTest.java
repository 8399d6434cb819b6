package dev.qssl;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.TlsRole;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QSslPreSharedKeyAuthenticatorTest {

    private static final Set<SslProtocol> PROTOCOLS = Set.of(SslProtocol.TLS_V1_2);

    @Test
    void client_setsIdentityAndKeyUpToTheLimits() {
        QSslPreSharedKeyAuthenticator client = client();

        client.setIdentity(bytes("me, and a very long name"));
        client.setPreSharedKey(bytes("12345"));

        assertThat(client.identityHint()).isEqualTo(bytes("hint"));
        assertThat(client.maximumIdentityLength()).isEqualTo(8);
        assertThat(client.maximumPreSharedKeyLength()).isEqualTo(4);
        assertThat(client.identity()).isEqualTo(bytes("me, and "));
        assertThat(client.preSharedKey()).isEqualTo(bytes("1234"));
        assertThat(client.toString()).doesNotContain("1234");
        try (PskAnswer answer = client.answer()) {
            assertThat(answer.identity()).isEqualTo(bytes("me, and "));
            assertThat(answer.key()).isEqualTo(bytes("1234"));
            assertThat(answer.hash()).isEqualTo("SHA-256");
        }
    }

    @Test
    void server_seesTheIdentityAndCannotChangeIt() {
        QSslPreSharedKeyAuthenticator server = QSslPreSharedKeyAuthenticator.of(
                new PskQuestion(TlsRole.SERVER, PROTOCOLS, "hint", List.of("first", "second"), 0, 4));

        server.setIdentity(bytes("other"));

        assertThat(server.identity()).isEqualTo(bytes("first"));
        assertThat(server.maximumIdentityLength()).isZero();
    }

    @Test
    void noKey_isNoAnswer() {
        QSslPreSharedKeyAuthenticator client = client();
        client.setIdentity(bytes("me"));
        client.setPreSharedKey(new byte[0]);

        assertThat(client.answer().isNone()).isTrue();
    }

    @Test
    void wipedKey_isGone() {
        QSslPreSharedKeyAuthenticator client = client();
        client.setPreSharedKey(bytes("1234"));

        client.wipe();

        assertThat(client.preSharedKey()).isEmpty();
    }

    @Test
    void allFiveParts_makeAuthenticatorsEqual() {
        QSslPreSharedKeyAuthenticator one = client();
        QSslPreSharedKeyAuthenticator other = client();
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);

        one.setPreSharedKey(bytes("1"));
        assertThat(one).isNotEqualTo(other);

        other.setPreSharedKey(bytes("1"));
        other.setIdentity(bytes("me"));
        assertThat(one).isNotEqualTo(other).isNotEqualTo(new QSslPreSharedKeyAuthenticator());
    }

    @Test
    void otherHash_isRefused() {
        QSslPreSharedKeyAuthenticator client = client();
        client.setHash("SHA-384");

        assertThat(client.hash()).isEqualTo("SHA-384");
        assertThatThrownBy(() -> client.setHash("MD5")).isInstanceOf(IllegalArgumentException.class);
    }

    private static QSslPreSharedKeyAuthenticator client() {
        return QSslPreSharedKeyAuthenticator.of(new PskQuestion(TlsRole.CLIENT, PROTOCOLS, "hint", List.of(), 8, 4));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
