package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsRole;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pre-shared key of one handshake. The library asks by different functions in different versions, and may ask twice; the
 * owner is asked once.
 */
final class PreSharedKeys {

    private static final int OFFERED_IDENTITY = 256;
    private static final int MOST_IDENTITIES = 128;
    private static final int HASH_SHA384_BYTES = 48;
    private static final int CONTINUE = 1;
    private static final byte[] SHA_256_SUITE = {0x13, 0x01};
    private static final byte[] SHA_384_SUITE = {0x13, 0x02};

    private final ContextSettings settings;
    private final NativeContext context;
    private final TlsRole role;
    private final TlsEvents events;
    private final long ssl;

    private @Nullable PskAnswer answer;

    /** The library is composing a ClientHello, and will ask by the older function if it got nothing from the newer one. */
    private boolean composingHello;

    /** What the library reads until the handshake is over. */
    @SuppressWarnings("UnusedVariable") // it is, outside of Java
    private @Nullable ByteBuffer identityMemory;

    private boolean offered;
    private boolean used;

    PreSharedKeys(ContextSettings settings, NativeContext context, TlsRole role, TlsEvents events, long ssl) {
        this.settings = settings;
        this.context = context;
        this.role = role;
        this.events = events;
        this.ssl = ssl;
    }

    /** {@return whether the handshake is founded on the owner's key} In TLS 1.3 known after {@link #settle}. */
    boolean isUsed() {
        return used;
    }

    /** The handshake is done: in TLS 1.3 a key counts as a resumed session, and so does a session. */
    void settle(boolean resumed) {
        if (offered && resumed) {
            used = role == TlsRole.SERVER || LibSsl.SSL_SESSION_has_ticket(LibSsl.SSL_get_session(ssl)) == 0;
        }
    }

    /** Client up to TLS 1.2: names an identity. Returns the length of its key; 0 to refuse. */
    int forServer(long hint, long identity, int identityRoom, long key, int keyRoom) {
        if (composingHello) {
            composingHello = false;
            return 0;
        }
        if (!isWantedNow()) {
            return 0;
        }
        PskAnswer given = ask(NativeMemory.text(hint), List.of(), identityRoom, keyRoom);
        byte[] name = given.identity();
        if (given.isNone() || name.length > identityRoom || contains(name, (byte) 0)) {
            return 0;
        }
        NativeMemory.write(identity, Arrays.copyOf(name, name.length + 1));
        return hand(given, key, keyRoom);
    }

    /** Server up to TLS 1.2: finds the key of an identity. Returns its length; 0 to refuse. */
    int forClient(long identity, long key, int keyRoom) {
        if (!isWantedNow()) {
            return 0;
        }
        PskAnswer given = ask(settings.pskIdentityHint(), List.of(NativeMemory.text(identity)), 0, keyRoom);
        return given.isNone() ? 0 : hand(given, key, keyRoom);
    }

    private boolean isWantedNow() {
        int version = LibSsl.SSL_version(ssl);
        return version < SslProtocol.TLS_V1_3.wireVersion()
                && settings.pskProtocols().stream().anyMatch(protocol -> protocol.wireVersion() == version);
    }

    private int hand(PskAnswer given, long target, int room) {
        byte[] key = given.key();
        try {
            if (key.length > room) {
                return 0;
            }
            NativeMemory.write(target, key);
            used = true;
            return key.length;
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Client of TLS 1.3: names an identity and its key, if there is one. */
    int use(long digest, long identity, long identityBytes, long session) {
        composingHello = true;
        NativeMemory.writeLong(session, 0);
        if (!settings.pskProtocols().contains(SslProtocol.TLS_V1_3)) {
            return CONTINUE;
        }
        PskAnswer given = ask("", List.of(), OFFERED_IDENTITY, longestKey());
        if (given.isNone() || (digest != 0 && !isHash(given, digest))) {
            return CONTINUE;
        }
        byte[] name = given.identity();
        ByteBuffer memory = ByteBuffer.allocateDirect(Math.max(1, name.length)).put(name);
        identityMemory = memory;
        NativeMemory.writeLong(identity, context.library().calls().address(memory));
        NativeMemory.writeLong(identityBytes, name.length);
        NativeMemory.writeLong(session, session(given));
        offered = true;
        // It has what it wants; when it asks by the older function, that is for a server of an older version.
        composingHello = false;
        return CONTINUE;
    }

    /** After a HelloRetryRequest the hash is fixed, and a key bound to another one would break the handshake. */
    private boolean isHash(PskAnswer given, long digest) {
        if (!context.library().isVersion3()) {
            return true;
        }
        boolean sha384 = LibSsl3.Crypto.EVP_MD_get_size(digest) == HASH_SHA384_BYTES;
        return sha384 == isSha384(given);
    }

    private static boolean isSha384(PskAnswer given) {
        return given.hash().equals("SHA-384");
    }

    /** {@return a session as the library wants a key of TLS 1.3 to look like; it takes it over} */
    private long session(PskAnswer given) {
        byte[] key = given.key();
        long session = LibSsl.SSL_SESSION_new();
        try {
            long suite = LibSsl.SSL_CIPHER_find(ssl, isSha384(given) ? SHA_384_SUITE : SHA_256_SUITE);
            boolean made = LibSsl.SSL_SESSION_set1_master_key(session, key, key.length) == 1
                    && LibSsl.SSL_SESSION_set_cipher(session, suite) == 1
                    && LibSsl.SSL_SESSION_set_protocol_version(session, SslProtocol.TLS_V1_3.wireVersion()) == 1;
            if (!made) {
                throw new IllegalStateException("OpenSSL does not take this pre-shared key");
            }
            return session;
        } catch (RuntimeException notTaken) {
            LibSsl.SSL_SESSION_free(session);
            throw notTaken;
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private int longestKey() {
        return context.library().isVersion3() ? 512 : 256;
    }

    /**
     * Server of TLS 1.3: asks for the key before the library chooses a suite, because the key is bound to a hash (RFC 8446,
     * section 4.2.11). Tickets of our own look like identities and are left out.
     */
    int clientSaidHello() {
        long[] content = new long[1];
        long[] bytes = new long[1];
        if (!settings.pskProtocols().contains(SslProtocol.TLS_V1_3)
                || LibSsl.SSL_client_hello_get0_ext(ssl, Ssl.EXTENSION_PRE_SHARED_KEY, content, bytes) != 1) {
            return CONTINUE;
        }
        List<String> identities = identities(NativeMemory.read(content[0], (int) bytes[0]));
        if (!identities.isEmpty()) {
            PskAnswer given = ask(settings.pskIdentityHint(), identities, 0, longestKey());
            String suites = given.isNone() ? "" : context.suitesOfTls13(isSha384(given));
            if (!suites.isEmpty()) {
                LibSsl.SSL_set_ciphersuites(ssl, NativeMemory.text(suites));
            }
        }
        return CONTINUE;
    }

    /** Reads what the extension offers; what is malformed the library refuses by itself. */
    private List<String> identities(byte[] extension) {
        List<String> identities = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(extension);
        int left = in.remaining() < 2 ? 0 : Math.min(Short.toUnsignedInt(in.getShort()), in.remaining());
        int end = in.position() + left;
        while (end - in.position() > 6 && identities.size() < MOST_IDENTITIES) {
            byte[] name = new byte[Math.min(Short.toUnsignedInt(in.getShort()), Math.max(0, end - in.position() - 4))];
            in.get(name).getInt();
            if (!context.isOwnTicket(name)) {
                identities.add(new String(name, StandardCharsets.ISO_8859_1));
            }
        }
        return identities;
    }

    /** Server of TLS 1.3: hands out the key that was found, for its identity alone. */
    int find(long identity, long identityBytes, long session) {
        NativeMemory.writeLong(session, 0);
        PskAnswer known = answer;
        if (known != null
                && !known.isNone()
                && Arrays.equals(known.identity(), NativeMemory.read(identity, (int) identityBytes))) {
            NativeMemory.writeLong(session, session(known));
            offered = true;
        }
        return CONTINUE;
    }

    private PskAnswer ask(String hint, List<String> identities, int identityRoom, int keyRoom) {
        PskAnswer known = answer;
        if (known == null) {
            Set<SslProtocol> protocols = EnumSet.copyOf(settings.pskProtocols());
            known = events.pskWanted(new PskQuestion(role, protocols, hint, identities, identityRoom, keyRoom));
            answer = known;
        }
        return known;
    }

    private static boolean contains(byte[] bytes, byte wanted) {
        for (byte each : bytes) {
            if (each == wanted) {
                return true;
            }
        }
        return false;
    }

    /** The handshake is over. */
    void wipe() {
        if (answer != null) {
            answer.close();
            answer = PskAnswer.NONE;
        }
        identityMemory = null;
    }
}
