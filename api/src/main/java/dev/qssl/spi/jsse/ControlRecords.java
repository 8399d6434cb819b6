package dev.qssl.spi.jsse;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsEvents;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * What one connection sends besides handshake and data: the asides of a library that does not announce them, and the last
 * words of a connection that ended, which are the library's or our own.
 */
final class ControlRecords {

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);
    private static final int ASIDE_BYTES = 1024;
    private static final byte ALERT_RECORD = 21;
    private static final byte FATAL = 2;
    private static final int TLS_1_2 = 0x0303;

    private final SSLEngine engine;
    private final TlsEvents events;
    private final int recordRoom;
    private final boolean announcesOutput;

    /** What a library that does not announce it had to say: session tickets, KeyUpdate, close_notify. */
    private ByteBuffer asides = NO_BYTES;

    /** What is left to send when the library has no say any more. */
    private ByteBuffer lastWords = NO_BYTES;

    ControlRecords(ConnectionSetup setup) {
        this.engine = setup.engine();
        this.events = setup.events();
        this.recordRoom = setup.context().library().recordRoom(engine);
        this.announcesOutput = setup.context().library().announcesOutput();
    }

    boolean areWaiting() {
        return lastWords.hasRemaining() || asides.hasRemaining();
    }

    boolean hasAsides() {
        return asides.hasRemaining();
    }

    boolean hasLastWords() {
        return lastWords.hasRemaining();
    }

    void sendAsides(ByteBuffer records) {
        move(asides, records);
    }

    void sendLastWords(ByteBuffer records) {
        move(lastWords, records);
    }

    private static void move(ByteBuffer from, ByteBuffer to) {
        int count = Math.min(from.remaining(), to.remaining());
        to.put(to.position(), from, from.position(), count);
        to.position(to.position() + count);
        from.position(from.position() + count);
    }

    /** Has the library say what it would keep to itself until it is given data to send. */
    void hearAsides() {
        if (announcesOutput) {
            return;
        }
        ByteBuffer said = ByteBuffer.allocate(ASIDE_BYTES);
        try {
            SSLEngineResult result = engine.wrap(NO_BYTES, said);
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                said = ByteBuffer.allocate(recordRoom);
                engine.wrap(NO_BYTES, said);
            }
        } catch (SSLException | RuntimeException thrown) {
            // It will come again from the call that is made for data, which can report it.
            return;
        }
        if (said.position() > 0) {
            asides = asides.hasRemaining()
                    ? ByteBuffer.allocate(asides.remaining() + said.position())
                            .put(asides)
                            .put(said.flip())
                            .flip()
                    : said.flip();
        }
    }

    /** Makes all that the library still has to say the last words. */
    void hearLastWords() {
        ByteBuffer rest =
                ByteBuffer.allocate(asides.remaining() + 2 * recordRoom).put(asides);
        try {
            while (engine.wrap(NO_BYTES, rest).bytesProduced() > 0) {
                if (rest.remaining() < recordRoom) {
                    rest = ByteBuffer.allocate(2 * rest.capacity()).put(rest.flip());
                }
            }
        } catch (SSLException | RuntimeException nothingMore) {
            // It throws the failure once more; what came before it counts.
        }
        lastWords = rest.flip();
    }

    /** {@return those of the last words that are alerts in clear, in their order} */
    List<TlsAlert> lastAlerts() {
        List<TlsAlert> alerts = new ArrayList<>(2);
        for (int at = 0; at < lastWords.limit(); at = WireObserver.recordEnd(lastWords, at, lastWords.limit())) {
            TlsAlert alert = WireObserver.alert(lastWords, at, lastWords.limit());
            if (alert != null) {
                alerts.add(alert);
            }
        }
        return alerts;
    }

    /** Reports the last words of a handshake that we gave up: user_canceled before close_notify (RFC 8446, section 6.1). */
    void reportGoodbye() {
        List<TlsAlert> inClear = lastAlerts();
        inClear.forEach(events::alertSent);
        if (inClear.isEmpty() && lastWords.hasRemaining()) {
            events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        }
    }

    /**
     * Puts a fatal alert in clear in the place of whatever the library would say.
     *
     * @param alert what it says
     * @param protocol the version that the server chose, if it did
     */
    void speakInClear(AlertType alert, SslProtocol protocol) {
        int version = protocol.isConcrete() ? protocol.wireVersion() : TLS_1_2;
        lastWords = ByteBuffer.wrap(
                new byte[] {ALERT_RECORD, (byte) (version >> 8), (byte) version, 0, 2, FATAL, (byte) alert.value()});
        events.alertSent(TlsAlert.fatal(alert));
    }

    /** Forgets what was not sent. */
    void drop() {
        lastWords = NO_BYTES;
        asides = NO_BYTES;
    }
}
