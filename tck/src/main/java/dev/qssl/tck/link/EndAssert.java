package dev.qssl.tck.link;

import dev.qssl.AlertEvent;
import dev.qssl.QSsl.AlertLevel;
import dev.qssl.QSsl.AlertType;
import dev.qssl.QSslError;
import dev.qssl.SslError;
import dev.qssl.net.SocketError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;

/** Says what must be so at one end of a connection. Failures show everything that the end emitted. */
public final class EndAssert extends AbstractAssert<EndAssert, End> {

    private static final String TRUNCATED = "without close_notify";

    EndAssert(End actual) {
        super(actual, EndAssert.class);
    }

    /** The handshake is done, nothing went wrong on the way. */
    public EndAssert isEncrypted() {
        return expect(actual.isEncrypted(), "to be encrypted")
                .sawExactly("encrypted", 1)
                .neverSaw("errorOccurred");
    }

    /** The handshake failed because the peer has exactly these problems, and the application was told so, once. */
    public EndAssert failedWith(SslError... errors) {
        return reported(errors)
                .failedWith(SocketError.SSL_HANDSHAKE_FAILED_ERROR)
                .neverSaw("encrypted");
    }

    /** The connection ended with this error, which was told once. */
    public EndAssert failedWith(SocketError error) {
        List<SocketError> errors = actual.transcript().arguments("errorOccurred", SocketError.class);
        return expect(errors.equals(List.of(error)), "one errorOccurred, with " + error)
                .expect(actual.socket().error() == error, "error() to be " + error)
                .expect(!actual.socket().errorString().isBlank(), "an error text");
    }

    /** The peer closed the connection in the orderly way, which was told once, with that reason. */
    public EndAssert closedByThePeer() {
        return failedWith(SocketError.REMOTE_HOST_CLOSED_ERROR)
                .hasErrorText("close_notify")
                .expect(!actual.socket().errorString().contains(TRUNCATED), "an orderly close");
    }

    /** The connection was cut off without the peer having said goodbye, which was told once, with that reason. */
    public EndAssert wasTruncated() {
        return failedWith(SocketError.REMOTE_HOST_CLOSED_ERROR).hasErrorText(TRUNCATED);
    }

    /** The connection failed, for one reason, before it was encrypted. */
    public EndAssert failedInHandshake() {
        return sawExactly("errorOccurred", 1).neverSaw("encrypted");
    }

    /** {@code sslErrors} told of exactly these problems, in any order. */
    public EndAssert reported(SslError... errors) {
        List<SslError> expected = new ArrayList<>(Arrays.asList(errors));
        List<SslError> told = new ArrayList<>(
                actual.transcript().sslErrors().stream().map(QSslError::error).toList());
        expected.sort(null);
        told.sort(null);
        return expect(told.equals(expected), "sslErrors to tell of " + expected + ", not of " + told)
                .sawExactly("sslErrors", errors.length == 0 ? 0 : 1);
    }

    /** These were emitted, in this order, with anything in between: names, or as {@code stateChanged(CLOSING_STATE)}. */
    public EndAssert sawInOrder(String... signals) {
        int next = 0;
        for (Transcript.Emission each : actual.transcript().emissions()) {
            if (next < signals.length
                    && (each.signal().equals(signals[next]) || each.toString().equals(signals[next]))) {
                next++;
            }
        }
        return expect(next == signals.length, "to emit, in this order, " + List.of(signals));
    }

    /** Of these signals exactly these emissions happened, in this order. Every signal that is named counts. */
    public EndAssert sawExactlyInOrder(String... signals) {
        List<String> names =
                Arrays.stream(signals).map(text -> text.replaceAll("\\(.*", "")).toList();
        List<String> seen = actual.transcript().emissions().stream()
                .filter(each -> names.contains(each.signal()))
                .map(each -> Arrays.asList(signals).contains(each.signal()) ? each.signal() : each.toString())
                .toList();
        return expect(seen.equals(List.of(signals)), "to emit exactly " + List.of(signals) + ", not " + seen);
    }

    /** This was emitted so often. */
    public EndAssert sawExactly(String signal, int times) {
        return expect(actual.count(signal) == times, "to emit " + signal + " " + times + " times");
    }

    /** None of these was emitted. */
    public EndAssert neverSaw(String... signals) {
        for (String signal : signals) {
            sawExactly(signal, 0);
        }
        return this;
    }

    /** Nothing was emitted after {@code disconnected}, if that was: no event of a connection outlives it. */
    public EndAssert isSilentAfterTheEnd() {
        List<String> signals = actual.transcript().emissions().stream()
                .map(Transcript.Emission::signal)
                .toList();
        int end = signals.indexOf("disconnected");
        return expect(end < 0 || end == signals.size() - 1, "nothing to be emitted after disconnected");
    }

    /** A fatal alert came from the peer, once, and is one of these. */
    public EndAssert receivedAlert(AlertType... oneOf) {
        List<AlertType> fatal = fatal("alertReceived");
        return expect(
                fatal.size() == 1 && Arrays.asList(oneOf).contains(fatal.get(0)),
                "to receive one fatal alert of " + List.of(oneOf));
    }

    /** A fatal alert went to the peer, once, and is one of these, or one that the library does not disclose. */
    public EndAssert sentAlert(AlertType... oneOf) {
        List<AlertType> fatal = fatal("alertSent");
        return expect(
                fatal.size() == 1
                        && (Arrays.asList(oneOf).contains(fatal.get(0))
                                || fatal.get(0) == AlertType.UNKNOWN_ALERT_MESSAGE),
                "to send one fatal alert of " + List.of(oneOf));
    }

    /** No fatal alert was sent or received. */
    public EndAssert hasNoFatalAlert() {
        return expect(fatal("alertSent").isEmpty() && fatal("alertReceived").isEmpty(), "no fatal alert");
    }

    private List<AlertType> fatal(String signal) {
        return actual.transcript().arguments(signal, AlertEvent.class).stream()
                .filter(alert -> alert.level() == AlertLevel.FATAL)
                .map(AlertEvent::type)
                .toList();
    }

    /** The text of the error says all of this. */
    public EndAssert hasErrorText(String... parts) {
        for (String part : parts) {
            expect(actual.socket().errorString().contains(part), "an error text with \"" + part + "\"");
        }
        return this;
    }

    private EndAssert expect(boolean holds, String what) {
        isNotNull();
        if (!holds) {
            failWithMessage("expected %s%nbut it is %s", what, Objects.toString(actual));
        }
        return this;
    }
}
