package dev.qssl.benchmarks.programs;

import dev.qssl.benchmarks.bars.Arena;
import dev.qssl.benchmarks.bars.Contestant;
import dev.qssl.benchmarks.bars.Handshakes;
import dev.qssl.benchmarks.bars.RoundTrips;
import dev.qssl.benchmarks.bars.Shaken;
import dev.qssl.benchmarks.bars.Tally;
import dev.qssl.spi.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A {@link Program} as server and as client, a process each. Processor time is that of both. */
public final class ProgramContestant implements Contestant {

    /** Beyond what an order says that its work takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Program program;
    private final Handshakes handshakes;
    private final Child server;
    private final Child client;

    private ProgramContestant(Program program, Handshakes handshakes, Identity identity) throws IOException {
        this.program = program;
        this.handshakes = handshakes;
        try (PemFiles files = PemFiles.of(identity, Arena.authority())) {
            server = start(
                    "server", "serve", files.chain().toString(), files.key().toString());
            try {
                long port = Answer.parse(server.ask("port", PATIENCE)).number("port");
                client = start("client", "connect", files.authority().toString(), Arena.HOST, String.valueOf(port));
            } catch (IOException e) {
                server.close();
                throw e;
            }
            awaitStart();
        }
    }

    private Child start(String side, String command, String... arguments) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(program.build().executable().toString());
        line.add(command);
        line.add(handshakes.name().toLowerCase(Locale.ROOT));
        line.addAll(List.of(arguments));
        return Child.start(program.bar() + "'s " + side, line);
    }

    /** The client has read its files when it answers for the first time. */
    private void awaitStart() throws IOException {
        try {
            client.ask("check", PATIENCE);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * {@return a program that has shown that it refuses wrong servers}
     *
     * @param program which; it must have no {@link Program#obstacle}
     * @param handshakes how its connections begin
     * @throws IllegalStateException if it accepted one of those
     */
    public static ProgramContestant enter(Program program, Handshakes handshakes) throws IOException {
        for (Identity wrong : Arena.wrongServers()) {
            proveRefusal(program, handshakes, wrong);
        }
        return new ProgramContestant(program, handshakes, Arena.server());
    }

    private static void proveRefusal(Program program, Handshakes handshakes, Identity wrong) throws IOException {
        try (ProgramContestant contestant = new ProgramContestant(program, handshakes, wrong)) {
            if (!Answer.parse(contestant.client.ask("check", PATIENCE)).isRefusal()) {
                throw new IllegalStateException("void: " + program.bar() + " accepted the server "
                        + wrong.certificate().getSubjectX500Principal() + " of "
                        + wrong.certificate().getIssuerX500Principal());
            }
        }
    }

    @Override
    public Shaken shakeHands(int clients, double seconds) throws IOException {
        check();
        long before = serverNanos();
        String answer = measure("handshakes " + clients, seconds);
        Tally tally = Answer.parse(answer).tally("handshakes", serverNanos() - before);
        return new Shaken(tally, handshakes == Handshakes.RESUMED ? tally.count() : 0); // or it would have failed
    }

    @Override
    public Tally upload(int chunk, double seconds) throws IOException {
        check();
        long before = serverNanos();
        String answer = measure("upload " + chunk, seconds);
        return Answer.parse(answer).tally("bytes", serverNanos() - before);
    }

    @Override
    public RoundTrips pingPong(double seconds) throws IOException {
        check();
        long before = serverNanos();
        String answer = measure("ping", seconds);
        return Answer.parse(answer).roundTrips(serverNanos() - before);
    }

    private String measure(String order, double seconds) throws IOException {
        long nanos = (long) (seconds * 1e9);
        return client.ask(order + " " + nanos, PATIENCE.plusNanos(nanos));
    }

    private long serverNanos() throws IOException {
        return Answer.parse(server.ask("processor", PATIENCE)).number("processor");
    }

    /** Voids what would be measured with another kind of connection. */
    private void check() throws IOException {
        Answer.parse(client.ask("check", PATIENCE)).agreement().check(program.bar(), "client", handshakes);
        Answer.parse(server.ask("check", PATIENCE)).agreement().check(program.bar(), "server", handshakes);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
