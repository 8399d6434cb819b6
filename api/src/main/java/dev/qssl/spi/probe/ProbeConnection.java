package dev.qssl.spi.probe;

import dev.qssl.spi.Need;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A connection of this process with itself: two engines that talk in memory until neither has anything more to say.
 *
 * <p>Owns both engines, runs their tasks in place, and frees them when it is closed. What fails while they talk ends the end
 * that it happened to, after its alert went out, and shows as a connection that is not established, carries no data or does not
 * close; why it failed, the engine's next call throws again. One thread.
 */
public final class ProbeConnection implements AutoCloseable {

    /** Enough for the longest handshake; two engines that answer each other for ever are stopped here. */
    private static final int MAXIMUM_TURNS = 100;

    private final End client;
    private final End server;

    private ProbeConnection(End client, End server) {
        this.client = client;
        this.server = server;
    }

    /**
     * {@return a connection whose handshake was tried, which need not mean that it succeeded}
     *
     * @param client begins
     * @param server answers
     * @throws TlsException if one of the contexts makes no engine for this request; then nothing is left behind
     */
    public static ProbeConnection open(ProbeSide client, ProbeSide server) throws TlsException {
        End clientEnd = End.of(client);
        try {
            ProbeConnection connection = new ProbeConnection(clientEnd, End.of(server));
            connection.run();
            return connection;
        } catch (TlsException | RuntimeException noServer) {
            clientEnd.engine.close();
            throw noServer;
        }
    }

    /** {@return the client's engine, which stays this connection's} */
    public TlsEngine client() {
        return client.engine;
    }

    /** {@return the server's engine, which stays this connection's} */
    public TlsEngine server() {
        return server.engine;
    }

    /** {@return whether the handshake is done at both ends} */
    public boolean isEstablished() {
        return client.engine.isEstablished() && server.engine.isEstablished();
    }

    /**
     * Sends some bytes from each end to the other. What comes after the handshake, such as tickets of TLS 1.3, has arrived then.
     *
     * @return whether they came out as they went in, both ways
     * @throws TlsException if an end cannot encrypt
     */
    public boolean carriesData() throws TlsException {
        return carries(client, server) && carries(server, client);
    }

    /**
     * Sends some bytes from the server to the client.
     *
     * @return whether they came out as they went in
     * @throws TlsException if the server cannot encrypt
     */
    public boolean carriesDataOfServer() throws TlsException {
        return carries(server, client);
    }

    private boolean carries(End from, End to) throws TlsException {
        byte[] data = {1, 2, 3, 4, 5, 6, 7, 8};
        to.plaintext.clear();
        from.engine.encrypt(ByteBuffer.wrap(data), from.outbox);
        run();
        return Arrays.equals(data, Arrays.copyOf(to.plaintext.array(), to.plaintext.position()));
    }

    /**
     * Closes the client's direction.
     *
     * @return whether the server heard it
     */
    public boolean closesClient() {
        return closes(client, server);
    }

    /**
     * Closes the server's direction.
     *
     * @return whether the client heard it
     */
    public boolean closesServer() {
        return closes(server, client);
    }

    private boolean closes(End from, End to) {
        from.engine.closeOutput();
        run();
        return to.need == Need.CLOSED;
    }

    private void run() {
        boolean moved = true;
        for (int turn = 0; moved && turn < MAXIMUM_TURNS; turn++) {
            moved = client.turn();
            moved |= client.deliverTo(server);
            moved |= server.turn();
            moved |= server.deliverTo(client);
        }
    }

    /** Frees both engines without another word. Idempotent; the contexts stay open. */
    @Override
    public void close() {
        client.engine.close();
        server.engine.close();
    }

    /** One of the two, with what it received and did not read yet, and what it said and was not delivered yet. */
    private static final class End {

        private static final int ROOM = 1 << 17;
        private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

        private final TlsEngine engine;
        private final ByteBuffer inbox = ByteBuffer.allocate(ROOM);
        private final ByteBuffer outbox = ByteBuffer.allocate(ROOM);
        private final ByteBuffer plaintext = ByteBuffer.allocate(ROOM);
        private Need need = Need.NOTHING;
        private @Nullable TlsException failure;

        private End(TlsEngine engine) {
            this.engine = engine;
        }

        static End of(ProbeSide side) throws TlsException {
            return new End(side.context().newEngine(side.request(), side.owner()));
        }

        /** {@return whether anything happened} */
        boolean turn() {
            boolean wasWell = failure == null;
            int read = inbox.position();
            int said = outbox.position();
            try {
                if (wasWell) {
                    listen();
                }
                speak();
            } catch (TlsException thrown) {
                failure = thrown;
            }
            return need == Need.TASK
                    || inbox.position() != read
                    || outbox.position() != said
                    || (wasWell && failure != null);
        }

        private void listen() throws TlsException {
            inbox.flip();
            try {
                need = engine.decrypt(inbox, plaintext);
            } finally {
                inbox.compact();
            }
            if (need == Need.TASK) {
                engine.takeTask().run();
            }
        }

        private void speak() throws TlsException {
            int before = -1;
            while (engine.hasOutput() && outbox.position() != before) {
                before = outbox.position();
                engine.encrypt(NO_BYTES, outbox);
            }
        }

        boolean deliverTo(End other) {
            outbox.flip();
            boolean some = outbox.hasRemaining();
            other.inbox.put(outbox);
            outbox.clear();
            return some;
        }
    }
}
