package dev.qssl.backend.conscrypt;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.jsse.JsseLibrary;
import java.io.Serial;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLEngine;
import org.conscrypt.PSKKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Hands Conscrypt's questions for a pre-shared key on to the owner of the connection. One object serves all connections of a
 * context.
 *
 * <p>Identities and hints are bytes, which Conscrypt turns into text as UTF-8; what is not UTF-8 cannot be said.
 */
// Conscrypt discourages pre-shared keys in general; there is no other way to have them.
@SuppressWarnings("deprecation")
final class PskKeys implements PSKKeyManager {

    private static final Set<SslProtocol> PROTOCOLS = Set.of(SslProtocol.TLS_V1_2);

    private final String hint;

    PskKeys(ContextSettings settings) {
        this.hint = settings.pskIdentityHint();
    }

    /** {@return these bytes as Conscrypt takes them; empty if it cannot} */
    static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    /** {@return bytes that are written as ISO-8859-1 text as Conscrypt takes them; empty if it cannot} */
    static Optional<String> text(String latin1) {
        return text(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String latin1(@Nullable String text) {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public @Nullable String chooseServerKeyIdentityHint(@Nullable SSLEngine engine) {
        return hint.isEmpty() ? null : text(hint).orElse(null);
    }

    @Override
    public String chooseClientKeyIdentity(@Nullable String identityHint, @Nullable SSLEngine engine) {
        return text(askAsClient(identityHint).identity()).orElse("");
    }

    @Override
    public SecretKey getKey(@Nullable String identityHint, @Nullable String identity, SSLEngine engine) {
        PskAnswer answer = engine.getUseClientMode() ? askAsClient(identityHint) : askAsServer(identity);
        boolean isSayable =
                !engine.getUseClientMode() || text(answer.identity()).isPresent();
        if (answer.isNone() || !isSayable) {
            return new NoKey();
        }
        byte[] key = answer.key();
        try {
            return new SecretKeySpec(key, "RAW");
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static PskAnswer askAsClient(@Nullable String identityHint) {
        return JsseLibrary.askForPreSharedKey(new PskQuestion(
                TlsRole.CLIENT,
                PROTOCOLS,
                latin1(identityHint),
                List.of(),
                MAX_IDENTITY_LENGTH_BYTES,
                MAX_KEY_LENGTH_BYTES));
    }

    private PskAnswer askAsServer(@Nullable String identity) {
        return JsseLibrary.askForPreSharedKey(
                new PskQuestion(TlsRole.SERVER, PROTOCOLS, hint, List.of(latin1(identity)), 0, MAX_KEY_LENGTH_BYTES));
    }

    @Override
    public @Nullable String chooseServerKeyIdentityHint(@Nullable Socket socket) {
        return null;
    }

    @Override
    public String chooseClientKeyIdentity(@Nullable String identityHint, @Nullable Socket socket) {
        return "";
    }

    @Override
    public SecretKey getKey(@Nullable String identityHint, @Nullable String identity, @Nullable Socket socket) {
        return new NoKey();
    }

    /**
     * Says that there is no key. Conscrypt (2.9.0) fails on a key that is null, on the way to BoringSSL, and on a client then
     * sends no alert; a key without bytes makes BoringSSL itself refuse.
     */
    private static final class NoKey implements SecretKey {

        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public String getAlgorithm() {
            return "NONE";
        }

        @Override
        public @Nullable String getFormat() {
            return null;
        }

        @Override
        public byte @Nullable [] getEncoded() {
            return null;
        }
    }
}
