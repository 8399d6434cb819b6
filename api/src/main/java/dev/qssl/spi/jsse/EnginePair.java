package dev.qssl.spi.jsse;

import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.probe.ProbeOwner;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Two bare engines of a library that talk to each other in memory, to see what the library does. */
final class EnginePair {

    private static final int MAXIMUM_TURNS = 50;
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    private final End client;
    private final End server;

    private EnginePair(End client, End server) {
        this.client = client;
        this.server = server;
    }

    /**
     * {@return a pair that has not begun}
     *
     * @param library whose engines
     * @param identity of the server, and of a client that is asked
     * @param peer judges the server on behalf of the client
     */
    static EnginePair of(JsseLibrary library, Identity identity, ProbeOwner peer) throws GeneralSecurityException {
        return new EnginePair(
                new End(context(library).createSSLEngine(), TlsRole.CLIENT, peer),
                new End(
                        context(library, new OwnIdentity(identity)).createSSLEngine(),
                        TlsRole.SERVER,
                        ProbeOwner.accepting(identity.certificate())));
    }

    /** {@return a context that trusts whom the engine's owner trusts} */
    static SSLContext context(JsseLibrary library, KeyManager... keys) throws GeneralSecurityException {
        SSLContext context = library.newSslContext();
        context.init(keys, new TrustManager[] {new PeerTrust(new X509Certificate[0])}, null);
        return context;
    }

    End client() {
        return client;
    }

    End server() {
        return server;
    }

    /** Lets both run until neither has anything more to say. */
    void run() {
        boolean moved = true;
        for (int turn = 0; moved && turn < MAXIMUM_TURNS; turn++) {
            moved = client.turn();
            moved |= client.deliverTo(server);
            moved |= server.turn();
            moved |= server.deliverTo(client);
        }
    }

    void close(JsseLibrary library) {
        library.release(client.engine);
        library.release(server.engine);
    }

    /** One of the two, with what it received and not yet read, and what it said and was not yet delivered. */
    static final class End {

        private final SSLEngine engine;
        private final PeerQuestion question;
        private final ByteBuffer inbox = ByteBuffer.allocate(1 << 17);
        private final ByteBuffer outbox = ByteBuffer.allocate(1 << 17);
        private final ByteBuffer plaintext = ByteBuffer.allocate(1 << 16);
        private @Nullable Exception failure;
        private boolean begun;

        private End(SSLEngine engine, TlsRole role, ProbeOwner owner) {
            this.engine = engine;
            this.question = new PeerQuestion(owner, false);
            engine.setUseClientMode(role == TlsRole.CLIENT);
        }

        SSLEngine engine() {
            return engine;
        }

        /** {@return what the library threw first} */
        Optional<Exception> failure() {
            return Optional.ofNullable(failure);
        }

        /** {@return the records said and not yet delivered, to be looked at or damaged} */
        ByteBuffer outbox() {
            return outbox;
        }

        /** {@return the records received and not yet read; ready for more to be put} */
        ByteBuffer inbox() {
            return inbox;
        }

        /** Encrypts application data. */
        void say(byte[] data) throws SSLException {
            engine.wrap(ByteBuffer.wrap(data), outbox);
        }

        private boolean turn() {
            PeerQuestion outer = PeerTrust.enter(question);
            try {
                return step();
            } catch (SSLException | RuntimeException thrown) {
                boolean first = failure == null;
                if (first) {
                    failure = thrown;
                }
                return drain() || first;
            } finally {
                PeerTrust.leave(outer);
            }
        }

        private boolean step() throws SSLException {
            if (!begun) {
                // Until then the library says that there is nothing to do.
                begun = true;
                engine.beginHandshake();
            }
            return switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> engine.wrap(NO_BYTES, outbox).bytesProduced() > 0;
                default -> unwrap();
            };
        }

        private boolean runTasks() {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            return true;
        }

        private boolean unwrap() throws SSLException {
            inbox.flip();
            try {
                plaintext.clear();
                SSLEngineResult result = engine.unwrap(inbox, plaintext);
                return result.bytesConsumed() > 0;
            } finally {
                inbox.compact();
            }
        }

        private boolean drain() {
            boolean some = false;
            try {
                while (engine.wrap(NO_BYTES, outbox).bytesProduced() > 0) {
                    some = true;
                }
            } catch (SSLException | RuntimeException nothingMore) {
                // The failure itself was kept; an engine that cannot even say so has said all.
                return some;
            }
            return some;
        }

        private boolean deliverTo(End other) {
            outbox.flip();
            boolean some = outbox.hasRemaining();
            other.inbox.put(outbox);
            outbox.clear();
            return some;
        }
    }
}
