package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.Bars;
import dev.qssl.benchmarks.bars.Handshakes;
import dev.qssl.benchmarks.bars.Shaken;
import dev.qssl.benchmarks.bars.Work;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Connect, handshake, one byte each way, close; by several clients at once. */
final class HandshakeCell extends SocketCell {

    private final Work work;
    private final int clients;

    HandshakeCell(List<String> bars, Work work, int clients) throws Exception {
        super(bars, List.of(Bars.NETTY_TCNATIVE, Bars.CONSCRYPT_SOCKET), work);
        this.work = work;
        this.clients = clients;
    }

    @Override
    public String name() {
        String kind = work.handshakes() == Handshakes.FULL ? "full" : "resumed";
        return kind + " handshakes, " + (clients == 1 ? "one client" : clients + " clients");
    }

    @Override
    public List<Figure> figures() {
        return work.handshakes() == Handshakes.FULL
                ? List.of(Figure.HANDSHAKES_PER_SECOND, Figure.CPU_MICROS_PER_HANDSHAKE)
                : List.of(Figure.HANDSHAKES_PER_SECOND, Figure.CPU_MICROS_PER_HANDSHAKE, Figure.PERCENT_RESUMED);
    }

    @Override
    public Map<Figure, Double> measure(String bar, double seconds) throws Exception {
        Shaken shaken = contestant(bar).shakeHands(clients, seconds);
        Map<Figure, Double> values = new EnumMap<>(Figure.class);
        values.put(Figure.HANDSHAKES_PER_SECOND, shaken.tally().perSecond());
        values.put(Figure.CPU_MICROS_PER_HANDSHAKE, shaken.tally().cpuMicrosEach());
        if (work.handshakes() == Handshakes.RESUMED) {
            values.put(Figure.PERCENT_RESUMED, shaken.resumedPercent());
        }
        return values;
    }
}
