package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.BarContestant;
import dev.qssl.benchmarks.bars.Bars;
import dev.qssl.benchmarks.bars.Contestant;
import dev.qssl.benchmarks.bars.Handshakes;
import dev.qssl.benchmarks.bars.Work;
import dev.qssl.benchmarks.programs.Program;
import dev.qssl.benchmarks.programs.ProgramContestant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All bars, by name, whatever they are written in. */
final class Contestants {

    private static final String BACKEND_OF_PROGRAMS = "openssl";

    private Contestants() {}

    /** {@return the bars of these backends, each once} Also those that this machine lacks, so that reports name them. */
    static List<String> of(List<String> backends) {
        Set<String> bars = new LinkedHashSet<>(Bars.of(backends));
        if (backends.contains(BACKEND_OF_PROGRAMS)) {
            Stream.of(Program.values()).map(Program::bar).forEach(bars::add);
        }
        return new ArrayList<>(bars);
    }

    /** {@return whether these backends are to be compared with libssl itself} */
    static boolean haveCeiling(List<String> backends) {
        return backends.contains(BACKEND_OF_PROGRAMS);
    }

    /** {@return why a bar cannot do this work here; empty if it can} */
    static Optional<String> obstacle(String name, Work work) {
        return Program.of(name).map(program -> program.obstacle(work)).orElseGet(() -> Bars.obstacle(name, work));
    }

    /** {@return a bar whose servers run and whose client has refused wrong servers} */
    static Contestant enter(String name, Handshakes handshakes) throws Exception {
        Optional<Program> program = Program.of(name);
        return program.isPresent()
                ? ProgramContestant.enter(program.get(), handshakes)
                : BarContestant.enter(name, handshakes);
    }
}
