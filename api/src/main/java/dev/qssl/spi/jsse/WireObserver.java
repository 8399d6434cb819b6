package dev.qssl.spi.jsse;

import dev.qssl.QSsl.AlertLevel;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ClientHello;
import dev.qssl.spi.ClientHelloReader;
import dev.qssl.spi.EphemeralKey;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsRegistry;
import dev.qssl.spi.TlsRole;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads along what a handshake sends in clear, in both directions, because a JSSE library tells little of it: the version and
 * group chosen, whether a session was resumed, what a client asked for.
 *
 * <p>Sees whole records, never changes anything, and never fails: what it cannot read it leaves to the library, which will
 * complain, and looks away from then on. Both directions turn unreadable by themselves (at ChangeCipherSpec, or at the
 * ServerHello of TLS 1.3); until then it holds at most one message that interests it.
 */
final class WireObserver {

    private static final int RECORD_HEADER_BYTES = 5;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;

    private static final int SERVER_HELLO = 2;
    private static final int CLIENT_HELLO = 1;
    private static final int CERTIFICATE = 11;
    private static final int SERVER_KEY_EXCHANGE = 12;
    private static final int SERVER_HELLO_DONE = 14;

    private static final int PRE_SHARED_KEY = 41;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;
    private static final int NAMED_CURVE = 3;

    /** A ServerHello with this random value asks for another ClientHello (RFC 8446, section 4.1.3). */
    private static final byte[] HELLO_RETRY_REQUEST = {
        (byte) 0xCF,
        0x21,
        (byte) 0xAD,
        0x74,
        (byte) 0xE5,
        (byte) 0x9A,
        0x61,
        0x11,
        (byte) 0xBE,
        0x1D,
        (byte) 0x8C,
        0x02,
        0x1E,
        0x65,
        (byte) 0xB8,
        (byte) 0x91,
        (byte) 0xC2,
        (byte) 0xA2,
        0x11,
        0x16,
        0x7A,
        (byte) 0xBB,
        (byte) 0x8C,
        0x5E,
        0x07,
        (byte) 0x9E,
        0x09,
        (byte) 0xE2,
        (byte) 0xC8,
        (byte) 0xA8,
        0x33,
        (byte) 0x9C
    };

    private final TlsRole role;
    private final MessageReader fromUs;
    private final MessageReader fromPeer;

    private SslProtocol protocol = SslProtocol.UNKNOWN_PROTOCOL;
    private int cipherSuite = -1;
    private boolean resumed;
    private boolean emptyClientCertificate;
    private Optional<String> group = Optional.empty();
    private Optional<String> signatureScheme = Optional.empty();
    private @Nullable EphemeralKey ephemeralKey;
    private @Nullable ClientHello clientHello;

    WireObserver(TlsRole role) {
        this.role = role;
        this.fromUs = new MessageReader(role);
        this.fromPeer = new MessageReader(role.peer());
    }

    /** Looks at what the peer sent. */
    void incoming(ByteBuffer bytes, int from, int to) {
        observe(fromPeer, bytes, from, to);
    }

    /** Looks at what we send. */
    void outgoing(ByteBuffer bytes, int from, int to) {
        observe(fromUs, bytes, from, to);
    }

    /**
     * {@return the alert in this record, or null if it is none in clear} Its length tells: an encrypted one is longer.
     *
     * @param bytes holds the record
     * @param from where it begins
     * @param to where the bytes end
     */
    static @Nullable TlsAlert alert(ByteBuffer bytes, int from, int to) {
        if (to - from < RECORD_HEADER_BYTES + 2
                || unsigned(bytes, from) != ALERT
                || unsigned(bytes, from + 1) != 3
                || length(bytes, from) != 2) {
            return null;
        }
        int level = unsigned(bytes, from + RECORD_HEADER_BYTES);
        int code = unsigned(bytes, from + RECORD_HEADER_BYTES + 1);
        return switch (level) {
            case 1 -> TlsAlert.of(AlertLevel.WARNING, code);
            case 2 -> TlsAlert.of(AlertLevel.FATAL, code);
            default -> TlsAlert.of(AlertLevel.UNKNOWN, code);
        };
    }

    /** {@return where the record that begins there ends, or the end of the bytes if it is incomplete} */
    static int recordEnd(ByteBuffer bytes, int from, int to) {
        return to - from < RECORD_HEADER_BYTES ? to : Math.min(to, from + RECORD_HEADER_BYTES + length(bytes, from));
    }

    private void observe(MessageReader sender, ByteBuffer bytes, int from, int to) {
        int at = from;
        while (!sender.encrypted && to - at >= RECORD_HEADER_BYTES) {
            int end = recordEnd(bytes, at, to);
            switch (unsigned(bytes, at)) {
                // In TLS 1.3 it is sent only to please middleboxes, but nothing in clear follows it either.
                case CHANGE_CIPHER_SPEC -> changeCipherSpec(sender);
                case HANDSHAKE -> messages(sender, bytes, at + RECORD_HEADER_BYTES, end);
                default -> {}
            }
            at = end;
        }
    }

    private void changeCipherSpec(MessageReader sender) {
        // A server that neither showed a certificate nor exchanged keys goes on with an earlier session (RFC 5246,
        // 7.3).
        if (sender.role == TlsRole.SERVER && protocol != SslProtocol.TLS_V1_3) {
            resumed = protocol.isConcrete() && sender.lastInteresting == SERVER_HELLO;
        }
        // A client may send one between a HelloRetryRequest and its second ClientHello, which is still in clear.
        if (protocol.isConcrete()) {
            sender.encrypted = true;
        }
    }

    private void messages(MessageReader sender, ByteBuffer bytes, int from, int to) {
        try {
            int at = from;
            while (at < to && !sender.encrypted) {
                at += sender.take(bytes, at, to);
                if (sender.isComplete()) {
                    message(sender, sender.type(), sender.body());
                    sender.next();
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            fromUs.encrypted = true;
            fromPeer.encrypted = true;
        }
    }

    private void message(MessageReader sender, int type, ByteBuffer body) {
        switch (type) {
            case CLIENT_HELLO -> {
                if (role == TlsRole.SERVER) {
                    clientHello = ClientHelloReader.readBody(body).orElse(clientHello);
                }
            }
            case SERVER_HELLO -> serverHello(body);
            case SERVER_KEY_EXCHANGE -> serverKeyExchange(body);
            case CERTIFICATE -> {
                // A list of no certificates: its length, in three bytes, is all there is.
                if (sender.role == TlsRole.CLIENT && sender.bodyLength == 3) {
                    emptyClientCertificate = true;
                }
            }
            default -> {}
        }
    }

    private void serverHello(ByteBuffer body) {
        int version = Short.toUnsignedInt(body.getShort());
        byte[] random = new byte[32];
        body.get(random);
        if (Arrays.equals(random, HELLO_RETRY_REQUEST)) {
            return;
        }
        skip(body, Byte.toUnsignedInt(body.get()));
        cipherSuite = Short.toUnsignedInt(body.getShort());
        skip(body, 1);
        if (body.hasRemaining()) {
            skip(body, 2);
        }
        while (body.hasRemaining()) {
            int type = Short.toUnsignedInt(body.getShort());
            ByteBuffer data = part(body, Short.toUnsignedInt(body.getShort()));
            switch (type) {
                case SUPPORTED_VERSIONS -> version = Short.toUnsignedInt(data.getShort());
                case PRE_SHARED_KEY -> resumed = true;
                case KEY_SHARE -> keyShare(data);
                default -> {}
            }
        }
        protocol = SslProtocol.ofWireVersion(version);
        if (protocol == SslProtocol.TLS_V1_3) {
            fromUs.encrypted = true;
            fromPeer.encrypted = true;
        }
    }

    private void keyShare(ByteBuffer data) {
        int code = Short.toUnsignedInt(data.getShort());
        group = TlsRegistry.groupName(code);
        byte[] key = bytes(part(data, Short.toUnsignedInt(data.getShort())));
        ephemeralKey = group.map(name -> EphemeralKey.ofGroup(name, key)).orElse(null);
    }

    private void serverKeyExchange(ByteBuffer body) {
        String exchange =
                CipherSuite.ofCode(cipherSuite).map(CipherSuite::keyExchange).orElse("");
        switch (exchange) {
            case "ECDH" -> {
                if (Byte.toUnsignedInt(body.get()) != NAMED_CURVE) {
                    return;
                }
                group = TlsRegistry.groupName(Short.toUnsignedInt(body.getShort()));
                byte[] key = bytes(part(body, Byte.toUnsignedInt(body.get())));
                ephemeralKey =
                        group.map(name -> EphemeralKey.ofGroup(name, key)).orElse(null);
            }
            case "DH" -> {
                byte[] prime = bytes(part(body, Short.toUnsignedInt(body.getShort())));
                byte[] generator = bytes(part(body, Short.toUnsignedInt(body.getShort())));
                byte[] key = bytes(part(body, Short.toUnsignedInt(body.getShort())));
                ephemeralKey = EphemeralKey.diffieHellman(prime, generator, key);
            }
            default -> {
                return;
            }
        }
        if (protocol == SslProtocol.TLS_V1_2 && body.hasRemaining()) {
            signatureScheme = TlsRegistry.signatureSchemeName(Short.toUnsignedInt(body.getShort()));
        }
    }

    private static byte[] bytes(ByteBuffer part) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        return bytes;
    }

    private static ByteBuffer part(ByteBuffer bytes, int length) {
        ByteBuffer part = bytes.slice().limit(length);
        skip(bytes, length);
        return part;
    }

    private static void skip(ByteBuffer bytes, int length) {
        bytes.position(bytes.position() + length);
    }

    private static int length(ByteBuffer bytes, int recordStart) {
        return unsigned(bytes, recordStart + 3) << 8 | unsigned(bytes, recordStart + 4);
    }

    private static int unsigned(ByteBuffer bytes, int at) {
        return Byte.toUnsignedInt(bytes.get(at));
    }

    /** {@return the version that the server chose, or UNKNOWN_PROTOCOL before it did} */
    SslProtocol protocol() {
        return protocol;
    }

    /** {@return the number of the cipher suite that the server chose, or -1} */
    int cipherSuite() {
        return cipherSuite;
    }

    /** {@return whether an earlier session was resumed} Known once the server's half of the handshake went by. */
    boolean isResumed() {
        return resumed;
    }

    /** {@return whether our side has sent, or is about to send, nothing but encrypted records from here on} */
    boolean isOursEncrypted() {
        return fromUs.encrypted;
    }

    /** {@return whether the peer may send nothing but encrypted records from here on} */
    boolean isTheirsEncrypted() {
        return fromPeer.encrypted;
    }

    /** {@return whether the client answered the server's question for a certificate with none, in clear} */
    boolean isClientCertificateEmpty() {
        return emptyClientCertificate;
    }

    /** {@return the name of the key exchange group} */
    Optional<String> group() {
        return group;
    }

    /** {@return the name of the scheme that the server signed its key exchange with; hidden in TLS 1.3} */
    Optional<String> signatureScheme() {
        return signatureScheme;
    }

    /** {@return the server's ephemeral key, or null if there is none or its kind is not known} */
    @Nullable EphemeralKey ephemeralKey() {
        return ephemeralKey;
    }

    /** {@return server: what the client said, or null before that} */
    @Nullable ClientHello clientHello() {
        return clientHello;
    }

    /** Puts the handshake messages of one direction together, whatever the records they come in. */
    private final class MessageReader {

        private static final int HEADER_BYTES = 4;

        private final TlsRole role;
        private byte[] collected = new byte[HEADER_BYTES];
        private int taken;
        private int bodyLength = -1;
        private int lastInteresting;
        private boolean encrypted;

        MessageReader(TlsRole role) {
            this.role = role;
        }

        /** Takes bytes up to the end of the message; returns how many, at least one. */
        int take(ByteBuffer bytes, int from, int to) {
            int wanted = bodyLength < 0 ? HEADER_BYTES : HEADER_BYTES + bodyLength;
            int count = Math.min(wanted - taken, to - from);
            if (taken < HEADER_BYTES || isInteresting()) {
                if (taken + count > collected.length) {
                    // Grows with what came in, not with what the message says of its length.
                    collected =
                            Arrays.copyOf(collected, Math.min(wanted, Math.max(taken + count, 2 * collected.length)));
                }
                bytes.get(from, collected, taken, count);
            }
            taken += count;
            if (bodyLength < 0 && taken == HEADER_BYTES) {
                bodyLength = ByteBuffer.wrap(collected).getInt() & 0xFFFFFF;
                if (isInteresting() && bodyLength > ClientHelloReader.MAXIMUM_HELLO_BYTES) {
                    throw new IllegalArgumentException("a hello of " + bodyLength + " bytes");
                }
            }
            return count;
        }

        private boolean isInteresting() {
            return switch (type()) {
                case CLIENT_HELLO -> WireObserver.this.role == TlsRole.SERVER;
                case SERVER_HELLO, SERVER_KEY_EXCHANGE -> true;
                default -> false;
            };
        }

        int type() {
            return Byte.toUnsignedInt(collected[0]);
        }

        boolean isComplete() {
            return bodyLength >= 0 && taken == HEADER_BYTES + bodyLength;
        }

        /** {@return the body of a message that interests; nothing of any other} */
        ByteBuffer body() {
            return isInteresting()
                    ? ByteBuffer.wrap(collected, HEADER_BYTES, bodyLength).slice()
                    : ByteBuffer.allocate(0);
        }

        void next() {
            switch (type()) {
                case SERVER_HELLO, CERTIFICATE, SERVER_KEY_EXCHANGE, SERVER_HELLO_DONE -> lastInteresting = type();
                default -> {}
            }
            collected = new byte[HEADER_BYTES];
            taken = 0;
            bodyLength = -1;
        }
    }
}
