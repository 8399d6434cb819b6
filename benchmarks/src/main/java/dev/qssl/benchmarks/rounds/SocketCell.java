package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.Arena;
import dev.qssl.benchmarks.bars.Bar;
import dev.qssl.benchmarks.bars.Bars;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A cell over the loopback interface: a server of each bar runs all the time, and idles while the others are measured. */
abstract class SocketCell implements Cell {

    private final List<String> names;
    private final List<String> peers;
    private final Map<String, Bar> bars = new LinkedHashMap<>();
    private final Map<String, Bar.Server> servers = new LinkedHashMap<>();

    SocketCell(List<String> names, List<String> peers) throws Exception {
        this.names = List.copyOf(names);
        this.peers = List.copyOf(peers);
        for (String name : names) {
            Bar bar = Bars.open(name);
            bars.put(name, bar);
            Bars.proveRefusal(bar);
            servers.put(name, bar.serve(Arena.server()));
        }
    }

    @Override
    public final List<String> bars() {
        return names;
    }

    @Override
    public final List<String> peers() {
        return peers;
    }

    /** {@return a new connection, which was used once and is checked on both sides} */
    final Bar.Client connectChecked(String bar) throws Exception {
        Bar.Client client = connect(bar);
        client.agreement().check(bar, "client");
        Objects.requireNonNull(servers.get(bar)).lastAgreement().check(bar, "server");
        return client;
    }

    /** {@return a new connection, which was used once} */
    final Bar.Client connect(String bar) throws Exception {
        int port = Objects.requireNonNull(servers.get(bar)).port();
        Bar.Client client = Objects.requireNonNull(bars.get(bar)).connect(port);
        client.ask();
        return client;
    }

    @Override
    public final void close() {
        servers.values().forEach(Bar.Server::close);
        bars.values().forEach(Bar::close);
    }
}
