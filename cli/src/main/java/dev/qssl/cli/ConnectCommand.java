package dev.qssl.cli;

import static dev.qssl.cli.CommandFailure.failed;
import static dev.qssl.cli.CommandFailure.usage;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslError;
import dev.qssl.QSslSocket;
import dev.qssl.SslError;
import dev.qssl.net.SocketError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code qssl connect}: a TLS client between a server and the process's own streams. */
@Command(
        name = "connect",
        abbreviateSynopsis = true,
        sortOptions = false,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%nParameter:%n",
        optionListHeading = "%nOutput:%n",
        header = "Connects to a TLS server, verifies it, and carries bytes both ways.",
        description = {
            "The input is sent, received bytes go to the output, and what was agreed on goes to the messages (standard"
                    + " error), on one line:",
            "",
            "  PROTO= CIPHER= GROUP= ALPN= OCSP= RESUMED= PEER=",
            "",
            "After the end of the input it reads until the server closes. If the input was empty, it closes by itself"
                    + " once the server has been silent for a second.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  What does a server agree to?",
            "    qssl connect example.org:443 </dev/null",
            "  Fetch a page with TLS 1.2:",
            "    printf 'GET / HTTP/1.0\\r\\n\\r\\n' |",
            "        qssl connect example.org:443 --protocol 1.2",
            "  Does it resume sessions?",
            "    qssl connect example.org:443 --repeat 3 </dev/null",
            "  A server of one's own, by address, with the name in its certificate:",
            "    qssl connect 127.0.0.1:4433 --ca ca.pem --server-name localhost",
            "  A mail server:",
            "    qssl connect mail.example.org:587 --starttls smtp",
            "",
            "Options can also be read from a file: qssl connect @options.txt",
        })
final class ConnectCommand implements Callable<Integer> {

    private static final Gson JSON =
            new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    private final Terminal terminal;

    /** What the server complained of; empty if it did not. */
    private Optional<AlertType> alert = Optional.empty();

    @Parameters(
            paramLabel = "HOST:PORT",
            converter = Target.Converter.class,
            description = "The server; an IPv6 address stands in brackets.")
    Target target = new Target("", 0);

    @ArgGroup(validate = false, heading = "%nConnection:%n", order = 1)
    ConnectionOptions connection = new ConnectionOptions();

    @ArgGroup(validate = false, heading = "%nNegotiation:%n", order = 2)
    NegotiationOptions negotiation = new NegotiationOptions();

    @ArgGroup(validate = false, heading = "%nTrust in the server:%n", order = 3)
    TrustOptions trust = new TrustOptions();

    @ArgGroup(validate = false, heading = "%nOur own identity:%n", order = 4)
    IdentityOptions identity = new IdentityOptions();

    @ArgGroup(validate = false, heading = "%nSessions:%n", order = 5)
    SessionOptions sessions = new SessionOptions();

    @Option(names = "--json", order = 100, description = "Write facts and failures as JSON, one object a line.")
    boolean json;

    @Mixin
    HelpOption help = new HelpOption();

    ConnectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** How to connect, and when to stop. */
    static final class ConnectionOptions {
        @Option(
                names = "--starttls",
                paramLabel = "PROTOCOL",
                converter = StartTls.Converter.class,
                description = "Begin in clear and ask for TLS as this protocol does: ${COMPLETION-CANDIDATES}.")
        Optional<StartTls> startTls = Optional.empty();

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                converter = SecondsConverter.class,
                description =
                        "Longest time to connect and agree, and longest silence of the server after the end of the"
                                + " input. Default: 30.")
        Duration timeout = Duration.ofSeconds(30);

        @Option(
                names = "--quit-after",
                paramLabel = "SECONDS",
                converter = SecondsConverter.class,
                description = "After the end of the input, close once the server has been silent for so long.")
        Optional<Duration> quitAfter = Optional.empty();

        @Option(
                names = "--repeat",
                paramLabel = "N",
                description = "Connect N times, one after the other, with the same configuration and input, so that"
                        + " resumption shows.")
        int repeat = 1;
    }

    /** Whom to believe. */
    static final class TrustOptions {
        @Option(
                names = "--ca",
                paramLabel = "FILE",
                description = "Trust the authorities in this file, PEM or DER, instead of the system's. Repeatable.")
        List<Path> authorities = new ArrayList<>();

        @Option(
                names = "--server-name",
                paramLabel = "NAME",
                description = "The name to ask for, and to expect in the certificate, instead of HOST.")
        String serverName = "";

        @Option(
                names = "--ocsp",
                description = "Ask for a stapled OCSP response; without a good one the connection fails.")
        boolean ocsp;

        @Option(
                names = "--ignore-errors",
                description = "Go on in spite of a bad certificate, and say what was ignored. Never for real data.")
        boolean ignoreErrors;
    }

    /** Sessions that outlive the process. */
    static final class SessionOptions {
        @Option(
                names = "--session-out",
                paramLabel = "FILE",
                description = "Write the session at the end, to resume it later. Holds secrets: keep it like a key.")
        Optional<Path> out = Optional.empty();

        @Option(names = "--session-in", paramLabel = "FILE", description = "Resume the session in this file.")
        Optional<Path> in = Optional.empty();
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (connection.repeat < 1) {
            throw usage("--repeat: at least 1, not " + connection.repeat);
        }
        ClientSetup setup = ClientSetup.of(this);
        byte[] repeated = connection.repeat > 1 ? readAll() : new byte[0];
        for (int round = 1; round <= connection.repeat; round++) {
            InputStream input = connection.repeat > 1 ? new ByteArrayInputStream(repeated) : terminal.input();
            try (QSslSocket socket = new QSslSocket()) {
                setup.prepare(socket);
                connect(socket);
                converse(socket, input);
                keepSession(socket);
            }
        }
        return 0;
    }

    // A person at the keyboard is not asked to type what is to be repeated.
    private byte[] readAll() throws IOException {
        return terminal.isInputInteractive() ? new byte[0] : terminal.input().readAllBytes();
    }

    private void connect(QSslSocket socket) throws CommandFailure {
        Deadline deadline = Deadline.in(connection.timeout);
        // Taken at once: a server may close as soon as the handshake is done.
        AtomicReference<@Nullable ConnectionFacts> agreed = new AtomicReference<>();
        socket.encrypted.connect(() -> agreed.set(ConnectionFacts.of(socket)));
        socket.alertReceived.connect(event -> alert = Optional.of(event.type()).filter(this::isComplaint));
        if (connection.startTls.isPresent()) {
            startTls(socket, connection.startTls.get(), deadline);
        } else {
            socket.connectToHostEncrypted(target.host(), target.port());
        }
        if (!socket.waitForEncrypted(deadline.left())) {
            throw refused(socket);
        }
        tellFacts(Objects.requireNonNull(agreed.get()), ignored(socket));
    }

    private boolean isComplaint(AlertType type) {
        return type != AlertType.CLOSE_NOTIFY && type != AlertType.USER_CANCELLED;
    }

    // Who proves itself with a key needs no certificate.
    private List<QSslError> ignored(QSslSocket socket) {
        return socket.sslHandshakeErrors().stream()
                .filter(error -> !(identity.hasPsk() && error.error() == SslError.NO_PEER_CERTIFICATE))
                .toList();
    }

    private void startTls(QSslSocket socket, StartTls protocol, Deadline deadline) throws CommandFailure {
        socket.connectToHost(target.host(), target.port());
        if (!socket.waitForConnected(deadline.left())) {
            throw refused(socket);
        }
        PlainDialogue dialogue = new PlainDialogue(socket, deadline);
        try {
            protocol.ask(dialogue);
            dialogue.end();
        } catch (IOException e) {
            String advice = dialogue.heardWords()
                    ? ""
                    : "\nWhat may help: leave out --starttls if the server speaks TLS at once.";
            throw tell(
                    target + ": STARTTLS (" + protocol + ") failed: " + e.getMessage() + advice,
                    "STARTTLS_FAILED",
                    List.of());
        }
        socket.startClientEncryption();
    }

    private void tellFacts(ConnectionFacts facts, List<QSslError> ignored) {
        if (json) {
            JsonObject object = facts.json();
            object.add("ignored", VerificationReport.json(ignored));
            terminal.tell(JSON.toJson(object));
            return;
        }
        if (!ignored.isEmpty()) {
            terminal.tell(VerificationReport.ignored(ignored));
        }
        terminal.tell(facts.text());
        if (sessions.in.isPresent() && !facts.resumed()) {
            terminal.tell(
                    "qssl: --session-in " + sessions.in.get() + ": the server did not resume this session; it may be"
                            + " too old, used already, or of another server");
        }
    }

    private CommandFailure refused(QSslSocket socket) {
        List<QSslError> errors = socket.sslHandshakeErrors();
        if (!errors.isEmpty()) {
            return tell(
                    target + " could not be verified, so the connection was given up:\n"
                            + VerificationReport.text(errors)
                            + "\n  - to look at the connection all the same, but never for real data: --ignore-errors",
                    "VERIFICATION_FAILED",
                    errors);
        }
        if (socket.error() == SocketError.SSL_INVALID_USER_DATA_ERROR) {
            return usage(socket.errorString());
        }
        return tell(
                withTarget(socket.errorString()) + advice(socket),
                socket.error().name(),
                errors);
    }

    private String withTarget(String text) {
        return text.contains(target.toString()) ? text : target + ": " + text;
    }

    private String advice(QSslSocket socket) {
        return switch (socket.error()) {
            case HOST_NOT_FOUND_ERROR -> "\nWhat may help: check the spelling of the host, and this machine's DNS.";
            case SOCKET_TIMEOUT_ERROR ->
                "\nWhat may help: --timeout SECONDS, or --starttls if the server begins in clear.";
            case SSL_HANDSHAKE_FAILED_ERROR, SSL_INTERNAL_ERROR, REMOTE_HOST_CLOSED_ERROR ->
                adviceOnHandshake(socket.errorString());
            default -> "";
        };
    }

    private String adviceOnHandshake(String text) {
        if (text.contains("no record of TLS")) {
            return connection.startTls.isPresent()
                    ? ""
                    : "\nWhat may help: another port, or --starttls if the server begins in clear.";
        }
        if (alert.isPresent()) { // so it speaks TLS
            return "\nWhat may help: " + AlertAdvice.on(alert.get(), identity) + ".";
        }
        if (identity.hasPsk()) {
            return "\nWhat may help: --psk and --psk-identity must be those that the server knows.";
        }
        return connection.startTls.isPresent()
                ? ""
                : "\nWhat may help: another --protocol, or --starttls if the server begins in clear.";
    }

    private void converse(QSslSocket socket, InputStream input) throws CommandFailure {
        Conversation.Patience patience =
                new Conversation.Patience(connection.timeout, connection.quitAfter.orElse(Duration.ZERO));
        Conversation.End end;
        try {
            end = new Conversation(socket, input, terminal.output(), patience).run();
        } catch (IOException e) {
            // In TLS 1.3 a server judges its client after the handshake.
            String advice = alert.map(type -> "\nWhat may help: " + AlertAdvice.on(type, identity) + ".")
                    .orElse("");
            throw tell(
                    withTarget(String.valueOf(e.getMessage())) + advice,
                    socket.error().name(),
                    List.of());
        }
        switch (end) {
            case CLOSED -> {}
            case SILENT ->
                throw tell(
                        target + ": after the end of the input the server was silent for "
                                + connection.timeout.toMillis() / 1000.0
                                + " s and kept the connection open. If the answer was complete, have it close (HTTP:"
                                + " \"Connection: close\"), or use --quit-after SECONDS.",
                        "SOCKET_TIMEOUT_ERROR",
                        List.of());
            case OUTPUT_CLOSED ->
                throw tell("nobody reads the output any more; the rest was dropped", "OUTPUT_CLOSED", List.of());
        }
    }

    // As JSON the failure is complete with its code and errors; the message that ends the command is then empty.
    private CommandFailure tell(String message, String code, List<QSslError> errors) {
        if (!json) {
            return failed(message);
        }
        JsonObject error = new JsonObject();
        error.addProperty("error", code);
        error.addProperty("message", message);
        error.add("errors", VerificationReport.json(errors));
        terminal.tell(JSON.toJson(error));
        return failed("");
    }

    private void keepSession(QSslSocket socket) throws CommandFailure {
        if (sessions.out.isEmpty()) {
            return;
        }
        byte[] ticket = socket.sslConfiguration().sessionTicket();
        if (ticket.length == 0) {
            throw failed("--session-out: " + target + " gave no session that can be resumed"
                    + (socket.sslConfiguration().sessionProtocol() == SslProtocol.TLS_V1_3
                            ? ".\nWhat may help: in TLS 1.3 many servers give one with their first data only: send"
                                    + " something that they answer."
                            : ""));
        }
        String backend = socket.sslConfiguration().backend();
        SecretFile.write("--session-out", sessions.out.get(), SessionFile.encode(backend, ticket));
    }
}
