package dev.qssl.backend.jdk;

import dev.qssl.spi.Availability;
import dev.qssl.spi.BufferKind;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Need;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A backend that does everything as the one for the JDK does; subclasses change one thing. */
class AlteredBackend implements TlsBackend {

    /** What all of them are called; one is registered at a time. */
    static final String NAME = "altered";

    private final String fault;
    private final TlsBackend sound = new JdkBackend();

    /**
     * Creates one.
     *
     * @param fault what is wrong with it, in words joined by hyphens
     */
    AlteredBackend(String fault) {
        this.fault = fault;
    }

    final String fault() {
        return fault;
    }

    Capabilities alter(Capabilities claimed) {
        return claimed;
    }

    ContextSettings alter(ContextSettings settings) {
        return settings;
    }

    EngineRequest alter(EngineRequest request) {
        return request;
    }

    TlsEvents alter(TlsEvents events) {
        return events;
    }

    TlsEngine alter(TlsEngine engine) {
        return engine;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Availability availability() {
        return sound.availability();
    }

    @Override
    public Capabilities capabilities() {
        return alter(sound.capabilities());
    }

    @Override
    public TlsContext newContext(ContextSettings settings) throws TlsException {
        TlsContext context = contextOf(settings);
        return new TlsContext() {
            @Override
            public TlsEngine newEngine(EngineRequest request, TlsEvents events) throws TlsException {
                return alter(renamed(context.newEngine(alter(request), alter(events))));
            }

            @Override
            public void close() {
                context.close();
            }
        };
    }

    // What is refused is refused in this backend's name.
    private TlsContext contextOf(ContextSettings settings) throws TlsException {
        try {
            return sound.newContext(alter(settings));
        } catch (TlsException e) {
            throw renamed(e);
        }
    }

    private TlsException renamed(TlsException e) {
        String text = String.valueOf(e.getMessage()).replace("backend " + sound.name(), "backend " + NAME);
        return new TlsException(e.error(), text, e);
    }

    private TlsEngine renamed(TlsEngine engine) {
        return new Wrapped(engine) {
            @Override
            public byte[] exportKeyingMaterial(String label, Optional<byte[]> context, int length) throws TlsException {
                try {
                    return super.exportKeyingMaterial(label, context, length);
                } catch (TlsException e) {
                    throw renamed(e);
                }
            }
        };
    }

    /** Events that are passed on. */
    static class PassedOn implements TlsEvents {

        private final TlsEvents owner;

        PassedOn(TlsEvents owner) {
            this.owner = owner;
        }

        @Override
        public void alertSent(TlsAlert alert) {
            owner.alertSent(alert);
        }

        @Override
        public void alertReceived(TlsAlert alert) {
            owner.alertReceived(alert);
        }

        @Override
        public void newSession(SessionTicket ticket) {
            owner.newSession(ticket);
        }

        @Override
        public void keyLog(String line) {
            owner.keyLog(line);
        }

        @Override
        public PeerDecision peerPresented(PeerCredentials credentials) {
            return owner.peerPresented(credentials);
        }

        @Override
        public PskAnswer pskWanted(PskQuestion question) {
            return owner.pskWanted(question);
        }
    }

    /** An engine that does what another does. */
    static class Wrapped implements TlsEngine {

        private final TlsEngine inner;

        Wrapped(TlsEngine inner) {
            this.inner = inner;
        }

        @Override
        public Need decrypt(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
            return inner.decrypt(records, plaintext);
        }

        @Override
        public Need encrypt(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
            return inner.encrypt(plaintext, records);
        }

        @Override
        public boolean hasOutput() {
            return inner.hasOutput();
        }

        @Override
        public boolean hasPlaintext() {
            return inner.hasPlaintext();
        }

        @Override
        public boolean isEstablished() {
            return inner.isEstablished();
        }

        @Override
        public Runnable takeTask() {
            return inner.takeTask();
        }

        @Override
        public void inputEnded() throws TlsException {
            inner.inputEnded();
        }

        @Override
        public void closeOutput() {
            inner.closeOutput();
        }

        @Override
        public void resume(PeerDecision.Final decision) {
            inner.resume(decision);
        }

        @Override
        public NegotiatedParameters parameters() {
            return inner.parameters();
        }

        @Override
        public int minPlaintextRoom() {
            return inner.minPlaintextRoom();
        }

        @Override
        public int minRecordRoom() {
            return inner.minRecordRoom();
        }

        @Override
        public int maxRecordPlaintext() {
            return inner.maxRecordPlaintext();
        }

        @Override
        public BufferKind buffers() {
            return inner.buffers();
        }

        @Override
        public byte[] exportKeyingMaterial(String label, Optional<byte[]> context, int length) throws TlsException {
            return inner.exportKeyingMaterial(label, context, length);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
