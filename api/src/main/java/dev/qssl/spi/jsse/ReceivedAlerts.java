package dev.qssl.spi.jsse;

import dev.qssl.QSsl.AlertLevel;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.probe.ThrowAwayIdentity;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells which alert of the peer is behind an exception of the library.
 *
 * <p>The JSSE has no method for alerts: once records are encrypted, the code is only in the exception's text, which differs
 * between providers and versions. So the library is given every alert there can be, in clear, and what it says to each is
 * kept. A text that was not seen then is no alert, and one that two alerts share has no code: nothing is guessed.
 *
 * <p>Takes some milliseconds, once, when the first connection fails. Thread-safe.
 */
final class ReceivedAlerts {

    private static final byte WARNING = 1;
    private static final byte FATAL = 2;
    private static final int CODES = 256;
    private static final int ROOM = 1 << 15;

    private final JsseLibrary library;
    private @Nullable Map<String, TlsAlert> known;

    ReceivedAlerts(JsseLibrary library) {
        this.library = library;
    }

    /** {@return the alert that made the library throw this, if it was one} */
    Optional<TlsAlert> of(Exception thrown) {
        OptionalInt told = library.receivedAlert(thrown);
        if (told.isPresent()) {
            return Optional.of(TlsAlert.of(AlertLevel.FATAL, told.getAsInt()));
        }
        return Optional.ofNullable(known().get(library.failureReason(thrown)));
    }

    /**
     * {@return the codes by the word in parentheses that the library's texts begin with; empty if they do not}
     *
     * <p>JDK 25 says {@code (handshake_failure) Received fatal alert: handshake_failure}, JDK 17 has no such word.
     */
    Map<String, Integer> codesByPrefix() {
        Map<String, Integer> codes = new HashMap<>();
        known().forEach((text, alert) -> prefix(text).ifPresent(word -> {
            if (alert.level() == AlertLevel.FATAL) {
                // Codes that the library does not know share the word of unexpected_message.
                codes.merge(word, alert.code(), Math::min);
            }
        }));
        return codes;
    }

    /** {@return the word in parentheses that a text begins with} */
    static Optional<String> prefix(@Nullable String text) {
        if (text == null || !text.startsWith("(")) {
            return Optional.empty();
        }
        int end = text.indexOf(')');
        return end < 0 ? Optional.empty() : Optional.of(text.substring(1, end));
    }

    private synchronized Map<String, TlsAlert> known() {
        if (known == null) {
            known = learn();
        }
        return known;
    }

    private Map<String, TlsAlert> learn() {
        if (library.namesReceivedAlerts()) {
            return Map.of();
        }
        Map<String, TlsAlert> byText = new HashMap<>();
        Set<String> ambiguous = new HashSet<>();
        try {
            SSLContext context = EnginePair.context(library, new OwnIdentity(ThrowAwayIdentity.ec()));
            for (int code = 0; code < CODES; code++) {
                for (byte level : new byte[] {FATAL, WARNING}) {
                    String text = reaction(context, level, (byte) code);
                    if (text != null && !keep(byText, text, level, code)) {
                        ambiguous.add(text);
                    }
                }
            }
        } catch (GeneralSecurityException | SSLException unavailable) {
            // Then the library makes no connections either; there is nothing to be told apart.
            return Map.of();
        }
        byText.keySet().removeAll(ambiguous);
        return Map.copyOf(byText);
    }

    /** {@return whether the text still means one code only} */
    private static boolean keep(Map<String, TlsAlert> byText, String text, byte level, int code) {
        TlsAlert alert = TlsAlert.of(level == FATAL ? AlertLevel.FATAL : AlertLevel.WARNING, code);
        TlsAlert other = byText.putIfAbsent(text, alert);
        if (other != null && other.code() == code) {
            byText.put(text, TlsAlert.of(AlertLevel.UNKNOWN, code));
        }
        return other == null || other.code() == code;
    }

    /** {@return what a server says when this alert is its client's first word, or null if nothing} */
    private @Nullable String reaction(SSLContext context, byte level, byte code) throws SSLException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.beginHandshake();
        try {
            engine.unwrap(ByteBuffer.wrap(new byte[] {21, 3, 3, 0, 2, level, code}), ByteBuffer.allocate(ROOM));
            return null;
        } catch (SSLException thrown) {
            return library.failureReason(thrown);
        } finally {
            library.release(engine);
        }
    }
}
