package dev.qssl.backend.openssl;

import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Need;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A connection of this process with itself, in memory, to try out what works. One thread. */
final class ProbeConnection implements AutoCloseable {

    /** A name that nobody can have (RFC 6761, section 6.4). */
    static final String SERVER_NAME = "probe.invalid";

    /** What its clients ask for. */
    static final EngineRequest REQUEST = EngineRequest.client(new PeerKey(SERVER_NAME, 1, SERVER_NAME), SERVER_NAME);

    private static final int MAXIMUM_TURNS = 100;
    private static final int ROOM = 1 << 17;
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    private final End client;
    private final End server;

    private ProbeConnection(End client, End server) {
        this.client = client;
        this.server = server;
    }

    /** {@return a connection whose handshake was tried} */
    static ProbeConnection open(TlsContext clients, ProbePeer clientOwner, TlsContext servers, ProbePeer serverOwner)
            throws TlsException {
        return open(clients, REQUEST, clientOwner, servers, EngineRequest.server(), serverOwner);
    }

    /** {@return a connection whose handshake was tried, with requests of both sides' own} */
    static ProbeConnection open(
            TlsContext clients,
            EngineRequest request,
            ProbePeer clientOwner,
            TlsContext servers,
            EngineRequest serverRequest,
            ProbePeer serverOwner)
            throws TlsException {
        TlsEngine client = clients.newEngine(request, clientOwner);
        try {
            ProbeConnection connection =
                    new ProbeConnection(new End(client), new End(servers.newEngine(serverRequest, serverOwner)));
            connection.run();
            return connection;
        } catch (TlsException noServer) {
            client.close();
            throw noServer;
        }
    }

    TlsEngine client() {
        return client.engine;
    }

    TlsEngine server() {
        return server.engine;
    }

    boolean isEstablished() {
        return client.engine.isEstablished() && server.engine.isEstablished();
    }

    /** {@return whether data of one end came out at the other, both ways} */
    boolean carriesData() throws TlsException {
        return carries(client, server) && carries(server, client);
    }

    /** {@return whether what the server says arrives} */
    boolean carriesDataOfServer() throws TlsException {
        return carries(server, client);
    }

    private boolean carries(End from, End to) throws TlsException {
        byte[] data = {1, 2, 3, 4, 5, 6, 7, 8};
        to.plaintext.clear();
        from.engine.encrypt(ByteBuffer.wrap(data), from.outbox);
        run();
        return Arrays.equals(data, Arrays.copyOf(to.plaintext.array(), to.plaintext.position()));
    }

    /** Closes the client's direction. Returns whether the server heard it. */
    boolean closesClient() {
        return closes(client, server);
    }

    /** Closes the server's direction. Returns whether the client heard it. */
    boolean closesServer() {
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

    @Override
    public void close() {
        client.engine.close();
        server.engine.close();
    }

    /** One of the two, with what it received and did not read yet, and what it said and was not delivered yet. */
    private static final class End {

        private final TlsEngine engine;
        private final ByteBuffer inbox = ByteBuffer.allocate(ROOM);
        private final ByteBuffer outbox = ByteBuffer.allocate(ROOM);
        private final ByteBuffer plaintext = ByteBuffer.allocate(ROOM);
        private Need need = Need.NOTHING;
        private @Nullable TlsException failure;

        End(TlsEngine engine) {
            this.engine = engine;
        }

        boolean turn() {
            boolean wasWell = failure == null;
            int read = inbox.position();
            int said = outbox.position();
            try {
                if (wasWell) {
                    receive();
                }
                while (engine.hasOutput()) {
                    engine.encrypt(NO_BYTES, outbox);
                }
            } catch (TlsException thrown) {
                failure = thrown;
            }
            return inbox.position() != read || outbox.position() != said || (wasWell && failure != null);
        }

        private void receive() throws TlsException {
            inbox.flip();
            try {
                need = engine.decrypt(inbox, plaintext);
            } finally {
                inbox.compact();
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
