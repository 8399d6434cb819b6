package dev.qssl.backend.jdk;

import dev.qssl.QSsl.AlertType;
import dev.qssl.spi.Need;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An engine of ours, driven as a socket would; keeps what it tells, and answers about its peer as it was told to. */
final class OurPeer extends MemoryPeer {

    final List<TlsAlert> sent = new ArrayList<>();
    final List<TlsAlert> received = new ArrayList<>();
    final List<PeerCredentials> presented = new ArrayList<>();
    PeerDecision answer = PeerDecision.ACCEPT;
    boolean deciding;
    Need need = Need.NOTHING;

    @Nullable TlsEngine engine;

    final TlsEvents events = new TlsEvents() {
        @Override
        public void alertSent(TlsAlert alert) {
            sent.add(alert);
        }

        @Override
        public void alertReceived(TlsAlert alert) {
            received.add(alert);
        }

        @Override
        public void newSession(SessionTicket ticket) {
            throw new AssertionError("a session was exported");
        }

        @Override
        public void keyLog(String line) {
            throw new AssertionError("a secret was logged");
        }

        @Override
        public PeerDecision peerPresented(PeerCredentials credentials) {
            presented.add(credentials);
            return answer;
        }

        @Override
        public PskAnswer pskWanted(PskQuestion question) {
            throw new AssertionError("a key was asked for");
        }
    };

    TlsEngine engine() {
        if (engine == null) {
            throw new AssertionError("the test gave it no engine");
        }
        return engine;
    }

    @Override
    boolean turn() {
        if (deciding) {
            return false;
        }
        int in = inbox.position();
        int out = outbox.position();
        boolean failedBefore = failure != null;
        try {
            if (failedBefore) {
                drain();
            } else {
                step();
            }
        } catch (TlsException thrown) {
            failure = failure == null ? thrown : failure;
        }
        return inbox.position() != in || outbox.position() != out || (failure != null && !failedBefore);
    }

    private void step() throws TlsException {
        do {
            inbox.flip();
            try {
                need = engine().decrypt(inbox, plaintext);
            } finally {
                inbox.compact();
            }
            if (need == Need.TASK) {
                engine().takeTask().run();
            }
            if (need != Need.DECISION && need != Need.TASK && engine().hasOutput()) {
                need = engine().encrypt(NO_BYTES, outbox);
                if (need == Need.TASK) {
                    engine().takeTask().run();
                }
            }
            deciding = need == Need.DECISION;
        } while (need == Need.TASK || need == Need.OUTPUT);
    }

    void drain() throws TlsException {
        while (engine().hasOutput()) {
            engine().encrypt(NO_BYTES, outbox);
        }
    }

    void decide(PeerDecision.Final decision) {
        deciding = false;
        engine().resume(decision);
    }

    @Override
    boolean isEstablished() {
        return engine().isEstablished();
    }

    @Override
    void say(byte[] data) throws TlsException {
        ByteBuffer source = ByteBuffer.wrap(data);
        engine().encrypt(source, outbox);
        if (source.hasRemaining()) {
            throw new AssertionError(source.remaining() + " bytes were not taken");
        }
    }

    @Override
    void close() {
        engine().closeOutput();
    }

    /** {@return the code of the failure, or null} */
    @Nullable TlsError error() {
        return failure instanceof TlsException tls ? tls.error() : null;
    }

    /** {@return the codes of the alerts sent} */
    List<AlertType> sentTypes() {
        return sent.stream().map(TlsAlert::type).toList();
    }

    /** {@return the codes of the alerts received} */
    List<AlertType> receivedTypes() {
        return received.stream().map(TlsAlert::type).toList();
    }
}
