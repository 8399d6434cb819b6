package dev.qssl.internal.io;

import dev.qssl.net.SocketError;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to be connected, as everybody may use it: its bytes, and what can be asked of its owner. The {@link Pump}
 * inside is the owner's alone.
 *
 * <p>Methods marked <i>mailbox</i> leave a note for the owner and have it looked at soon.
 */
public final class Connection {

    private final Driver driver;
    private final @Nullable Dialer dialer;
    private final Waiters waiters = new Waiters();
    private final Mailbox mailbox = new Mailbox();
    private final ByteQueues bytes = new ByteQueues(this::askForTurn);
    private final Announcements news;
    private final Pump pump;
    private final Turns turns;

    /** Makes the driver of a connection that is being made. */
    interface DriverFactory {

        /** {@return the driver of this connection} Called once, from its constructor: it must only be stored. */
        Driver driverOf(Connection connection);
    }

    private Connection(
            Announcements.Listener listener,
            DriverFactory drivers,
            @Nullable Dialer dialer,
            @Nullable SocketChannel channel) {
        this.dialer = dialer;
        news = new Announcements(listener, bytes, waiters);
        driver = drivers.driverOf(this);
        pump = new Pump(driver, mailbox, bytes, news, dialer, channel);
        turns = new Turns(driver, mailbox, news, pump);
    }

    /** {@return a connection that is to be made to a host} Nothing happens before {@link #start}. */
    static Connection dial(Announcements.Listener listener, DriverFactory drivers, Dialer dialer) {
        Connection connection = new Connection(listener, drivers, dialer, null);
        connection.news.lookingUp = true;
        return connection;
    }

    /** {@return a connection over a channel that is connected and non-blocking} The connection closes it. */
    static Connection adopt(Announcements.Listener listener, DriverFactory drivers, SocketChannel channel) {
        Connection connection = new Connection(listener, drivers, null, channel);
        connection.news.adopted = true;
        return connection;
    }

    /** Looks the host up, and has turns made from now on. {@return whether that is possible} */
    boolean start() {
        if (!driver.start()) {
            return false;
        }
        driver.nudge();
        Dialer target = dialer;
        if (target != null) {
            Resolver.find(
                    target.host(),
                    () -> !isAborted(),
                    (found, why) -> post(() -> pump.startDialing(target, found, why)));
        }
        return true;
    }

    Driver driver() {
        return driver;
    }

    /** {@return the application's bytes} */
    ByteQueues bytes() {
        return bytes;
    }

    /** {@return what was told} */
    Announcements news() {
        return news;
    }

    /** {@return the threads that wait for this connection} */
    Waiters waiters() {
        return waiters;
    }

    Phase phase() {
        return pump.phase();
    }

    /** {@return the channel, once there is one} */
    @Nullable SocketChannel channel() {
        return pump.channel();
    }

    /** {@return whether this thread runs a slot from inside the engine (rule R5)} */
    public boolean isInsideEngine() {
        return driver.isOwner() && pump.isInsideEngine();
    }

    /** {@return whether the application asked for the end} */
    public boolean isEnding() {
        return mailbox.isCloseWanted();
    }

    /** {@return whether nothing is to be told any more but the end} */
    public boolean isAborted() {
        return mailbox.isAborted();
    }

    /** {@return whether it stands, and is in no handshake: closing can begin at once} */
    boolean canCloseNow() {
        return pump.canCloseNow();
    }

    /** {@return what the handshake agreed on} Owner only, once it is done. */
    public NegotiatedParameters parameters() {
        return pump.parameters();
    }

    /**
     * Asks the engine for keying material: at once if this thread may own the connection, and through the mailbox if not.
     * Then it waits for the owner.
     *
     * @param wanted what to derive
     * @return the material
     * @throws TlsException if the engine cannot
     * @throws IllegalStateException before the handshake is done, after the end, from inside the engine, and after an
     *     interrupt, whose flag stays set
     */
    public byte[] exportKeyingMaterial(KeyingMaterial wanted) throws TlsException {
        if (driver.enter()) {
            try {
                wanted.derive(pump);
            } finally {
                driver.leave();
            }
        } else {
            post(() -> wanted.derive(pump));
            driver.nudge();
            driver.await(wanted::isDerived, Driver.FOREVER);
        }
        return wanted.take();
    }

    /** {@return whether the peer ended the connection in the orderly way} */
    boolean endedCleanly() {
        return pump.endedCleanly();
    }

    /** {@return the bytes of records that TCP has not taken} */
    long encryptedBytesToWrite() {
        return pump.unsentRecordBytes();
    }

    /** {@return the bytes of records that are not decrypted} */
    long encryptedBytesAvailable() {
        return pump.undecryptedBytes();
    }

    /** {@return whether bytes of the application wait, or are under way to TCP} */
    boolean hasUnsent() {
        return bytes.toWrite() > 0 || encryptedBytesToWrite() > 0;
    }

    /**
     * Takes all bytes of {@code source}: sends them at once if there are enough of them and this thread may, and queues the
     * rest.
     */
    void write(ByteBuffer source) {
        if (source.remaining() + bytes.toWrite() >= Turns.TURN_BYTES / 2 && driver.enter()) {
            try {
                pump.sendRecords(source);
            } finally {
                driver.leave();
            }
        }
        bytes.append(source);
        askForTurn();
    }

    /** Takes all bytes of {@code source}, and sends at once what TCP takes, if this thread may; queues the rest. */
    void push(ByteBuffer source) {
        if (!driver.enter()) {
            bytes.append(source);
            driver.nudge();
            return;
        }
        try {
            pump.sendAll(source);
            bytes.append(source);
            driver.nudge();
        } finally {
            driver.leave();
        }
    }

    /**
     * Waits as {@link Driver#await} does. If this thread drives meanwhile, what arrives may go straight into
     * {@code target}, past the queue.
     */
    boolean awaitInput(ByteBuffer target, BooleanSupplier done, long deadline) {
        if (!driver.enter()) {
            return driver.await(done, deadline);
        }
        ByteBuffer outer = bytes.lend(target);
        try {
            return driver.await(done, deadline);
        } finally {
            bytes.lend(outer);
            driver.leave();
        }
    }

    /** Pushes what is queued, without waiting and without reading. {@return whether anything went out, or will soon} */
    boolean flush() {
        if (!driver.enter()) {
            driver.nudge();
            return bytes.toWrite() > 0;
        }
        try {
            long before = pump.sentBytes();
            driver.nudge();
            return pump.sentBytes() > before;
        } finally {
            driver.leave();
        }
    }

    /**
     * Mailbox. Starts TLS; the connection owns the engine from now on. What was written before passes in clear, unless
     * plain bytes are held; bytes that the application has not read are the beginning of the handshake: they never come
     * back as application data.
     *
     * @param engine the engine
     * @param gate says whether the peer is trusted
     * @param putBack bytes that the application looked at and put back, which come before all others
     */
    public void startTls(TlsEngine engine, PeerGate gate, byte[] putBack) {
        if (!mailbox.isPlainHeld()) {
            bytes.markEndOfClear();
        }
        mailbox.wantTls();
        post(() -> pump.useEngine(engine, gate, putBack));
        driver.nudge();
    }

    /** From now on no byte passes in clear: what is queued waits for TLS, or is dropped at the end. */
    void holdPlainBytes() {
        mailbox.holdPlain();
    }

    /** Mailbox. Answers {@link Announcements.Listener#decisionDue}. */
    public void decide(PeerDecision.Final answer) {
        post(() -> pump.decide(answer));
    }

    /** Mailbox. Has the owner run something that emits, in order with what else is asked of it, unless it is aborted. */
    void run(Runnable emission) {
        post(() -> {
            if (!isAborted()) {
                emission.run();
            }
        });
        driver.nudge();
    }

    /** Mailbox. Ends once everything queued is sent; for the end itself there is this much time. */
    void finish(Duration time) {
        mailbox.wantClose();
        post(() -> pump.finish(time));
        if (phase().isConnected()) {
            driver.nudge(); // while connecting the close is only remembered, and the state stays (B-148)
        }
        expectEnd(time);
    }

    /** Mailbox. Ends within this time, sending what is queued as far as possible; what still comes is dropped. */
    void close(Duration time) {
        mailbox.wantClose();
        bytes.dropInput();
        post(() -> pump.finishWithin(time));
        driver.nudge();
    }

    /** The end was asked for, and maybe nobody waits for it. */
    void expectEnd(Duration patience) {
        if (phase() != Phase.ENDED) {
            driver.endSoon(patience);
        }
    }

    /** Mailbox. Ends now, sends nothing more, and drops everything. */
    void abort() {
        stop(() -> {});
    }

    /** Mailbox. Ends now, for a reason that is told. */
    void abort(SocketError reason, String text) {
        stop(() -> news.fail(reason, text));
    }

    private void stop(Runnable lastNews) {
        mailbox.wantAbort();
        news.mute();
        bytes.dropInput();
        post(() -> pump.stop(lastNews));
        driver.nudge();
    }

    private void post(Mailbox.Note note) {
        mailbox.leave(note);
        askForTurn();
    }

    // Inside a turn it is enough to go round once more.
    private void askForTurn() {
        if (driver.isOwner() && turns.isTurning()) {
            turns.goRoundAgain();
        } else {
            driver.requestTurn();
        }
    }

    /** As {@link Turns#turn}. Owner only; not from inside the engine. */
    int turn(boolean readable) {
        try {
            return turns.turn(readable);
        } finally {
            waiters.wake();
        }
    }

    /** {@return whether the last turn stopped only because others should have theirs} Owner only. */
    boolean wasCutShort() {
        return turns.wasCutShort();
    }

    /** Ends as if the time for it had run out; the news wait for the next turn. Owner only; not from inside the engine. */
    void giveUp() {
        pump.giveUp();
    }

    /** {@return when a turn is due although nothing happened on the channel, in {@link System#nanoTime}} Owner only. */
    long deadline() {
        return pump.deadline();
    }

    /** Has {@link Announcements.Listener#engineSpoke} called once the engine call is over. Owner only. */
    public void engineSpoke() {
        news.engineSpoke = true;
    }
}
