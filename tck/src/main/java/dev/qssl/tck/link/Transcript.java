package dev.qssl.tck.link;

import dev.qssl.AlertEvent;
import dev.qssl.QSslError;
import dev.qssl.QSslSocket;
import dev.qssl.net.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** Everything that one socket emitted, in order. Written by the socket's driver, read by the test. */
public final class Transcript {

    private final Semaphore news;
    private final List<Emission> emissions = new ArrayList<>();

    /**
     * One emission.
     *
     * @param signal the signal's name
     * @param argument what it carried
     * @param thread who emitted it
     */
    public record Emission(String signal, Object argument, Thread thread) {

        /** {@return the name, with the argument where that is one word} */
        @Override
        public String toString() {
            return argument instanceof Enum<?> constant && !(argument instanceof Signal.Nothing)
                    ? signal + "(" + constant + ")"
                    : argument instanceof AlertEvent alert ? signal + "(" + alert.type() + ")" : signal;
        }

        private boolean is(String text) {
            return signal.equals(text) || toString().equals(text);
        }
    }

    private Transcript(Semaphore news) {
        this.news = news;
    }

    /**
     * Records the signals of a socket. Of those that change what the socket does, {@code preSharedKeyAuthenticationRequired}
     * is never recorded, and the two of verification only if somebody would judge.
     */
    static Transcript of(QSslSocket socket, Setup setup, Semaphore news) {
        Transcript made = new Transcript(news);
        made.record("hostFound", socket.hostFound);
        made.record("connected", socket.connected);
        made.record("stateChanged", socket.stateChanged);
        made.record("modeChanged", socket.modeChanged);
        made.record("encrypted", socket.encrypted);
        made.record("handshakeInterruptedOnError", socket.handshakeInterruptedOnError);
        if (setup.isAttended()) {
            made.record("peerVerifyError", socket.peerVerifyError);
            made.record("sslErrors", socket.sslErrors);
        }
        made.record("newSessionTicketReceived", socket.newSessionTicketReceived);
        made.record("alertSent", socket.alertSent);
        made.record("alertReceived", socket.alertReceived);
        made.record("readyRead", socket.readyRead);
        made.record("bytesWritten", socket.bytesWritten);
        made.record("encryptedBytesWritten", socket.encryptedBytesWritten);
        made.record("aboutToClose", socket.aboutToClose);
        made.record("readChannelFinished", socket.readChannelFinished);
        made.record("errorOccurred", socket.errorOccurred);
        made.record("disconnected", socket.disconnected);
        return made;
    }

    private <T> void record(String name, Signal<T> signal) {
        signal.connect(argument -> add(new Emission(name, argument, Thread.currentThread())));
    }

    private void add(Emission emission) {
        synchronized (emissions) {
            emissions.add(emission);
        }
        news.release();
    }

    /** {@return what was emitted so far} */
    public List<Emission> emissions() {
        synchronized (emissions) {
            return List.copyOf(emissions);
        }
    }

    /** Forgets what was emitted so far. */
    public void clear() {
        synchronized (emissions) {
            emissions.clear();
        }
    }

    /** {@return how often this was emitted: a signal's name, or with its argument as {@code stateChanged(CLOSING_STATE)}} */
    public int count(String signal) {
        return (int) emissions().stream().filter(each -> each.is(signal)).count();
    }

    /** {@return whether this was emitted} */
    public boolean saw(String signal) {
        return count(signal) > 0;
    }

    /** {@return the arguments of every emission of a signal, in order} */
    public <T> List<T> arguments(String signal, Class<T> type) {
        return emissions().stream()
                .filter(each -> each.signal().equals(signal))
                .map(each -> type.cast(each.argument()))
                .toList();
    }

    /** {@return the errors of the last {@code sslErrors}; none if there was none} */
    public List<QSslError> sslErrors() {
        List<QSslError> errors = new ArrayList<>();
        for (Emission each : emissions()) {
            if (each.signal().equals("sslErrors")) {
                errors.clear();
                ((List<?>) each.argument()).forEach(error -> errors.add((QSslError) error));
            }
        }
        return errors;
    }

    /** {@return the sum of the numbers that a signal carried} */
    public long sum(String signal) {
        return arguments(signal, Long.class).stream().mapToLong(Long::longValue).sum();
    }

    /** {@return the emissions on one line, with runs of the same one counted} */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        String last = "";
        int times = 0;
        for (Emission each : emissions()) {
            String text = each.toString();
            if (text.equals(last)) {
                lines.set(lines.size() - 1, text + " x" + ++times);
            } else {
                lines.add(text);
                last = text;
                times = 1;
            }
        }
        return lines.stream().collect(Collectors.joining(", ", "[", "]"));
    }
}
