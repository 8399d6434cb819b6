package dev.qssl.internal.io;

import dev.qssl.net.SocketError;
import dev.qssl.spi.Need;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes between channel, engine and the application's queues, and knows how far the connection is. Owner only, but
 * for the methods that say otherwise.
 *
 * <p>{@link Turns} says when: {@link #move} sends, decrypts or goes on with the handshake, one step at a time,
 * {@link #receive} reads, and {@link #rest} says what to wait for.
 */
final class Pump {

    private static final byte[] NO_BYTES = {};
    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(5);

    private final Driver driver;
    private final Mailbox mailbox;
    private final ByteQueues bytes;
    private final Announcements news;
    private final @Nullable Dialer dialer;

    private volatile Phase phase;
    private volatile @Nullable SocketChannel channel;
    private volatile @Nullable RecordPump records;
    private @Nullable TlsEngine nextEngine;
    private PeerGate gate = () -> false;
    private byte[] handshakeBegins = NO_BYTES;

    /** There as soon as an end is in sight. */
    private @Nullable Closing closing;

    private Duration patience = DEFAULT_PATIENCE;
    private boolean ending;
    private boolean inputEnded;
    private volatile boolean peerClosed;
    private volatile boolean failed;
    private long sentBytes;

    /**
     * Creates the pump of one attempt.
     *
     * @param driver who owns it
     * @param mailbox what is asked of the owner
     * @param bytes the application's
     * @param news what is to be told
     * @param dialer makes the connection, if there is none yet
     * @param channel the connection, if there is one
     */
    Pump(
            Driver driver,
            Mailbox mailbox,
            ByteQueues bytes,
            Announcements news,
            @Nullable Dialer dialer,
            @Nullable SocketChannel channel) {
        this.driver = driver;
        this.mailbox = mailbox;
        this.bytes = bytes;
        this.news = news;
        this.dialer = dialer;
        this.channel = channel;
        this.phase = channel == null ? Phase.LOOKING_UP : Phase.PLAIN;
    }

    Phase phase() {
        return phase;
    }

    @Nullable SocketChannel channel() {
        return channel;
    }

    /** {@return whether it stands, and is in no handshake} */
    boolean canCloseNow() {
        return phase == Phase.ENCRYPTED || (phase == Phase.PLAIN && !mailbox.isPlainHeld() && !mailbox.isTlsWanted());
    }

    /** {@return whether the peer ended the connection in the orderly way} */
    boolean endedCleanly() {
        return peerClosed && !failed;
    }

    int unsentRecordBytes() {
        RecordPump current = records;
        return current == null ? 0 : current.layer().unsentBytes();
    }

    int undecryptedBytes() {
        RecordPump current = records;
        return current == null ? 0 : current.layer().undecryptedBytes();
    }

    boolean isInsideEngine() {
        RecordPump current = records;
        return current != null && current.layer().isInsideEngine();
    }

    /** {@return all bytes that TCP took} */
    long sentBytes() {
        return sentBytes;
    }

    /** {@return when a turn is due although nothing happened on the channel, in {@link System#nanoTime}} */
    long deadline() {
        Closing begun = closing;
        return begun == null || phase == Phase.ENDED ? Driver.FOREVER : begun.deadline();
    }

    /** Takes one step without reading from the channel. {@return whether anything moved} */
    boolean move() throws IOException {
        boolean moved = switch (phase) {
            case LOOKING_UP, DECIDING, ENDED -> false;
            case CONNECTING -> dial();
            case PLAIN -> movePlain();
            case HANDSHAKING, ENCRYPTED -> moveRecords(Objects.requireNonNull(records));
            case CLOSING -> finishClosing();
        };
        collectSent();
        return moved;
    }

    /** Gives back what is not needed between turns. {@return the operations to wait for} */
    int rest() {
        RecordPump current = records;
        if (current != null) {
            current.layer().settle();
        }
        return switch (phase) {
            case LOOKING_UP, DECIDING, ENDED -> 0;
            case CONNECTING -> SelectionKey.OP_CONNECT;
            case PLAIN -> (isClearWaiting() ? SelectionKey.OP_WRITE : 0) | readInterest();
            case HANDSHAKING, ENCRYPTED, CLOSING ->
                (unsentRecordBytes() > 0 ? SelectionKey.OP_WRITE : 0) | readInterest();
        };
    }

    private boolean isClearWaiting() {
        return !mailbox.isPlainHeld() && (mailbox.isTlsWanted() ? !bytes.isClearSent() : bytes.toWrite() > 0);
    }

    private int readInterest() {
        return wantsInput() ? SelectionKey.OP_READ : 0;
    }

    /**
     * {@return whether more is to be read} The limit is for application data: it must not stop a handshake (B-144), and once
     * the peer has ended there is no more than what is here (B-145).
     */
    boolean wantsInput() {
        if (inputEnded) {
            return false;
        }
        return switch (phase) {
            case LOOKING_UP, CONNECTING, DECIDING, ENDED -> false;
            case PLAIN -> !mailbox.isPlainHeld() && !mailbox.isTlsWanted() && !bytes.isFull();
            case HANDSHAKING -> undecryptedBytes() <= BufferPool.MAX_RECORD_BYTES;
            case ENCRYPTED -> undecryptedBytes() <= BufferPool.MAX_RECORD_BYTES && !bytes.isFull();
            case CLOSING -> !closing().isDrained();
        };
    }

    private void become(Phase next) {
        if (!phase.canBecome(next)) {
            throw new AssertionError(phase + " cannot become " + next);
        }
        phase = next;
    }

    /** Note. The host's addresses are known, or it has none. */
    void startDialing(Dialer target, List<InetAddress> found, @Nullable String whyNone) {
        if (phase != Phase.LOOKING_UP) {
            return;
        }
        if (whyNone != null || !target.use(found)) {
            String why = whyNone == null ? "host " + target.host() + " has no usable address" : whyNone;
            news.fail(SocketError.HOST_NOT_FOUND_ERROR, why);
            end();
            return;
        }
        become(Phase.CONNECTING);
        news.hostFound = true;
        dialNext(target);
    }

    private void dialNext(Dialer target) {
        SocketChannel opened = target.next();
        channel = opened;
        if (opened == null) {
            news.fail(target.error(), target.message());
            end();
        }
    }

    private boolean dial() {
        Dialer target = Objects.requireNonNull(dialer);
        SocketChannel tried = Objects.requireNonNull(channel);
        if (target.finish()) {
            become(Phase.PLAIN);
            news.connected = true;
            return true;
        }
        if (target.hasFailed()) {
            driver.closed(tried);
            dialNext(target);
            return true;
        }
        return false;
    }

    private boolean movePlain() throws IOException {
        TlsEngine engine = nextEngine;
        if (engine != null && bytes.isClearSent()) {
            nextEngine = null;
            startRecords(engine);
            return true;
        }
        boolean held = mailbox.isPlainHeld();
        if (!held) {
            sentBytes += plain().send(Turns.TURN_BYTES);
        }
        return ending && !mailbox.isTlsWanted() && (held || bytes.toWrite() == 0) && startClosing();
    }

    /** Note. TLS begins, once what was written before is sent. */
    void useEngine(TlsEngine engine, PeerGate asked, byte[] putBack) {
        if (phase != Phase.PLAIN) {
            engine.close(); // the connection ended meanwhile
            return;
        }
        nextEngine = engine;
        gate = asked;
        handshakeBegins = putBack;
    }

    private void startRecords(TlsEngine engine) throws TlsException {
        long unread = handshakeBegins.length + bytes.available();
        if (unread > BufferPool.READ_BYTES) {
            engine.close();
            throw new TlsException(
                    TlsError.PROTOCOL_VIOLATION,
                    unread + " unread bytes came before the handshake; read them before starting TLS");
        }
        RecordLayer layer = new RecordLayer(engine, gate, news);
        layer.push(handshakeBegins);
        layer.push(bytes.startTls(layer.kind()));
        handshakeBegins = NO_BYTES;
        records = new RecordPump(layer, Objects.requireNonNull(channel), bytes, news);
        become(Phase.HANDSHAKING);
    }

    /** Reads from the channel. {@return whether there was anything} */
    boolean receive() throws IOException {
        RecordPump current = records;
        int count = phase == Phase.CLOSING
                ? closing().drain(Objects.requireNonNull(channel))
                : current == null ? plain().receive() : current.receive();
        if (count < 0) {
            inputEnded = true;
            if (phase == Phase.PLAIN) {
                peerEnded("the peer closed the connection");
            }
        }
        return count != 0;
    }

    private PlainPump plain() {
        return new PlainPump(Objects.requireNonNull(channel), bytes, news);
    }

    private boolean moveRecords(RecordPump current) throws IOException {
        boolean established = phase == Phase.ENCRYPTED;
        boolean moved = current.move(established, established && !inputEnded);
        noteProgress(current.layer());
        if (current.isPeerDone()) {
            peerEnded("the peer closed the TLS connection (close_notify)");
            return true;
        }
        if (moved || phase == Phase.DECIDING) {
            return moved;
        }
        if (inputEnded) {
            current.layer().inputEnded();
            peerEnded("the peer closed the connection");
            return true;
        }
        return ending && phase == Phase.ENCRYPTED && bytes.toWrite() == 0 && startClosing();
    }

    private void noteProgress(RecordLayer layer) throws TlsException {
        if (phase == Phase.HANDSHAKING && layer.need() == Need.DECISION) {
            become(Phase.DECIDING);
            news.decisionDue = true;
        }
        if (phase == Phase.HANDSHAKING && layer.isEstablished()) {
            become(Phase.ENCRYPTED);
            news.encrypted = true;
            news.closing = ending;
        }
    }

    /** Note. The answer to {@link Announcements.Listener#decisionDue}. */
    void decide(PeerDecision.Final answer) {
        RecordPump current = records;
        if (phase == Phase.DECIDING && current != null) {
            become(Phase.HANDSHAKING);
            current.tryAgain();
            current.layer().resume(answer);
        }
    }

    /** {@return what the handshake agreed on} */
    NegotiatedParameters parameters() {
        return Objects.requireNonNull(records).layer().parameters();
    }

    /**
     * {@return what the engine's exporter gives}
     *
     * @throws IllegalStateException before the handshake is done, after the end, and from inside the engine
     */
    byte[] exportKeyingMaterial(String label, Optional<byte[]> context, int length) throws TlsException {
        RecordPump current = records;
        if (current == null
                || phase == Phase.ENDED
                || isInsideEngine()
                || !current.layer().isEstablished()) {
            throw new IllegalStateException("there are no keys to derive from, because the connection is "
                    + (phase == Phase.ENDED ? "over" : "not encrypted yet, or inside a step of its TLS library"));
        }
        return current.layer().exportKeyingMaterial(label, context, length);
    }

    /** Sends as much as TCP takes, straight from the application's memory; leaves a record's worth for more to follow. */
    void sendRecords(ByteBuffer source) {
        RecordPump current = records;
        if (current != null) {
            sendThrough(current, source, current.recordBytes());
        }
    }

    /** Sends as much as TCP takes, straight from the application's memory. */
    void sendAll(ByteBuffer source) {
        RecordPump current = records;
        if (current != null) {
            sendThrough(current, source, 0);
        }
    }

    private void sendThrough(RecordPump current, ByteBuffer source, int kept) {
        if (phase != Phase.ENCRYPTED || mailbox.isCloseWanted() || isInsideEngine()) {
            return;
        }
        int limit = source.limit();
        try {
            current.sendThrough(source, kept);
        } catch (IOException | RuntimeException e) {
            fail(e);
        } finally {
            source.limit(limit);
            collectSent();
        }
    }

    private void collectSent() {
        RecordPump current = records;
        if (current != null) {
            long count = current.layer().takeSentBytes();
            news.writeEncrypted(count);
            sentBytes += count;
        }
    }

    /** Note. Ends once everything is sent; for the end itself there is this much time. */
    void finish(Duration time) {
        patience = time;
        ending = true;
        if (phase == Phase.DECIDING) {
            failed = true; // a handshake that is given up ends without close_notify (B-153)
            startClosing();
        } else if (canCloseNow()) {
            news.closing = true;
        }
    }

    private Closing closing() {
        Closing begun = closing;
        if (begun == null) {
            begun = new Closing();
            closing = begun;
        }
        return begun;
    }

    /** Note. Ends within this time. */
    void finishWithin(Duration time) {
        closing().limit(time);
        finish(time);
    }

    /** Note. Ends now; nothing is told but these last news and the end. */
    void stop(Runnable lastNews) {
        news.forget();
        if (phase != Phase.ENDED) {
            lastNews.run();
            end();
        }
    }

    private void peerEnded(String message) {
        peerClosed = true;
        if (!ending || bytes.toWrite() > 0 || phase == Phase.HANDSHAKING) {
            news.fail(SocketError.REMOTE_HOST_CLOSED_ERROR, message);
        }
        startClosing();
    }

    private boolean startClosing() {
        ending = true;
        if (phase != Phase.CLOSING) {
            become(Phase.CLOSING);
            closing().begin(patience);
            news.closing = true;
        }
        return true;
    }

    /** Something went wrong in a step: says so, and ends as well as is still possible. */
    void fail(Exception e) {
        if (failed || phase == Phase.ENDED) {
            end(); // the engine is spent, or the peer is gone: no alert will reach it
            return;
        }
        failed = true;
        if (phase != Phase.CLOSING) {
            news.fail(Failures.code(e, phase), Failures.message(e));
        }
        boolean channelBroken = !(e instanceof TlsException) && e instanceof IOException;
        if (channelBroken || !phase.isConnected()) {
            end();
        } else {
            startClosing();
        }
    }

    /** Ends after something that nobody can go on after: nothing must stay open either. */
    void endAfter(Error e) {
        news.fail(SocketError.SSL_INTERNAL_ERROR, "the TLS library failed unexpectedly: " + e);
        end();
        driver.requestTurn();
    }

    private boolean finishClosing() throws IOException {
        RecordPump current = records;
        RecordLayer layer = current == null ? null : current.layer();
        SocketChannel open = Objects.requireNonNull(channel);
        if (!closing().sendLast(open, layer, !failed)) {
            return false;
        }
        if (inputEnded || closing().isDrained() || endedCleanly()) {
            end(); // closing the channel ends our direction, too
            return true;
        }
        closing().shutOutput(open);
        return false;
    }

    /** Ends without another turn. */
    void giveUp() {
        if (phase != Phase.ENDED) {
            runOutOfTime();
        }
    }

    /** Ends if the time for that is over. {@return whether it did} */
    boolean endsInTime() {
        return Driver.left(deadline()) == 0 && runOutOfTime();
    }

    private boolean runOutOfTime() {
        long unsent = bytes.toWrite() + unsentRecordBytes();
        if (unsent > 0) {
            news.fail(
                    SocketError.SOCKET_TIMEOUT_ERROR,
                    "the peer did not take everything in the time given for closing: " + unsent
                            + " bytes were dropped");
        }
        end();
        return true;
    }

    private void end() {
        if (phase == Phase.ENDED) {
            return;
        }
        become(Phase.ENDED);
        news.end();
        RecordPump current = records;
        if (current != null) {
            collectSent();
            current.layer().close();
        }
        TlsEngine unused = nextEngine;
        if (unused != null) {
            unused.close();
        }
        if (dialer != null) {
            dialer.release();
        }
        SocketChannel open = channel;
        if (open != null) {
            Channels.closeQuietly(open);
            driver.closed(open);
        }
        bytes.end();
        driver.ended();
    }
}
