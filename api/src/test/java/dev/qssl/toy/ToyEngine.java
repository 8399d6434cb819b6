package dev.qssl.toy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.qssl.QSsl.AlertLevel;
import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.BufferKind;
import dev.qssl.spi.Need;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One end of a toy connection. A record is a type, a length of two bytes, and that many bytes; those of application data are
 * turned over, so that none passes in clear. The client says hello with its identity, the server answers and shows its
 * certificate, the client says that it is satisfied.
 */
abstract class ToyEngine implements TlsEngine {

    /** What the toy says of its secrets. */
    static final String KEY_LOG_LINE = "TOY_SECRET 00 01";

    /** A label that the toy does not take, as if it had no exporter. */
    static final String UNSUPPORTED = "unsupported";

    private static final int HEADER = 3;
    private static final int RECORD = 1000;
    private static final int ALERT = 21;
    private static final int DATA = 23;
    static final int HANDSHAKE = 22;

    private final ToyBackend backend;
    final TlsEvents events;
    private final AtomicReference<@Nullable Thread> inside = new AtomicReference<>();
    private final ByteBuffer output = ByteBuffer.allocate(4 * RECORD);
    private Need need = Need.INPUT;
    private @Nullable TlsException failure;
    private boolean established;
    private boolean closeSent;
    private boolean peerClosed;
    private boolean deciding;
    private boolean freed;
    private boolean loggingKeys;

    private ToyEngine(ToyBackend backend, TlsEvents events) {
        this.backend = backend;
        this.events = events;
    }

    /** A handshake message came. */
    abstract void handshake(byte[] message) throws TlsException;

    /** The peer was accepted. */
    abstract void accepted();

    // Called around everything, so that whoever breaks the rules is found out.
    private <T> T guarded(String call, Step<T> step) throws TlsException {
        Thread other = inside.getAndSet(Thread.currentThread());
        if (other != null) {
            backend.violated(call + " on " + Thread.currentThread() + " while " + other + " is inside");
        }
        if (freed) {
            backend.violated(call + " after close");
        }
        try {
            return step.run();
        } finally {
            inside.set(null);
        }
    }

    private interface Step<T> {
        T run() throws TlsException;
    }

    final void say(int type, byte[] message) {
        output.put((byte) type).putShort((short) message.length).put(message);
    }

    final TlsException alert(TlsError error, AlertType alert, String text) {
        say(ALERT, new byte[] {2, (byte) alert.value()});
        events.alertSent(TlsAlert.fatal(alert));
        TlsException problem = new TlsException(error, text);
        failure = problem;
        return problem;
    }

    final void establish() {
        if (loggingKeys) {
            events.keyLog(KEY_LOG_LINE);
        }
        established = true;
    }

    /** {@return this, giving out its secret} */
    final ToyEngine loggingKeys() {
        loggingKeys = true;
        return this;
    }

    final void ask(PeerCredentials credentials) throws TlsException {
        PeerDecision decision = events.peerPresented(credentials);
        if (decision instanceof PeerDecision.Final last) {
            obey(last);
        } else {
            deciding = true;
        }
    }

    private void obey(PeerDecision.Final decision) throws TlsException {
        if (decision instanceof PeerDecision.Refuse refuse) {
            throw alert(TlsError.CERTIFICATE_REFUSED, refuse.alert(), refuse.reason());
        }
        accepted();
    }

    final PskAnswer askForKey(String hint, List<String> identities, TlsRole role) {
        return events.pskWanted(new PskQuestion(role, ToyBackend.versions(), hint, identities, 128, 128));
    }

    final ToyBackend backend() {
        return backend;
    }

    @Override
    public final Need decrypt(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        return guarded("decrypt", () -> {
            requireDecided();
            throwFailure();
            while (!deciding && !peerClosed && hasRecord(records, plaintext)) {
                take(records, plaintext);
            }
            return next();
        });
    }

    private static boolean hasRecord(ByteBuffer records, ByteBuffer plaintext) {
        return records.remaining() >= HEADER
                && records.remaining() >= HEADER + length(records)
                && (records.get(records.position()) != DATA || plaintext.remaining() >= length(records));
    }

    private static int length(ByteBuffer records) {
        return records.getShort(records.position() + 1);
    }

    private void take(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        int type = records.get();
        byte[] message = new byte[records.getShort()];
        records.get(message);
        switch (type) {
            case HANDSHAKE -> handshake(message);
            case DATA -> plaintext.put(turnedOver(message));
            case ALERT -> takeAlert(message);
            default -> throw alert(TlsError.PROTOCOL_VIOLATION, AlertType.UNEXPECTED_MESSAGE, "no toy record: " + type);
        }
    }

    private void takeAlert(byte[] message) throws TlsException {
        boolean fatal = message[0] == 2;
        events.alertReceived(TlsAlert.of(fatal ? AlertLevel.FATAL : AlertLevel.WARNING, message[1]));
        if (fatal) {
            failure = new TlsException(TlsError.PEER_ALERT, "the peer sent alert " + message[1]);
            throwFailure();
        }
        peerClosed = true;
    }

    private static byte[] turnedOver(byte[] data) {
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) ~data[i];
        }
        return data;
    }

    @Override
    public final Need encrypt(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        return guarded("encrypt", () -> {
            requireDecided();
            prepareOutput();
            output.flip();
            while (output.hasRemaining() && records.remaining() >= minRecordRoom()) {
                int size = HEADER + output.getShort(output.position() + 1);
                records.put(output.slice(output.position(), size));
                output.position(output.position() + size);
            }
            output.compact();
            if (output.position() == 0) {
                throwFailure();
            }
            while (established && !closeSent && plaintext.hasRemaining() && records.remaining() >= minRecordRoom()) {
                byte[] piece = new byte[Math.min(RECORD, plaintext.remaining())];
                plaintext.get(piece);
                records.put((byte) DATA).putShort((short) piece.length).put(turnedOver(piece));
            }
            return next();
        });
    }

    /** Puts what is due into the output; may ask for a key. */
    void prepareOutput() throws TlsException {}

    private Need next() {
        if (deciding) {
            need = Need.DECISION;
        } else if (peerClosed) {
            need = Need.CLOSED;
        } else if (output.position() > 0) {
            need = Need.OUTPUT;
        } else {
            need = established ? Need.NOTHING : Need.INPUT;
        }
        return need;
    }

    private void requireDecided() {
        if (deciding) {
            throw new IllegalStateException("a decision is outstanding");
        }
    }

    private void throwFailure() throws TlsException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public boolean hasOutput() {
        return !deciding && output.position() > 0;
    }

    @Override
    public final boolean hasPlaintext() {
        return false;
    }

    @Override
    public final boolean isEstablished() {
        return established;
    }

    @Override
    public final Runnable takeTask() {
        throw new IllegalStateException("a toy has no tasks");
    }

    @Override
    public final void inputEnded() throws TlsException {
        guarded("inputEnded", () -> {
            if (!peerClosed && failure == null) {
                failure = new TlsException(
                        established ? TlsError.TRUNCATED : TlsError.CLOSED_IN_HANDSHAKE, "the transport ended");
            }
            throwFailure();
            return true;
        });
    }

    @Override
    public final void closeOutput() {
        try {
            guarded("closeOutput", () -> {
                if (!closeSent && failure == null) {
                    say(ALERT, new byte[] {1, 0});
                    events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
                }
                closeSent = true;
                deciding = false;
                return true;
            });
        } catch (TlsException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public final void resume(PeerDecision.Final decision) {
        try {
            guarded("resume", () -> {
                if (!deciding) {
                    throw new IllegalStateException("no decision is outstanding");
                }
                deciding = false;
                obey(decision);
                return true;
            });
        } catch (TlsException e) {
            // Kept as the failure: the next call throws it.
            failure = e;
        }
    }

    @Override
    public final NegotiatedParameters parameters() {
        return new NegotiatedParameters(
                SslProtocol.TLS_V1_3,
                ToyBackend.suite(),
                Optional.empty(),
                Optional.empty(),
                new NegotiatedParameters.Alpn.NotNegotiated(),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    @Override
    public final int minPlaintextRoom() {
        return RECORD;
    }

    @Override
    public final int minRecordRoom() {
        return HEADER + RECORD;
    }

    @Override
    public final int maxRecordPlaintext() {
        return RECORD;
    }

    @Override
    public final BufferKind buffers() {
        return BufferKind.HEAP;
    }

    @Override
    public final byte[] exportKeyingMaterial(String label, Optional<byte[]> context, int length) throws TlsException {
        return guarded("exportKeyingMaterial", () -> {
            if (label.equals(UNSUPPORTED)) {
                throw new TlsException(TlsError.UNSUPPORTED_SETTING, "backend " + backend.name() + " cannot do that");
            }
            byte[] material = new byte[length];
            Arrays.fill(material, (byte)
                    (label.hashCode() + context.map(Arrays::hashCode).orElse(0)));
            return material;
        });
    }

    @Override
    public final void close() {
        if (inside.get() != null) {
            backend.violated("close on " + Thread.currentThread() + " while " + inside.get() + " is inside");
        }
        if (!freed) {
            freed = true;
            backend.engineClosed();
        }
    }

    /** Speaks first. */
    static final class Client extends ToyEngine {
        private final boolean psk;
        private boolean greeted;

        Client(ToyBackend backend, TlsEvents events, boolean psk) {
            super(backend, events);
            this.psk = psk;
        }

        @Override
        public boolean hasOutput() {
            return !greeted || super.hasOutput();
        }

        @Override
        void prepareOutput() throws TlsException {
            if (greeted) {
                return;
            }
            greeted = true;
            if (!psk) {
                say(HANDSHAKE, new byte[0]);
                return;
            }
            try (PskAnswer answer = askForKey("", List.of(), TlsRole.CLIENT)) {
                if (answer.isNone()) {
                    throw alert(TlsError.PSK_REFUSED, AlertType.HANDSHAKE_FAILURE, "no pre-shared key was given");
                }
                say(HANDSHAKE, proof(answer));
            }
        }

        @Override
        void handshake(byte[] message) throws TlsException {
            if (psk || backend().isCareless()) {
                accepted();
            } else {
                ask(new PeerCredentials(List.of(backend().serverCertificate()), List.of(), false, List.of()));
            }
        }

        @Override
        void accepted() {
            say(HANDSHAKE, new byte[0]);
            establish();
        }
    }

    // Identity, then a number that only the same key gives. Fit for a toy.
    private static byte[] proof(PskAnswer answer) {
        byte[] identity = answer.identity();
        return ByteBuffer.allocate(identity.length + 4)
                .put(identity)
                .putInt(Arrays.hashCode(answer.key()))
                .array();
    }

    /** Answers. */
    static final class Server extends ToyEngine {
        private final boolean psk;
        private boolean greeted;

        Server(ToyBackend backend, TlsEvents events, boolean psk) {
            super(backend, events);
            this.psk = psk;
        }

        @Override
        void handshake(byte[] message) throws TlsException {
            if (greeted) {
                accepted();
                return;
            }
            greeted = true;
            if (psk) {
                check(message);
            }
            say(HANDSHAKE, new byte[0]);
        }

        private void check(byte[] message) throws TlsException {
            String identity = new String(message, 0, message.length - 4, ISO_8859_1);
            try (PskAnswer answer = askForKey("", List.of(identity), TlsRole.SERVER)) {
                if (answer.isNone()
                        || ByteBuffer.wrap(message).getInt(message.length - 4) != Arrays.hashCode(answer.key())) {
                    throw alert(
                            TlsError.PSK_REFUSED, AlertType.UNKNOWN_PSK_IDENTITY, "the pre-shared key does not fit");
                }
            }
        }

        @Override
        void accepted() {
            establish();
        }
    }
}
