package dev.qssl.spi;

import dev.qssl.QSsl.SslProtocol;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the ClientHello in the first bytes of a connection, before there is an engine for it. Consumes nothing: the engine
 * is fed the same bytes afterwards.
 *
 * <p>Holds at most {@value #MAXIMUM_HELLO_BYTES} bytes and one record, takes time in proportion to what comes in however it is cut, and
 * sees with the first byte that a peer speaks something else. One connection, one reader, one thread at a time.
 */
public final class ClientHelloReader {

    /** The largest ClientHello that is accepted, over all its records. */
    public static final int MAXIMUM_HELLO_BYTES = 65_536;

    private static final int RECORD_HEADER_BYTES = 5;
    private static final int MAXIMUM_FRAGMENT_BYTES = 16_384;
    private static final int MESSAGE_HEADER_BYTES = 4;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int HOST_NAME = 0;

    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;

    private static final Progress NEED_MORE = new Progress.NeedMore();

    private byte[] message = new byte[0];
    private int messageBytes;
    private int bytesRead;
    private Progress progress = NEED_MORE;

    /** Starts at the first byte of a connection. */
    public ClientHelloReader() {}

    /** What the bytes so far have shown. */
    public sealed interface Progress {

        /** Everything is well so far, but there must be more. */
        record NeedMore() implements Progress {}

        /**
         * The whole ClientHello is there.
         *
         * @param hello what it says
         */
        record Found(ClientHello hello) implements Progress {}

        /**
         * This is no ClientHello.
         *
         * @param reason what was expected and what came, for people
         */
        record NotTls(String reason) implements Progress {}
    }

    /**
     * Looks at all bytes that came in so far.
     *
     * @param received from the first byte of the connection at its position to the last one at its limit; in each call the
     *     same bytes again, and more. Neither is changed
     * @return what they show; once it is something else than {@code NeedMore} it stays so
     */
    public Progress read(ByteBuffer received) {
        while (progress == NEED_MORE) {
            int at = received.position() + bytesRead;
            int length = recordLength(received, at);
            if (length == 0 || received.limit() - at < RECORD_HEADER_BYTES + length) {
                break;
            }
            progress = take(received, at + RECORD_HEADER_BYTES, length);
            bytesRead += RECORD_HEADER_BYTES + length;
        }
        return progress;
    }

    /** {@return the length of the record that begins there; 0 if it cannot be known yet, or there is none} */
    private int recordLength(ByteBuffer received, int at) {
        int available = received.limit() - at;
        if (available > 0 && unsigned(received, at) != HANDSHAKE_RECORD) {
            progress = notTls("expected a handshake record (22), found a byte " + unsigned(received, at));
            return 0;
        }
        if (available > 1 && unsigned(received, at + 1) != 3) {
            progress = notTls("expected a record of version 3.x, found " + unsigned(received, at + 1));
            return 0;
        }
        if (available < RECORD_HEADER_BYTES) {
            return 0;
        }
        int length = unsigned(received, at + 3) << 8 | unsigned(received, at + 4);
        if (length == 0 || length > MAXIMUM_FRAGMENT_BYTES) {
            progress = notTls("expected a record of 1 to 16384 bytes, found " + length);
            return 0;
        }
        return length;
    }

    private static int unsigned(ByteBuffer bytes, int at) {
        return Byte.toUnsignedInt(bytes.get(at));
    }

    private Progress take(ByteBuffer received, int at, int length) {
        if (messageBytes + length > message.length) {
            // Twice as much each time, so that many small records cost no more than one large one.
            int doubled = Math.min(2 * message.length, MAXIMUM_HELLO_BYTES);
            message = Arrays.copyOf(message, Math.max(messageBytes + length, doubled));
        }
        received.get(at, message, messageBytes, length);
        messageBytes += length;
        if (message[0] != CLIENT_HELLO) {
            return notTls("expected a ClientHello (1), found a handshake message " + Byte.toUnsignedInt(message[0]));
        }
        if (messageBytes < MESSAGE_HEADER_BYTES) {
            return NEED_MORE;
        }
        int body = ByteBuffer.wrap(message).getInt() & 0xFFFFFF;
        if (body > MAXIMUM_HELLO_BYTES - MESSAGE_HEADER_BYTES) {
            return notTls("expected a ClientHello of at most 65532 bytes, found one of " + body);
        }
        if (messageBytes - MESSAGE_HEADER_BYTES < body) {
            return NEED_MORE;
        }
        return readBody(ByteBuffer.wrap(message, MESSAGE_HEADER_BYTES, body))
                .<Progress>map(Progress.Found::new)
                .orElseGet(() -> notTls("expected a ClientHello (RFC 8446, section 4.1.2), found one whose lengths"
                        + " contradict each other"));
    }

    private static Progress notTls(String reason) {
        return new Progress.NotTls(reason);
    }

    /**
     * {@return what the body of a ClientHello of TLS says; empty if it is malformed}
     *
     * @param body from behind the header of the handshake message; not changed
     */
    public static Optional<ClientHello> readBody(ByteBuffer body) {
        try {
            return Optional.of(new Body(body.slice(), false).hello());
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /**
     * {@return what the body of a ClientHello of DTLS says (RFC 6347, section 4.2.1); empty if it is malformed}
     *
     * @param body from behind the header of the handshake message, reassembled; not changed
     */
    public static Optional<ClientHello> readDatagramBody(ByteBuffer body) {
        try {
            return Optional.of(new Body(body.slice(), true).hello());
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** The fields of one ClientHello, collected in the order in which they come. */
    private static final class Body {

        private final List<SslProtocol> versions = new ArrayList<>();
        private final List<String> alpn = new ArrayList<>();
        private final List<Integer> suites;
        private final List<Integer> groups = new ArrayList<>();
        private final List<Integer> schemes = new ArrayList<>();
        private final List<Integer> extensions = new ArrayList<>();
        private Optional<String> serverName = Optional.empty();

        Body(ByteBuffer body, boolean hasCookie) {
            int legacyVersion = Short.toUnsignedInt(body.getShort());
            skip(body, 32);
            shortVector(body);
            if (hasCookie) {
                shortVector(body);
            }
            suites = numbers(vector(body));
            shortVector(body);
            if (body.hasRemaining()) {
                ByteBuffer all = vector(body);
                while (all.hasRemaining()) {
                    int type = Short.toUnsignedInt(all.getShort());
                    extensions.add(type);
                    extension(type, vector(all));
                }
            }
            if (!extensions.contains(SUPPORTED_VERSIONS)) {
                versionsUpTo(legacyVersion);
            }
        }

        ClientHello hello() {
            return new ClientHello(versions, serverName, alpn, suites, groups, schemes, extensions);
        }

        private void extension(int type, ByteBuffer data) {
            switch (type) {
                case SERVER_NAME -> {
                    // A client has an empty list only in theory, a server's answer always.
                    ByteBuffer names = data.hasRemaining() ? vector(data) : data;
                    while (names.hasRemaining()) {
                        serverName(names.get(), vector(names));
                    }
                }
                case SUPPORTED_GROUPS -> groups.addAll(numbers(vector(data)));
                case SIGNATURE_ALGORITHMS -> schemes.addAll(numbers(vector(data)));
                case ALPN -> {
                    ByteBuffer names = vector(data);
                    while (names.hasRemaining()) {
                        alpn.add(text(shortVector(names)));
                    }
                }
                case SUPPORTED_VERSIONS ->
                    numbers(shortVector(data)).forEach(version -> addVersion(SslProtocol.ofWireVersion(version)));
                default -> {}
            }
        }

        private void serverName(int type, ByteBuffer name) {
            if (type == HOST_NAME && serverName.isEmpty() && name.hasRemaining()) {
                serverName = Optional.of(text(name).toLowerCase(Locale.ROOT));
            }
        }

        /** Before TLS 1.3 a client named its newest version and accepted any older one that it did not rule out. */
        private void versionsUpTo(int newest) {
            for (SslProtocol version : List.of(
                    SslProtocol.TLS_V1_2,
                    SslProtocol.TLS_V1_1,
                    SslProtocol.TLS_V1_0,
                    SslProtocol.DTLS_V1_2,
                    SslProtocol.DTLS_V1_0)) {
                // The numbers of DTLS count down.
                boolean datagrams = newest >= 0x8000;
                boolean notNewer = datagrams ? version.wireVersion() >= newest : version.wireVersion() <= newest;
                if (version.isDatagram() == datagrams && notNewer) {
                    addVersion(version);
                }
            }
        }

        private void addVersion(SslProtocol version) {
            if (version.isConcrete()) {
                versions.add(version);
            }
        }

        private static List<Integer> numbers(ByteBuffer vector) {
            List<Integer> numbers = new ArrayList<>(vector.remaining() / 2);
            while (vector.hasRemaining()) {
                numbers.add(Short.toUnsignedInt(vector.getShort()));
            }
            return numbers;
        }

        private static String text(ByteBuffer bytes) {
            return StandardCharsets.ISO_8859_1.decode(bytes).toString();
        }

        /** A vector whose length takes two bytes. */
        private static ByteBuffer vector(ByteBuffer bytes) {
            return part(bytes, Short.toUnsignedInt(bytes.getShort()));
        }

        /** A vector whose length takes one byte. */
        private static ByteBuffer shortVector(ByteBuffer bytes) {
            return part(bytes, Byte.toUnsignedInt(bytes.get()));
        }

        private static ByteBuffer part(ByteBuffer bytes, int length) {
            ByteBuffer part = bytes.slice().limit(length);
            skip(bytes, length);
            return part;
        }

        private static void skip(ByteBuffer bytes, int length) {
            bytes.position(bytes.position() + length);
        }
    }
}
