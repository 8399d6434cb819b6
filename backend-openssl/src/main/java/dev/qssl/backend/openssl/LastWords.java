package dev.qssl.backend.openssl;

import dev.qssl.QSsl.AlertType;
import dev.qssl.spi.TlsAlert;
import java.nio.ByteBuffer;

/** What a failed connection still has to send, when the library has no say any more. */
final class LastWords {

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final Traffic traffic;
    private final NativeConnection connection;
    private final PlainWire wire;
    private final Dialogue dialogue;
    private ByteBuffer words = NONE;

    LastWords(Traffic traffic, NativeConnection connection, PlainWire wire, Dialogue dialogue) {
        this.traffic = traffic;
        this.connection = connection;
        this.wire = wire;
        this.dialogue = dialogue;
    }

    /** {@return whether something is left to send} */
    boolean isLeft() {
        return words.hasRemaining();
    }

    /** Moves them into the owner's records. Returns whether all of them found room. */
    boolean moveTo(ByteBuffer records) {
        int count = Math.min(words.remaining(), records.remaining());
        records.put(records.position(), words, words.position(), count);
        records.position(records.position() + count);
        words.position(words.position() + count);
        return !words.hasRemaining();
    }

    /** Takes all that the library still has to say. */
    void takeFromLibrary() {
        ByteBuffer rest = ByteBuffer.allocate(connection.waiting());
        traffic.drain(rest);
        words = rest.flip();
    }

    /** {@return whether a fatal alert in clear, made by ourselves, is what the peer expects at this point} */
    boolean canBeInClear() {
        return !wire.isOursEncrypted();
    }

    /** A fatal alert in clear, in the place of whatever the library would say. */
    void alert(AlertType alert) {
        words = wire.alert(alert);
        dialogue.later(events -> events.alertSent(TlsAlert.fatal(alert)));
    }

    /**
     * The library says goodbye only after the handshake; in clear we say it ourselves.
     *
     * @param undecided nothing that the library has ready to be sent may be
     */
    void goodbye(boolean undecided) {
        if (!canBeInClear()) {
            return;
        }
        ByteBuffer goodbye = wire.goodbye();
        if (!undecided) {
            takeFromLibrary();
        }
        words = ByteBuffer.allocate(words.remaining() + goodbye.remaining())
                .put(words)
                .put(goodbye)
                .flip();
        dialogue.later(events -> {
            events.alertSent(TlsAlert.warning(AlertType.USER_CANCELLED));
            events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        });
    }

    /** Nobody will send them. */
    void drop() {
        words = NONE;
    }
}
