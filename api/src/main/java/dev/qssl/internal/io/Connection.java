package dev.qssl.internal.io;

import dev.qssl.net.SocketError;
import dev.qssl.spi.BufferKind;
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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to be connected: moves bytes between channel, engine and the application's queues.
 *
 * <p>{@link #turn} is the pump. It moves what can be moved without blocking, tells the {@link Listener} what
 * happened, and says what to wait for. It may be entered again from a slot, because every step looks at the fields anew.
 * Methods marked <i>mailbox</i> may be called by any thread; they leave a note and have the owner make a turn.
 */
public final class Connection {

    /** The most plaintext and the most records that one turn sends. */
    private static final int TURN_BYTES = 256 * 1024;

    /** What is read of a peer that goes on sending after we are done. */
    private static final int DRAIN_BYTES = 64 * 1024;

    private static final Duration DRAIN_TIME = Duration.ofSeconds(1);
    private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Listener listener;
    private final Driver driver;

    /** Guards the queues and the mailbox; see R2. */
    final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final ReadQueue received = new ReadQueue();
    private final WriteQueue queued = new WriteQueue();
    private long readLimit;
    private int waiters;

    // The mailbox, guarded by the lock.
    private boolean mail;
    private boolean closeWanted;
    private boolean plainHeld;
    private boolean abortWanted;
    private @Nullable TlsEngine engineWanted;
    private byte[] handshakeBegins = {};
    private PeerDecision.@Nullable Final decision;
    private @Nullable LookUp lookUp;

    // The owner's, from here on.
    private volatile Phase phase;
    private final @Nullable Dialer dialer;
    private @Nullable SocketChannel channel;
    private @Nullable RecordLayer records;
    private final Announcements announcements = new Announcements();
    private boolean closing;
    private boolean inputEnded;
    private boolean inputStalled;
    private volatile boolean peerClosed;
    private volatile boolean failed;
    private boolean closeNotifySent;
    private boolean outputShut;
    private int drained;
    private long deadline = Driver.FOREVER;
    private Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;

    private record LookUp(
            List<InetAddress> addresses, @Nullable String failure) {}

    /** What happened and is still to be told, in the order in which it is told. */
    private static final class Announcements {
        boolean hostFound;
        boolean connected;
        boolean engineSpoke;
        boolean decisionDue;
        boolean encrypted;
        boolean readyRead;
        long bytesWritten;
        long encryptedBytesWritten;

        @Nullable SocketError error;

        String message = "";
        boolean ended;
        boolean insideReadyRead;
        boolean insideBytesWritten;
    }

    private Connection(Listener listener, DriverFactory drivers, Phase phase, @Nullable Dialer dialer) {
        this.listener = listener;
        this.phase = phase;
        this.dialer = dialer;
        this.driver = drivers.driverOf(this);
    }

    /**
     * What a connection tells its socket: on the owner's thread, outside engine calls, with no lock held. Slots may run in
     * each; the connection looks at everything anew afterwards.
     */
    interface Listener {

        /** The host's addresses are known, and the first is being tried. */
        void hostFound(Connection connection);

        /** The TCP connection stands. */
        void transportConnected(Connection connection);

        /** Engine calls recorded events that are still to be emitted. */
        void engineSpoke(Connection connection);

        /** The engine waits for {@link Connection#decide}. */
        void decisionDue(Connection connection);

        /** The handshake is done. */
        void encrypted(Connection connection);

        /** There are new bytes to read. */
        void readyRead(Connection connection);

        /** This many bytes of the application were encrypted, or taken by TCP if there is no encryption. */
        void bytesWritten(Connection connection, long count);

        /** This many bytes of TLS records were taken by TCP. */
        void encryptedBytesWritten(Connection connection, long count);

        /** Something ended the connection that the application did not ask for. At most once. */
        void failed(Connection connection, SocketError error, String message);

        /** The channel is closed. The last call. */
        void ended(Connection connection);
    }

    /** Makes the driver of a connection that is being made. */
    interface DriverFactory {

        /** {@return the driver of this connection} Called once, from its constructor: it must only be stored. */
        Driver driverOf(Connection connection);
    }

    /** {@return a connection that is to be made to a host} Nothing happens before the first turn. */
    static Connection dial(Listener listener, DriverFactory drivers, Dialer dialer) {
        return new Connection(listener, drivers, Phase.LOOKING_UP, dialer);
    }

    /** {@return a connection over a channel that is connected and non-blocking} The connection closes it. */
    static Connection adopt(Listener listener, DriverFactory drivers, SocketChannel channel) {
        Connection connection = new Connection(listener, drivers, Phase.PLAIN, null);
        connection.channel = channel;
        connection.driver.opened(channel);
        return connection;
    }

    /** Looks the host up; the driver is asked for turns from now on. */
    void start() {
        driver.start();
        Dialer target = dialer;
        if (target == null) {
            return;
        }
        Resolver.literal(target.host())
                .ifPresentOrElse(
                        address -> foundHost(List.of(address), null),
                        () -> Resolver.lookUp(
                                target.host(),
                                (addresses, failure) -> foundHost(
                                        addresses, failure == null ? null : "host " + target.host() + " not found")));
    }

    private void foundHost(List<InetAddress> addresses, @Nullable String failure) {
        post(() -> lookUp = new LookUp(addresses, failure));
    }

    // ---- what anybody may call -----------------------------------------------------------------------------------

    Driver driver() {
        return driver;
    }

    Phase phase() {
        return phase;
    }

    /** {@return the channel, once there is one} */
    @Nullable SocketChannel channel() {
        return channel;
    }

    /** {@return whether this thread runs a slot from inside the engine (rule R5)} */
    public boolean isInsideEngine() {
        RecordLayer current = records;
        return current != null && current.isInsideEngine();
    }

    /** {@return whether the application asked for the end} */
    public boolean isEnding() {
        lock.lock();
        try {
            return closeWanted || abortWanted;
        } finally {
            lock.unlock();
        }
    }

    /** {@return what the handshake agreed on} Owner only, once it is done. */
    public NegotiatedParameters parameters() {
        return java.util.Objects.requireNonNull(records).engine.parameters();
    }

    /** {@return whether the peer ended the connection in the orderly way} */
    boolean endedCleanly() {
        return peerClosed && !failed;
    }

    /** {@return the bytes to read} */
    long bytesAvailable() {
        lock.lock();
        try {
            return received.size();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the application's bytes that are not encrypted, or not taken by TCP if there is no encryption} */
    long bytesToWrite() {
        lock.lock();
        try {
            return queued.size();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the bytes of records that TCP has not taken; exact for the owner} */
    long encryptedBytesToWrite() {
        RecordLayer current = records;
        return current == null ? 0 : current.unsentBytes();
    }

    /** {@return the bytes of records that are not decrypted; exact for the owner} */
    long encryptedBytesAvailable() {
        RecordLayer current = records;
        return current == null ? 0 : current.undecryptedBytes();
    }

    /** {@return how many bytes come before the first such byte, or -1} */
    long indexOf(byte wanted) {
        lock.lock();
        try {
            return received.indexOf(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** Mailbox. Moves bytes to the application; has more decrypted if the limit had stopped that. */
    int read(ByteBuffer target) {
        int count;
        boolean wasFull;
        lock.lock();
        try {
            wasFull = isFull();
            count = received.take(target);
        } finally {
            lock.unlock();
        }
        if (wasFull && count > 0) {
            driver.requestTurn();
        }
        return count;
    }

    /** Mailbox. Drops bytes for the application. */
    long skip(long most) {
        boolean wasFull;
        long count;
        lock.lock();
        try {
            wasFull = isFull();
            count = received.skip(most);
        } finally {
            lock.unlock();
        }
        if (wasFull && count > 0) {
            driver.requestTurn();
        }
        return count;
    }

    /** Drops what is there to read. */
    void clearReceived() {
        lock.lock();
        try {
            received.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Mailbox. Sets how many bytes to read may pile up; 0 for any number. */
    void setReadLimit(long bytes) {
        post(() -> readLimit = bytes);
    }

    // Guarded by the lock. The limit is for application data: it must not stop a handshake (B-144), and once the peer
    // has ended there is no more than what is here (B-145).
    private boolean isFull() {
        return readLimit > 0
                && received.size() >= readLimit
                && !inputEnded
                && (phase == Phase.ENCRYPTED || phase == Phase.PLAIN);
    }

    /**
     * Mailbox. Takes all bytes of {@code source}: sends them at once if there are enough of them and this thread may, and
     * queues the rest.
     */
    void write(ByteBuffer source) {
        if (source.remaining() + bytesToWrite() >= TURN_BYTES / 2 && driver.enter()) {
            try {
                if (!isInsideEngine()) {
                    sendThrough(source);
                }
            } finally {
                driver.leave();
            }
        }
        lock.lock();
        try {
            queued.append(source);
        } finally {
            lock.unlock();
        }
        driver.requestTurn();
    }

    /**
     * Mailbox. Starts TLS; the connection owns the engine from now on. Bytes that the application has not read are the
     * beginning of the handshake: they never come back as application data.
     *
     * @param engine the engine
     * @param putBack bytes that the application looked at and put back, which come before all others
     */
    public void startTls(TlsEngine engine, byte[] putBack) {
        post(() -> {
            engineWanted = engine;
            handshakeBegins = putBack;
        });
    }

    /** Mailbox. From now on no byte passes in clear: what is queued waits for TLS, or is dropped at the end. */
    void holdPlainBytes() {
        post(() -> plainHeld = true);
    }

    /** Mailbox. Answers {@link Listener#decisionDue}. */
    public void decide(PeerDecision.Final answer) {
        post(() -> decision = answer);
    }

    /** Mailbox. Closes once everything queued is sent. */
    void close(Duration timeout) {
        post(() -> {
            closeWanted = true;
            closeTimeout = timeout;
        });
    }

    /** Mailbox. Closes now; what is queued is dropped. */
    void abort() {
        post(() -> {
            abortWanted = true;
            queued.clear();
        });
        if (driver.enter()) {
            try {
                if (!isInsideEngine()) {
                    turn(false);
                }
            } finally {
                driver.leave();
            }
        }
    }

    private void post(Runnable note) {
        lock.lock();
        try {
            note.run();
            mail = true;
        } finally {
            lock.unlock();
        }
        driver.requestTurn();
    }

    /** Waits until something is so, for a thread that is not the owner. {@return whether it is} */
    boolean awaitChange(java.util.function.BooleanSupplier done, long until) throws InterruptedException {
        lock.lock();
        try {
            while (!done.getAsBoolean()) {
                long nanos = Driver.left(until);
                if (nanos == 0) {
                    return false;
                }
                waiters++;
                try {
                    changed.awaitNanos(nanos);
                } finally {
                    waiters--;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Releases the threads in {@link #awaitChange}, to look again. */
    void signalChange() {
        lock.lock();
        try {
            if (waiters > 0) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- the pump ------------------------------------------------------------------------------------------------

    /** {@return when a turn is due although nothing happened on the channel, in {@link System#nanoTime}} Owner only. */
    long deadline() {
        return deadline;
    }

    /**
     * Moves what can be moved. Owner only; not from inside the engine.
     *
     * @param readable whether the channel is known to hold bytes: nothing is read on suspicion, because a read that finds
     *     nothing costs as much as one that does
     * @return the operations to wait for, of {@link SelectionKey}; 0 if only the mailbox can change anything
     */
    int turn(boolean readable) {
        boolean mayRead = readable;
        long budget = TURN_BYTES;
        while (true) {
            announce();
            try {
                obeyMail();
                boolean moved = switch (phase) {
                    case LOOKING_UP, DECIDING, ENDED -> false;
                    case CONNECTING -> dial();
                    case PLAIN -> sendPlain();
                    case HANDSHAKING, ENCRYPTED -> budget > 0 && moveRecords();
                    case CLOSING -> finishClosing();
                };
                budget -= collectSent();
                if (!moved && mayRead && wantsInput()) {
                    mayRead = false;
                    moved = receive();
                }
                if (moved || hasNews()) {
                    continue;
                }
            } catch (IOException | RuntimeException e) {
                fail(e);
                continue;
            }
            if (budget <= 0) {
                driver.requestTurn();
            }
            return rest();
        }
    }

    private int rest() {
        RecordLayer layer = records;
        if (layer != null) {
            layer.settle();
        }
        signalChange();
        return switch (phase) {
            case LOOKING_UP, DECIDING, ENDED -> 0;
            case CONNECTING -> SelectionKey.OP_CONNECT;
            case PLAIN -> (bytesToWrite() > 0 && !plainHeld ? SelectionKey.OP_WRITE : 0) | readInterest();
            case HANDSHAKING, ENCRYPTED, CLOSING ->
                (encryptedBytesToWrite() > 0 ? SelectionKey.OP_WRITE : 0) | readInterest();
        };
    }

    private int readInterest() {
        return wantsInput() ? SelectionKey.OP_READ : 0;
    }

    private boolean wantsInput() {
        if (!phase.isConnected() || phase == Phase.DECIDING || inputEnded || (phase == Phase.PLAIN && plainHeld)) {
            return false;
        }
        RecordLayer layer = records;
        if (layer != null && layer.undecryptedBytes() > BufferPool.MAX_RECORD_BYTES) {
            return false;
        }
        lock.lock();
        try {
            return !isFull();
        } finally {
            lock.unlock();
        }
    }

    private void become(Phase next) {
        if (!phase.canBecome(next)) {
            throw new AssertionError(phase + " cannot become " + next);
        }
        phase = next;
        inputStalled = false;
    }

    private void obeyMail() throws IOException {
        TlsEngine engine;
        PeerDecision.Final answer;
        LookUp found;
        lock.lock();
        try {
            if (!mail) {
                return;
            }
            mail = false;
            engine = engineWanted;
            engineWanted = null;
            answer = decision;
            decision = null;
            found = lookUp;
            lookUp = null;
            closing |= closeWanted;
            if (abortWanted) {
                closing = true;
            }
        } finally {
            lock.unlock();
        }
        inputStalled = false;
        if (abortWanted) {
            if (engine != null) {
                engine.close();
            }
            end();
            return;
        }
        if (closing && phase == Phase.DECIDING && answer == null) {
            failed = true; // a handshake that is given up ends without close_notify (B-153)
            startClosing();
            return;
        }
        if (found != null && phase == Phase.LOOKING_UP) {
            startDialing(found);
        }
        if (engine != null) {
            adopt(engine);
        }
        if (answer != null && phase == Phase.DECIDING && records != null) {
            become(Phase.HANDSHAKING);
            records.resume(answer);
        }
    }

    private void adopt(TlsEngine engine) throws TlsException {
        if (phase != Phase.PLAIN) {
            engine.close();
            return;
        }
        RecordLayer layer = new RecordLayer(engine);
        records = layer;
        lock.lock();
        try {
            queued.setKind(layer.kind());
            if (handshakeBegins.length + received.size() > BufferPool.READ_BYTES) {
                throw new TlsException(
                        TlsError.PROTOCOL_VIOLATION,
                        received.size() + " unread bytes came before the handshake; read them before starting TLS");
            }
            layer.push(ByteBuffer.wrap(handshakeBegins));
            ByteBuffer unread = ByteBuffer.allocate((int) received.size());
            received.take(unread);
            layer.push(unread.flip());
            handshakeBegins = new byte[0];
        } finally {
            lock.unlock();
        }
        become(Phase.HANDSHAKING);
    }

    // ---- connecting ----------------------------------------------------------------------------------------------

    private void startDialing(LookUp found) {
        Dialer target = java.util.Objects.requireNonNull(dialer);
        if (found.failure() != null || !target.use(found.addresses())) {
            String why = found.failure() != null ? found.failure() : "host " + target.host() + " has no usable address";
            announcements.error = SocketError.HOST_NOT_FOUND_ERROR;
            announcements.message = why;
            end();
            return;
        }
        become(Phase.CONNECTING);
        announcements.hostFound = true;
        dialNext(target);
    }

    private void dialNext(Dialer target) {
        SocketChannel opened = target.next();
        if (opened == null) {
            announcements.error = target.error();
            announcements.message = target.message();
            end();
            return;
        }
        channel = opened;
        driver.opened(opened);
    }

    private boolean dial() {
        Dialer target = java.util.Objects.requireNonNull(dialer);
        SocketChannel tried = java.util.Objects.requireNonNull(channel);
        if (target.finish()) {
            become(Phase.PLAIN);
            announcements.connected = true;
            return true;
        }
        if (target.hasFailed()) {
            driver.closed(tried);
            dialNext(target);
            return true;
        }
        return false;
    }

    // ---- plain bytes ---------------------------------------------------------------------------------------------

    private boolean sendPlain() throws IOException {
        SocketChannel open = java.util.Objects.requireNonNull(channel);
        if (plainHeld) {
            return closing && startClosing();
        }
        long total = 0;
        while (total < TURN_BYTES) {
            ByteBuffer front = front();
            if (front == null) {
                break;
            }
            int count = open.write(front);
            sent(count);
            total += count;
            if (front.hasRemaining()) {
                break;
            }
        }
        announcements.bytesWritten += total;
        return closing && bytesToWrite() == 0 && startClosing();
    }

    private @Nullable ByteBuffer front() {
        lock.lock();
        try {
            return queued.front();
        } finally {
            lock.unlock();
        }
    }

    private void sent(int count) {
        lock.lock();
        try {
            // An abort may have emptied the queue meanwhile.
            if (queued.size() > 0) {
                queued.sent(count);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean receive() throws IOException {
        SocketChannel open = java.util.Objects.requireNonNull(channel);
        if (phase == Phase.CLOSING && outputShut) {
            return drain(open);
        }
        int count;
        RecordLayer layer = records;
        if (layer != null) {
            count = layer.fill(open);
        } else {
            ByteBuffer room = BufferPool.of(BufferKind.HEAP).borrow();
            count = open.read(room);
            accept(room);
        }
        inputStalled = false;
        if (count < 0) {
            inputEnded = true;
            if (layer == null) {
                peerEnded("the peer closed the connection");
            }
        }
        return count != 0;
    }

    // Takes the buffer over.
    private void accept(ByteBuffer plaintext) {
        if (plaintext.position() == 0) {
            BufferPool.giveBack(plaintext);
            return;
        }
        lock.lock();
        try {
            received.add(plaintext);
        } finally {
            lock.unlock();
        }
        announcements.readyRead = true;
    }

    // ---- records -------------------------------------------------------------------------------------------------

    private boolean moveRecords() throws IOException {
        RecordLayer layer = java.util.Objects.requireNonNull(records);
        boolean moved = sendRecords(layer);
        if (!moved && layer.need() == Need.TASK) {
            layer.runTask();
            inputStalled = false;
            moved = true;
        }
        if (!moved) {
            moved = openRecords(layer);
        }
        noteProgress(layer);
        if (!moved && inputEnded && phase != Phase.DECIDING) {
            layer.engine.inputEnded();
            peerEnded("the peer closed the connection");
            return true;
        }
        if (!moved && closing && phase == Phase.ENCRYPTED && bytesToWrite() == 0) {
            return startClosing();
        }
        return moved;
    }

    private void noteProgress(RecordLayer layer) {
        if (phase == Phase.HANDSHAKING && layer.need() == Need.DECISION) {
            become(Phase.DECIDING);
            announcements.decisionDue = true;
        }
        if (phase == Phase.HANDSHAKING && layer.engine.isEstablished()) {
            become(Phase.ENCRYPTED);
            announcements.encrypted = true;
        }
    }

    // Sends what is composed, then composes what the engine and the application have, up to one write.
    private boolean sendRecords(RecordLayer layer) throws IOException {
        SocketChannel open = java.util.Objects.requireNonNull(channel);
        if (!layer.flush(open)) {
            return false;
        }
        boolean composed = false;
        while (layer.hasRoom() && layer.need() != Need.TASK && layer.need() != Need.DECISION) {
            if (layer.engine.hasOutput()) {
                if (!layer.composeOutput()) {
                    break;
                }
            } else if (phase != Phase.ENCRYPTED || !composeQueued(layer)) {
                break;
            }
            composed = true;
        }
        if (!composed) {
            return false;
        }
        layer.flush(open);
        return true;
    }

    private boolean composeQueued(RecordLayer layer) throws IOException {
        ByteBuffer front = front();
        if (front == null) {
            return false;
        }
        int before = front.position();
        boolean composed = layer.compose(front);
        int taken = front.position() - before;
        sent(taken);
        announcements.bytesWritten += taken;
        return composed;
    }

    private boolean openRecords(RecordLayer layer) throws IOException {
        boolean hasInput = layer.undecryptedBytes() > 0 || layer.engine.hasPlaintext();
        if (inputStalled || (!hasInput && !layer.mustAskAgain())) {
            return false;
        }
        ByteBuffer room = BufferPool.of(layer.kind()).borrow();
        boolean moved;
        try {
            if (limitRoom(layer, room)) {
                return false;
            }
            moved = layer.decrypt(room);
        } finally {
            accept(room);
        }
        if (layer.need() == Need.CLOSED && !peerClosed) {
            peerClosed = true;
            peerEnded("the peer closed the TLS connection (close_notify)");
            return true;
        }
        inputStalled = !moved;
        return moved;
    }

    // With a read limit, decrypts as many records as the limit still allows, at least one. Returns whether it is full.
    private boolean limitRoom(RecordLayer layer, ByteBuffer room) {
        lock.lock();
        try {
            if (isFull()) {
                return true;
            }
            if (readLimit > 0 && !inputEnded && phase == Phase.ENCRYPTED) {
                long wanted = Math.max(readLimit - received.size(), layer.engine.minPlaintextRoom());
                room.limit((int) Math.min(room.capacity(), wanted));
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Encrypts whole records straight from the application's memory, as long as TCP takes them. Owner only. */
    private void sendThrough(ByteBuffer source) {
        RecordLayer layer = records;
        SocketChannel open = channel;
        if (layer == null || open == null || phase != Phase.ENCRYPTED || closing) {
            return;
        }
        int record = layer.engine.maxRecordPlaintext();
        int batch = record * BufferPool.RECORDS_PER_WRITE;
        int limit = source.limit();
        try {
            while (source.remaining() + bytesToWrite() > batch && layer.flush(open)) {
                topUp(source, record);
                while (layer.hasRoom() && composeQueued(layer)) {
                    // what was queued goes first
                }
                if (bytesToWrite() == 0) {
                    compose(layer, source, record);
                }
                if (layer.unsentBytes() == 0) {
                    return;
                }
                layer.flush(open);
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        } finally {
            source.limit(limit);
            announcements.encryptedBytesWritten += layer.takeSentBytes();
        }
    }

    // Fills what is queued up to a whole record, so that no short one goes out in the middle of a stream.
    private void topUp(ByteBuffer source, int record) {
        lock.lock();
        try {
            int over = (int) (queued.size() % record);
            if (over > 0) {
                int limit = source.limit();
                source.limit(source.position() + Math.min(record - over, source.remaining()));
                queued.append(source);
                source.limit(limit);
            }
        } finally {
            lock.unlock();
        }
    }

    // The last record's worth stays: it may be the beginning of a longer one.
    private void compose(RecordLayer layer, ByteBuffer source, int record) throws IOException {
        int whole = (source.remaining() - 1) / record * record;
        if (whole <= 0 || !layer.hasRoom()) {
            return;
        }
        int limit = source.limit();
        int before = source.position();
        source.limit(before + whole);
        try {
            layer.compose(source);
        } finally {
            announcements.bytesWritten += source.position() - before;
            source.limit(limit);
        }
    }

    private long collectSent() {
        RecordLayer layer = records;
        long sent = layer == null ? 0 : layer.takeSentBytes();
        announcements.encryptedBytesWritten += sent;
        return sent;
    }

    /** Pushes what is queued, without waiting and without reading. {@return whether anything went out} Owner only. */
    boolean flush() {
        long before = bytesToWrite() + encryptedBytesToWrite();
        turn(false);
        return before > 0 && bytesToWrite() + encryptedBytesToWrite() < before;
    }

    // ---- ending --------------------------------------------------------------------------------------------------

    private void peerEnded(String message) {
        peerClosed = true;
        if (!closing) {
            announcements.error = SocketError.REMOTE_HOST_CLOSED_ERROR;
            announcements.message = message;
        }
        startClosing();
    }

    private boolean startClosing() {
        closing = true;
        if (phase != Phase.CLOSING) {
            become(Phase.CLOSING);
            deadline = Driver.deadlineIn(closeTimeout.toMillis());
        }
        return true;
    }

    private void fail(Exception e) {
        if (failed || phase == Phase.ENDED) {
            // The engine is spent, or the peer is gone: no alert will reach it.
            end();
            return;
        }
        failed = true;
        boolean wasClosing = closing && phase == Phase.CLOSING;
        if (announcements.error == null && !wasClosing) {
            announcements.error = Failures.code(e, phase);
            announcements.message = Failures.message(e);
        }
        boolean channelBroken = !(e instanceof TlsException) && e instanceof IOException;
        if (channelBroken || !phase.isConnected()) {
            end();
        } else {
            startClosing();
        }
    }

    // close_notify or the alert, then the end of our bytes, then wait a little for the end of the peer's: a reset
    // caused
    // by unread bytes would destroy what we sent last.
    private boolean finishClosing() throws IOException {
        SocketChannel open = java.util.Objects.requireNonNull(channel);
        if (Driver.left(deadline) == 0) {
            end();
            return true;
        }
        if (!outputShut) {
            if (!closeOutput(open)) {
                return false;
            }
            outputShut = true;
            deadline = Driver.deadlineIn(DRAIN_TIME.toMillis());
            open.shutdownOutput();
        }
        if (inputEnded || (peerClosed && !failed)) {
            end();
            return true;
        }
        return false;
    }

    private boolean closeOutput(SocketChannel open) throws IOException {
        RecordLayer layer = records;
        if (layer == null) {
            return true;
        }
        if (!closeNotifySent) {
            closeNotifySent = true;
            if (!failed) {
                layer.engine.closeOutput();
            }
        }
        if (!layer.flush(open)) {
            return false;
        }
        while (layer.engine.hasOutput() && layer.hasRoom()) {
            if (!composeLast(layer)) {
                break;
            }
        }
        return layer.flush(open);
    }

    // A failed engine throws its failure again once its alert is out.
    private boolean composeLast(RecordLayer layer) throws IOException {
        try {
            return layer.composeOutput();
        } catch (TlsException e) {
            if (failed) {
                return false;
            }
            throw e;
        }
    }

    private boolean drain(SocketChannel open) throws IOException {
        ByteBuffer room = BufferPool.of(BufferKind.HEAP).borrow();
        int count;
        try {
            count = open.read(room);
        } finally {
            BufferPool.giveBack(room);
        }
        drained += Math.max(0, count);
        if (count < 0 || drained >= DRAIN_BYTES) {
            end();
        }
        return count != 0;
    }

    private void end() {
        if (phase == Phase.ENDED) {
            return;
        }
        become(Phase.ENDED);
        deadline = Driver.FOREVER;
        announcements.ended = true;
        collectSent();
        RecordLayer layer = records;
        if (layer != null) {
            layer.close();
        }
        SocketChannel open = channel;
        if (open != null) {
            Dialer.closeQuietly(open);
            driver.closed(open);
        }
        lock.lock();
        try {
            queued.clear();
        } finally {
            lock.unlock();
        }
    }

    // ---- telling -------------------------------------------------------------------------------------------------

    /** Has {@link Listener#engineSpoke} called once the engine call is over. Owner only. */
    public void engineSpoke() {
        announcements.engineSpoke = true;
    }

    private boolean hasNews() {
        Announcements news = announcements;
        return news.hostFound
                || news.connected
                || news.engineSpoke
                || news.decisionDue
                || news.encrypted
                || (news.readyRead && !news.insideReadyRead)
                || (news.bytesWritten > 0 && !news.insideBytesWritten)
                || news.encryptedBytesWritten > 0
                || news.error != null
                || news.ended;
    }

    private void announce() {
        while (hasNews()) {
            announceNext();
            signalChange();
        }
    }

    private void announceNext() {
        Announcements news = announcements;
        if (news.hostFound) {
            news.hostFound = false;
            listener.hostFound(this);
        } else if (news.connected) {
            news.connected = false;
            listener.transportConnected(this);
        } else if (news.readyRead && phase == Phase.CLOSING && !news.insideReadyRead) {
            announceReadyRead(news); // what came before the peer's last alert is told before it
        } else if (news.engineSpoke) {
            news.engineSpoke = false;
            listener.engineSpoke(this);
        } else if (news.decisionDue) {
            news.decisionDue = false;
            listener.decisionDue(this);
        } else if (news.encrypted) {
            news.encrypted = false;
            listener.encrypted(this);
        } else if (news.readyRead && !news.insideReadyRead) {
            announceReadyRead(news);
        } else if (news.bytesWritten > 0 && !news.insideBytesWritten) {
            announceBytesWritten(news);
        } else if (news.encryptedBytesWritten > 0) {
            long count = news.encryptedBytesWritten;
            news.encryptedBytesWritten = 0;
            listener.encryptedBytesWritten(this, count);
        } else if (news.error != null) {
            SocketError error = news.error;
            news.error = null;
            listener.failed(this, error, news.message);
        } else if (news.ended) {
            news.ended = false;
            listener.ended(this);
        }
    }

    private void announceReadyRead(Announcements news) {
        news.readyRead = false;
        news.insideReadyRead = true;
        try {
            listener.readyRead(this);
        } finally {
            news.insideReadyRead = false;
        }
    }

    private void announceBytesWritten(Announcements news) {
        long count = news.bytesWritten;
        news.bytesWritten = 0;
        news.insideBytesWritten = true;
        try {
            listener.bytesWritten(this, count);
        } finally {
            news.insideBytesWritten = false;
        }
    }
}
