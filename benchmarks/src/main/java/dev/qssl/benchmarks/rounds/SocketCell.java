package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.Contestant;
import dev.qssl.benchmarks.bars.Work;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A cell over the loopback interface: a server of each bar runs all the time, and idles while the others are measured. */
abstract class SocketCell implements Cell {

    private final List<String> peers;
    private final List<Absence> absent = new ArrayList<>();
    private final Map<String, Contestant> contestants = new LinkedHashMap<>();

    SocketCell(List<String> names, List<String> peers, Work work) throws Exception {
        this.peers = List.copyOf(peers);
        try {
            for (String name : names) {
                Optional<String> obstacle = Contestants.obstacle(name, work);
                if (obstacle.isPresent()) {
                    absent.add(new Absence(name, obstacle.get()));
                } else {
                    contestants.put(name, Contestants.enter(name, work.handshakes()));
                }
            }
        } catch (Exception e) {
            end();
            throw e;
        }
        if (contestants.isEmpty()) {
            throw new IllegalArgumentException("nobody can be measured: " + absent);
        }
    }

    @Override
    public final List<String> bars() {
        return List.copyOf(contestants.keySet());
    }

    @Override
    public final List<Absence> absent() {
        return List.copyOf(absent);
    }

    @Override
    public final List<String> peers() {
        return peers;
    }

    final Contestant contestant(String bar) {
        return Objects.requireNonNull(contestants.get(bar), bar);
    }

    @Override
    public final void close() {
        end();
    }

    private void end() {
        contestants.values().forEach(Contestant::close);
    }
}
