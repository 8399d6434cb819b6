package dev.qssl.spi.jsse;

import dev.qssl.QSsl.AlertType;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.probe.ProbeOwner;
import dev.qssl.spi.probe.ThrowAwayIdentity;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Tells which alert the library sent, encrypted, when it threw an exception.
 *
 * <p>JDK 25 names it in the exception's text; JDK 17 tells nobody. So the library is made to fail in the ways that matter, in
 * connections with itself, and the code that reaches the other end is kept with what was thrown. That the text names the
 * alert is believed only if it did so in these failures. Other failures have an unknown code: nothing is guessed.
 *
 * <p>Takes some tens of milliseconds, once, when the first connection fails in a way that needs it. Thread-safe.
 */
final class SentAlerts {

    private static final String TLS_12 = "TLSv1.2";
    private static final String TLS_13 = "TLSv1.3";
    private static final List<AlertType> REFUSALS = List.of(
            AlertType.CERTIFICATE_UNKNOWN,
            AlertType.CERTIFICATE_REVOKED,
            AlertType.CERTIFICATE_EXPIRED,
            AlertType.UNSUPPORTED_CERTIFICATE);

    private final JsseLibrary library;
    private final ReceivedAlerts received;
    private @Nullable Known known;

    SentAlerts(JsseLibrary library, ReceivedAlerts received) {
        this.library = library;
        this.received = received;
    }

    /** What was learned. */
    private record Known(
            Map<String, Integer> byPrefix,
            Map<Fingerprint, Integer> byFingerprint,
            Map<AlertType, Integer> byRefusal,
            Set<Fingerprint> missingCertificate) {}

    /** What two failures for the same reason have in common. */
    private record Fingerprint(String type, String text, String cause) {

        static Fingerprint of(JsseLibrary library, Exception thrown) {
            Throwable cause = thrown.getCause();
            return new Fingerprint(
                    thrown.getClass().getName(),
                    library.failureReason(thrown),
                    cause == null ? "" : cause.getClass().getName());
        }
    }

    /**
     * {@return a record header that announces more bytes than any version allows}
     *
     * <p>It kills an engine at once, in any state, and makes it send a fatal alert, encrypted if it must be: the only way to
     * have a JSSE library send one when it is our side that does not like something.
     */
    static ByteBuffer impossibleRecord() {
        return ByteBuffer.wrap(new byte[] {23, 3, 3, (byte) 0xFF, (byte) 0xFF});
    }

    /** {@return the code of the encrypted alert that the library sent when it threw this, if that is known} */
    OptionalInt of(Exception thrown) {
        Known table = known();
        Optional<Integer> named = ReceivedAlerts.prefix(thrown.getMessage()).map(table.byPrefix()::get);
        Integer code = named.orElseGet(() -> table.byFingerprint().get(Fingerprint.of(library, thrown)));
        return code == null ? OptionalInt.empty() : OptionalInt.of(code);
    }

    /**
     * {@return the code of the encrypted alert that the library sends when the peer's certificate is refused, if known}
     *
     * @param wanted the alert that the owner asked for
     */
    OptionalInt ofRefusal(AlertType wanted) {
        Map<AlertType, Integer> codes = known().byRefusal();
        Integer code = codes.getOrDefault(wanted, codes.get(AlertType.CERTIFICATE_UNKNOWN));
        return code == null ? OptionalInt.empty() : OptionalInt.of(code);
    }

    /** {@return whether this is what a server throws because its client has no certificate} */
    boolean isMissingCertificate(Exception thrown) {
        return known().missingCertificate().contains(Fingerprint.of(library, thrown));
    }

    private synchronized Known known() {
        if (known == null) {
            known = learn();
        }
        return known;
    }

    private Known learn() {
        Known table = new Known(new HashMap<>(), new HashMap<>(), new EnumMap<>(AlertType.class), new HashSet<>());
        try {
            Identity identity = ThrowAwayIdentity.ec();
            Map<String, Integer> named = received.codesByPrefix();
            boolean texts = learnDamage(table, identity, TLS_13, named);
            texts &= learnDamage(table, identity, TLS_12, named);
            learnImpossibleRecord(table, identity, TLS_13);
            learnImpossibleRecord(table, identity, TLS_12);
            texts &= learnMissingCertificate(table, identity, TLS_13, named);
            texts &= learnMissingCertificate(table, identity, TLS_12, named);
            for (AlertType wanted : REFUSALS) {
                texts &= learnRefusal(table, identity, wanted, named);
            }
            if (texts) {
                table.byPrefix().putAll(named);
            }
        } catch (GeneralSecurityException | SSLException unavailable) {
            // What was learned so far is true; the rest stays unknown.
            return table;
        }
        return table;
    }

    /** A record whose last bit is wrong. */
    private boolean learnDamage(Known table, Identity identity, String protocol, Map<String, Integer> named)
            throws GeneralSecurityException, SSLException {
        EnginePair pair = pair(identity, ProbeOwner.accepting(identity.certificate()), protocol);
        pair.run();
        if (pair.client().failure().isPresent() || pair.server().failure().isPresent()) {
            return false; // this JVM's settings leave the version nothing to agree on
        }
        pair.client().say(new byte[64]);
        ByteBuffer record = pair.client().outbox();
        int last = record.position() - 1;
        record.put(last, (byte) (record.get(last) ^ 1));
        return learn(table, pair, pair.server(), pair.client(), named);
    }

    private void learnImpossibleRecord(Known table, Identity identity, String protocol)
            throws GeneralSecurityException {
        EnginePair pair = pair(identity, ProbeOwner.accepting(identity.certificate()), protocol);
        pair.run();
        pair.server().inbox().put(impossibleRecord());
        // Here even JDK 25 does not name the alert, so its texts must not be judged by it.
        learn(table, pair, pair.server(), pair.client(), Map.of());
    }

    private boolean learnMissingCertificate(Known table, Identity identity, String protocol, Map<String, Integer> named)
            throws GeneralSecurityException {
        EnginePair pair = pair(identity, ProbeOwner.accepting(identity.certificate()), protocol);
        pair.server().engine().setNeedClientAuth(true);
        boolean texts = learn(table, pair, pair.server(), pair.client(), named);
        pair.server().failure().ifPresent(thrown -> table.missingCertificate().add(Fingerprint.of(library, thrown)));
        return texts;
    }

    private boolean learnRefusal(Known table, Identity identity, AlertType wanted, Map<String, Integer> named)
            throws GeneralSecurityException {
        EnginePair pair = pair(identity, ProbeOwner.refusing(wanted), TLS_13);
        boolean texts = learn(table, pair, pair.client(), pair.server(), named);
        pair.server()
                .failure()
                .flatMap(received::of)
                .ifPresent(alert -> table.byRefusal().put(wanted, alert.code()));
        return texts;
    }

    /** {@return whether the failure's text named the alert that arrived} */
    private boolean learn(
            Known table, EnginePair pair, EnginePair.End failing, EnginePair.End other, Map<String, Integer> named) {
        pair.run();
        pair.close(library);
        Optional<Exception> thrown = failing.failure();
        Optional<TlsAlert> arrived = other.failure().flatMap(received::of);
        if (thrown.isEmpty() || arrived.isEmpty()) {
            return false;
        }
        int code = arrived.get().code();
        table.byFingerprint().put(Fingerprint.of(library, thrown.get()), code);
        return ReceivedAlerts.prefix(thrown.get().getMessage())
                .map(named::get)
                .filter(namedCode -> namedCode == code)
                .isPresent();
    }

    private EnginePair pair(Identity identity, ProbeOwner clientOwner, String protocol)
            throws GeneralSecurityException {
        EnginePair pair = EnginePair.of(library, identity, clientOwner);
        for (EnginePair.End end : List.of(pair.client(), pair.server())) {
            SSLParameters parameters = end.engine().getSSLParameters();
            parameters.setProtocols(new String[] {protocol});
            end.engine().setSSLParameters(parameters);
        }
        return pair;
    }
}
