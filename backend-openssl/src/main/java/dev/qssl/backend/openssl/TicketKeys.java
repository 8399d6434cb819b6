package dev.qssl.backend.openssl;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.qssl.spi.ContextSettings.TicketKey;
import dev.qssl.spi.TlsException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys that protect session tickets and are shared by several servers (RFC 5077, section 4): AES-256-CBC and HMAC with SHA-256,
 * as OpenSSL does with its own, under keys derived from the secret.
 *
 * <p>Tickets of the first key are made and opened; those of the others are opened, and replaced.
 */
final class TicketKeys {

    /** No keys of our own: the library makes some. */
    static final TicketKeys NONE = new TicketKeys(List.of());

    private static final int NAME_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final int BLOCK_BYTES = 16;
    private static final int UNKNOWN = 0;
    private static final int USE = 1;
    private static final int USE_AND_RENEW = 2;
    private static final int FAILED = -1;
    private static final int UTF8_STRING = 4;
    private static final int OCTET_STRING = 5;
    private static final int PARAMETER_BYTES = 40;

    private final List<Key> keys;

    private TicketKeys(List<Key> keys) {
        this.keys = keys;
    }

    /**
     * {@return these keys}
     *
     * @throws TlsException if a name has not 16 bytes or a secret fewer than 32
     */
    static TicketKeys of(List<TicketKey> wanted, Refusals refusals) throws TlsException {
        if (wanted.isEmpty()) {
            return NONE;
        }
        List<Key> keys = new ArrayList<>(wanted.size());
        for (TicketKey key : wanted) {
            if (key.name().length() != NAME_BYTES || key.secret().length() < KEY_BYTES) {
                throw refusals.invalid("a ticket key has a name of 16 bytes and a secret of 32 or more, not "
                        + key.name().length() + " and " + key.secret().length());
            }
            keys.add(new Key(key));
        }
        return new TicketKeys(keys);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    int size() {
        return keys.size();
    }

    /** {@return the first key as the library takes a single one: name, key of the HMAC, key of the cipher} */
    byte[] asSingle() {
        Key key = keys.get(0);
        byte[] all = Arrays.copyOf(key.name, NAME_BYTES + 2 * KEY_BYTES);
        System.arraycopy(key.authentication, 0, all, NAME_BYTES, KEY_BYTES);
        System.arraycopy(key.encryption, 0, all, NAME_BYTES + KEY_BYTES, KEY_BYTES);
        return all;
    }

    /** Answers the library: which key a ticket is made or opened with. */
    int use(long name, long iv, long cipher, long mac, int encrypting) {
        if (encrypting == 1) {
            Key key = keys.get(0);
            NativeMemory.write(name, key.name);
            boolean done = LibSsl3.Crypto.RAND_bytes(iv, BLOCK_BYTES) == 1
                    && LibSsl3.Crypto.EVP_EncryptInit_ex(
                                    cipher, LibSsl3.Crypto.EVP_aes_256_cbc(), 0, key.encryption, iv)
                            == 1
                    && LibSsl3.Crypto.EVP_MAC_CTX_set_params(mac, key.parameters()) == 1;
            return done ? USE : FAILED;
        }
        byte[] wanted = NativeMemory.read(name, NAME_BYTES);
        for (Key key : keys) {
            if (Arrays.equals(key.name, wanted)) {
                boolean done = LibSsl3.Crypto.EVP_MAC_CTX_set_params(mac, key.parameters()) == 1
                        && LibSsl3.Crypto.EVP_DecryptInit_ex(
                                        cipher, LibSsl3.Crypto.EVP_aes_256_cbc(), 0, key.encryption, iv)
                                == 1;
                return !done ? FAILED : key == keys.get(0) ? USE : USE_AND_RENEW;
            }
        }
        return UNKNOWN;
    }

    /** {@return whether this is a ticket of ours, by the name it begins with} */
    boolean isOurs(byte[] ticket) {
        return keys.stream().anyMatch(key -> startsWith(ticket, key.name));
    }

    static boolean startsWith(byte[] ticket, byte[] name) {
        return ticket.length > name.length && Arrays.equals(ticket, 0, name.length, name, 0, name.length);
    }

    /** One of them, with what the library's MAC wants: an array of {@code OSSL_PARAM}. */
    private static final class Key {

        private final byte[] name;
        private final byte[] encryption;
        private final byte[] authentication;
        private final Memory memory;

        Key(TicketKey key) {
            name = key.name().getBytes(StandardCharsets.ISO_8859_1);
            byte[] secret = key.secret().getBytes(StandardCharsets.ISO_8859_1);
            encryption = derive(secret, "qssl session ticket encryption");
            authentication = derive(secret, "qssl session ticket authentication");
            Arrays.fill(secret, (byte) 0);
            memory = parameters(authentication);
        }

        private static byte[] derive(byte[] secret, String purpose) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                return mac.doFinal(purpose.getBytes(StandardCharsets.US_ASCII));
            } catch (GeneralSecurityException impossible) {
                throw new AssertionError("every JDK has HMAC with SHA-256", impossible);
            }
        }

        private static Memory parameters(byte[] key) {
            int texts = 3 * PARAMETER_BYTES;
            Memory memory = new Memory(texts + 4 + 7 + 7 + KEY_BYTES);
            memory.clear();
            memory.setString(texts, "key");
            memory.setString(texts + 4, "digest");
            memory.setString(texts + 11, "SHA256");
            memory.write(texts + 18, key, 0, key.length);
            parameter(memory, 0, texts, OCTET_STRING, texts + 18, KEY_BYTES);
            parameter(memory, PARAMETER_BYTES, texts + 4, UTF8_STRING, texts + 11, 6);
            return memory;
        }

        private static void parameter(Memory memory, int at, int name, int type, int value, int bytes) {
            memory.setPointer(at, memory.share(name));
            memory.setInt(at + 8, type);
            memory.setPointer(at + 16, memory.share(value));
            memory.setLong(at + 24, bytes);
            memory.setLong(at + 32, -1);
        }

        long parameters() {
            return Pointer.nativeValue(memory);
        }
    }
}
