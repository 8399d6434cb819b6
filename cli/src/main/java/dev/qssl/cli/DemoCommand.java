package dev.qssl.cli;

import com.github.freva.asciitable.Column;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import dev.qssl.BackendInfo;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qssl demo}: the same client code over every backend, against a server inside this process. */
@Command(
        name = "demo",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        header = "Runs the same client over every backend, against a server of its own.",
        description = {
            "Starts a TLS server in this process, with a certificate authority made in memory, connects to it with"
                    + " every backend that can run here, exchanges data, and compares what was agreed on. Needs no"
                    + " network.",
        },
        optionListHeading = "%nOptions:%n")
final class DemoCommand implements Callable<Integer> {

    private static final Gson JSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    private final Terminal terminal;

    @Option(names = "--json", description = "Write the results as JSON.")
    boolean json;

    @Mixin
    HelpOption help = new HelpOption();

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure {
        if (!NamedBackend.active().source().isEmpty()) {
            ChosenBackend.of(new NegotiationOptions(), TlsRole.SERVER);
        }
        List<BackendInfo> backends = QSslSocket.backends();
        List<BackendInfo> clients =
                backends.stream().filter(DemoCommand::hasClients).toList();
        if (clients.isEmpty()) {
            throw CommandFailure.failed(
                    "no backend can run here\n" + String.join("\n", BackendsCommand.unavailable(backends)));
        }
        List<DemoRun> runs = new ArrayList<>();
        try (DemoServer server = DemoServer.start();
                Progress progress = Progress.of(terminal, "Connecting", clients.size() * DemoRun.ROUNDS)) {
            for (BackendInfo backend : clients) {
                runs.add(DemoRun.of(backend, server, () -> progress.step(backend.name())));
            }
            tell(server, runs, backends);
        }
        if (runs.stream().anyMatch(run -> !run.failure().isEmpty())) {
            throw CommandFailure.failed("not every backend that says it can run did");
        }
        return 0;
    }

    private static boolean hasClients(BackendInfo backend) {
        return backend.capabilities()
                .filter(can ->
                        !can.protocols(Capability.HANDSHAKE, TlsRole.CLIENT).isEmpty())
                .isPresent();
    }

    private void tell(DemoServer server, List<DemoRun> runs, List<BackendInfo> backends) {
        if (json) {
            JsonArray array = new JsonArray();
            runs.forEach(run -> array.add(run.json()));
            terminal.outputText().println(JSON.toJson(array));
            return;
        }
        terminal.print(
                "A server on the backend " + server.backend() + ", and a client on each backend that can run here:");
        List<DemoRun> good =
                runs.stream().filter(run -> run.failure().isEmpty()).toList();
        if (!good.isEmpty()) {
            terminal.outputText().println(table(good));
            terminal.print((good.size() == runs.size() ? "Each client" : "Each client in the table")
                    + " verified the server, sent " + DemoRun.PAYLOAD_BYTES / 1024
                    + " KiB, and got them back unchanged.\n"
                    + "Handshake: median of " + DemoRun.ROUNDS
                    + " full ones, from the TCP connection to the encrypted one.");
        }
        runs.stream()
                .filter(run -> !run.failure().isEmpty())
                .forEach(run -> terminal.print(run.backend() + " failed: " + run.failure()));
        BackendsCommand.unavailable(backends).forEach(terminal::print);
    }

    private static String table(List<DemoRun> runs) {
        List<Column> columns = List.of(
                Tables.words("backend"),
                Tables.words("library version"),
                Tables.words("protocol"),
                Tables.words("cipher suite"),
                Tables.words("group"),
                Tables.words("ALPN"),
                Tables.words("certificate"),
                Tables.numbers("handshake ms"));
        return Tables.render(columns, runs, DemoCommand::cells);
    }

    private static List<String> cells(DemoRun run) {
        ConnectionFacts facts = run.facts().orElseThrow();
        return List.of(
                run.backend(),
                run.version(),
                facts.protocol(),
                facts.cipher(),
                facts.group().orElse("-"),
                facts.alpn().orElse("-"),
                facts.peer().orElse("-"),
                String.format(Locale.ROOT, "%.2f", run.handshakeMillis()));
    }
}
