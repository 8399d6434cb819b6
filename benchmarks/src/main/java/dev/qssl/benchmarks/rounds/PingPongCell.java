package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.Bars;
import dev.qssl.benchmarks.bars.RoundTrips;
import dev.qssl.benchmarks.bars.ServerScript;
import dev.qssl.benchmarks.bars.Work;
import java.util.List;
import java.util.Map;

/** A short message to the server and back, one at a time. */
final class PingPongCell extends SocketCell {

    PingPongCell(List<String> bars) throws Exception {
        super(bars, List.of(Bars.CONSCRYPT_SOCKET), Work.PING_PONG);
    }

    @Override
    public String name() {
        return "ping-pong of " + ServerScript.MESSAGE_BYTES + " bytes";
    }

    @Override
    public List<Figure> figures() {
        return List.of(Figure.P50_MICROS, Figure.P99_MICROS, Figure.CPU_MICROS_PER_EXCHANGE);
    }

    @Override
    public Map<Figure, Double> measure(String bar, double seconds) throws Exception {
        RoundTrips messages = contestant(bar).pingPong(seconds);
        return Map.of(
                Figure.P50_MICROS, messages.p50Micros(),
                Figure.P99_MICROS, messages.p99Micros(),
                Figure.CPU_MICROS_PER_EXCHANGE, messages.tally().cpuMicrosEach());
    }
}
