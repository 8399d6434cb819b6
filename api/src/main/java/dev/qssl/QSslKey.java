package dev.qssl;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSsl.KeyAlgorithm;
import dev.qssl.QSsl.KeyType;
import dev.qssl.net.QIODevice;
import dev.qssl.spi.x509.EncodingException;
import dev.qssl.spi.x509.EncryptedPrivateKey;
import dev.qssl.spi.x509.KeyDescription;
import dev.qssl.spi.x509.KeyReader;
import dev.qssl.spi.x509.Pem;
import dev.qssl.spi.x509.PublicKeyCodec;
import java.io.IOException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A private or public key, or none (a <em>null key</em>).
 *
 * <p>Immutable but for {@link #clear}; safe for use by several threads that do not call it. Two keys are equal if both are
 * null, or if type, algorithm, length and encoding are the same; keys without an encoding are equal if they wrap the same
 * object. Holds a key of the JDK; what came in as bytes is copied into it, and lives until the garbage collector takes it.
 */
public final class QSslKey {

    private static final byte[] NO_PASS_PHRASE = {};

    private @Nullable Key key;

    /** Creates a null key. */
    public QSslKey() {}

    /**
     * Creates another key like the given one, which its {@link #clear} does not change.
     *
     * @param other the key to copy; may be null as in {@link #isNull}
     */
    public QSslKey(QSslKey other) {
        this(other.key);
    }

    /**
     * Reads a private key from PEM that is not encrypted. Like {@link #QSslKey(byte[], KeyAlgorithm, EncodingFormat, KeyType, byte[])}.
     *
     * @param encoded the key
     * @param algorithm what it must be
     */
    public QSslKey(byte[] encoded, KeyAlgorithm algorithm) {
        this(encoded, algorithm, EncodingFormat.PEM);
    }

    /**
     * Reads a private key that is not encrypted. Like {@link #QSslKey(byte[], KeyAlgorithm, EncodingFormat, KeyType, byte[])}.
     *
     * @param encoded the key
     * @param algorithm what it must be
     * @param format how it is written
     */
    public QSslKey(byte[] encoded, KeyAlgorithm algorithm, EncodingFormat format) {
        this(encoded, algorithm, format, KeyType.PRIVATE_KEY);
    }

    /**
     * Reads a key that is not encrypted. Like {@link #QSslKey(byte[], KeyAlgorithm, EncodingFormat, KeyType, byte[])}.
     *
     * @param encoded the key
     * @param algorithm what it must be
     * @param format how it is written
     * @param type which half is wanted
     */
    public QSslKey(byte[] encoded, KeyAlgorithm algorithm, EncodingFormat format, KeyType type) {
        this(encoded, algorithm, format, type, NO_PASS_PHRASE);
    }

    /**
     * Reads a key; a null key results if that fails for any reason. To learn the reason, use {@link #read}.
     *
     * <p>Private keys may be PKCS#8, encrypted or not, or in the traditional forms of RSA, EC and DSA; public keys
     * SubjectPublicKeyInfo or PKCS#1.
     *
     * @param encoded the key; in PEM the first one of the wanted type
     * @param algorithm what it must be
     * @param format how it is written
     * @param type which half is wanted
     * @param passPhrase UTF-8; empty for none; ignored if the key is not encrypted. Neither kept nor wiped
     */
    public QSslKey(byte[] encoded, KeyAlgorithm algorithm, EncodingFormat format, KeyType type, byte[] passPhrase) {
        this(readOrNull(encoded, algorithm, format, type, passPhrase));
    }

    /**
     * Reads a key from a device. Like {@link #QSslKey(byte[], KeyAlgorithm, EncodingFormat, KeyType, byte[])}.
     *
     * @param device open; all that is there to be read is read
     * @param algorithm what it must be
     * @param format how it is written
     * @param type which half is wanted
     * @param passPhrase UTF-8; empty for none; ignored if the key is not encrypted. Neither kept nor wiped
     */
    public QSslKey(QIODevice device, KeyAlgorithm algorithm, EncodingFormat format, KeyType type, byte[] passPhrase) {
        this(device.readAll(), algorithm, format, type, passPhrase);
    }

    private QSslKey(@Nullable Key key) {
        this.key = key;
    }

    /**
     * {@return a key around this one} It may be opaque: one that lives in a token and has no encoding.
     *
     * @param key of any provider
     */
    public static QSslKey fromPrivateKey(PrivateKey key) {
        return new QSslKey(Objects.requireNonNull(key, "key"));
    }

    /**
     * {@return a key around this one}
     *
     * @param key of any provider
     */
    public static QSslKey fromPublicKey(PublicKey key) {
        return new QSslKey(Objects.requireNonNull(key, "key"));
    }

    /**
     * {@return the key in a file, whatever its format and algorithm; a private one if there is any}
     *
     * @param pemOrDer the file's contents
     * @param passPhrase UTF-8; empty for none; ignored if the key is not encrypted. Neither kept nor wiped
     * @throws IOException if there is none, it is damaged or unknown, or the pass phrase is missing or wrong; the message
     *     says what was expected and what came
     */
    public static QSslKey read(byte[] pemOrDer, byte[] passPhrase) throws IOException {
        return new QSslKey(KeyReader.read(pemOrDer, passPhrase));
    }

    /** {@return whether this is no key} */
    public boolean isNull() {
        return key == null;
    }

    /** Makes this a null key. Other objects around the same key are not affected. */
    public void clear() {
        key = null;
    }

    /** {@return the length in bits; -1 for a null key, or if it is not known} */
    public int length() {
        return key == null ? -1 : KeyDescription.of(key).bits();
    }

    /** {@return which half it is; {@code PUBLIC_KEY} for a null key} */
    public KeyType type() {
        return key instanceof PrivateKey ? KeyType.PRIVATE_KEY : KeyType.PUBLIC_KEY;
    }

    /** {@return its algorithm; {@code OPAQUE} for a null key, a private key without encoding, or an unknown algorithm} */
    public KeyAlgorithm algorithm() {
        if (key == null || encoding(key) == null) {
            return KeyAlgorithm.OPAQUE;
        }
        return KeyDescription.of(key).algorithm();
    }

    /** {@return PEM: PKCS#8 of a private key, not encrypted, or SubjectPublicKeyInfo; empty if null or opaque} */
    public byte[] toPem() {
        byte[] der = toDer();
        if (der.length == 0) {
            return der;
        }
        byte[] pem = Pem.encode(type() == KeyType.PRIVATE_KEY ? "PRIVATE KEY" : "PUBLIC KEY", der);
        Arrays.fill(der, (byte) 0);
        return pem;
    }

    /** {@return DER: PKCS#8 of a private key, not encrypted, or SubjectPublicKeyInfo; empty if null or opaque} */
    public byte[] toDer() {
        byte[] der = key == null ? null : encoding(key);
        return der == null ? new byte[0] : der.clone();
    }

    /**
     * {@return PEM: an encrypted PKCS#8 private key, or a public key as it is; empty if null or opaque}
     *
     * <p>The key is encrypted with AES-256 and PBKDF2 with HMAC-SHA-256 in 600,000 iterations, which takes about half a
     * second.
     *
     * @param passPhrase UTF-8; empty for no encryption. Neither kept nor wiped
     */
    public byte[] toPem(byte[] passPhrase) {
        if (passPhrase.length == 0 || type() == KeyType.PUBLIC_KEY) {
            return toPem();
        }
        byte[] der = toDer();
        if (der.length == 0) {
            return der;
        }
        byte[] encrypted = EncryptedPrivateKey.encrypt(der, passPhrase);
        Arrays.fill(der, (byte) 0);
        return Pem.encode("ENCRYPTED PRIVATE KEY", encrypted);
    }

    /**
     * {@return DER of a public key; as in Qt nothing for a private key, which is encrypted in PEM only}
     *
     * @param passPhrase only its being empty or not counts
     */
    public byte[] toDer(byte[] passPhrase) {
        return passPhrase.length > 0 && type() == KeyType.PRIVATE_KEY ? new byte[0] : toDer();
    }

    /** {@return the JDK's key; empty if this is null or a public key} */
    public Optional<PrivateKey> toPrivateKey() {
        return key instanceof PrivateKey secret ? Optional.of(secret) : Optional.empty();
    }

    /** {@return the JDK's key; empty if this is null or a private key} */
    public Optional<PublicKey> toPublicKey() {
        return key instanceof PublicKey open ? Optional.of(open) : Optional.empty();
    }

    /** {@return the JDK's key of either type; empty if this is null} */
    public Optional<Key> handle() {
        return Optional.ofNullable(key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QSslKey that && same(key, that.key);
    }

    @Override
    public int hashCode() {
        return key == null ? 0 : Objects.hash(type(), Arrays.hashCode(encoding(key)));
    }

    /** {@return type, algorithm and length; nothing secret} */
    @Override
    public String toString() {
        return key == null ? "QSslKey[null]" : "QSslKey[" + type() + ", " + algorithm() + ", " + length() + " bits]";
    }

    private static boolean same(@Nullable Key one, @Nullable Key other) {
        if (one == other) {
            return true;
        }
        if (one == null || other == null || one instanceof PrivateKey != other instanceof PrivateKey) {
            return false;
        }
        byte[] encoding = encoding(one);
        return encoding != null && MessageDigest.isEqual(encoding, encoding(other));
    }

    private static byte @Nullable [] encoding(Key key) {
        return key.getEncoded();
    }

    private static @Nullable Key readOrNull(
            byte[] encoded, KeyAlgorithm algorithm, EncodingFormat format, KeyType type, byte[] passPhrase) {
        try {
            Key key = switch (type) {
                case PRIVATE_KEY ->
                    format == EncodingFormat.PEM
                            ? KeyReader.privatePem(encoded, passPhrase)
                            : KeyReader.privateDer(encoded, passPhrase);
                case PUBLIC_KEY ->
                    format == EncodingFormat.PEM ? KeyReader.publicPem(encoded) : PublicKeyCodec.decode(encoded);
            };
            return KeyDescription.of(key).algorithm() == algorithm ? key : null;
        } catch (EncodingException unreadable) {
            return null;
        }
    }
}
