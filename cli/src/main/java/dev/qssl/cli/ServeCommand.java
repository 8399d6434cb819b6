package dev.qssl.cli;

import static dev.qssl.cli.CommandFailure.failed;
import static dev.qssl.cli.CommandFailure.usage;

import dev.qssl.QSslError;
import dev.qssl.QSslServer;
import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import dev.qssl.net.EventLoopGroup;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.QTcpSocket;
import dev.qssl.net.SocketState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qssl serve}: a TLS server for trying things out. */
@Command(
        name = "serve",
        abbreviateSynopsis = true,
        sortOptions = false,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nHelp:%n",
        header = "Serves files by HTTP over TLS, or sends back what comes.",
        description = {
            "Runs until it is ended with Ctrl-C or SIGTERM. Its one line of output is",
            "",
            "  PORT= BACKEND= CA=",
            "",
            "and every connection is told in the messages (standard error). Without --cert it makes an authority, and a"
                    + " certificate for localhost, for this run only; with --psk alone it needs none.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Serve the files of this directory, and fetch one (CA: see the output):",
            "    qssl serve --port 4433 --http .",
            "    curl --cacert CA https://localhost:4433/README.md",
            "  Send back what comes from clients that this authority vouches for:",
            "    qssl serve --port 4433 --echo --client-auth require --ca clients.pem",
        })
final class ServeCommand implements Callable<Integer> {

    private static final int MOST_HANDSHAKES = 256;

    private final Terminal terminal;
    private final Set<QSslSocket> connections = ConcurrentHashMap.newKeySet();

    /** Who is encrypted, and waits to be taken. */
    private final Map<QSslSocket, String> arrivals = new ConcurrentHashMap<>();

    @ArgGroup(validate = false, heading = "%nListening:%n", order = 1)
    ListeningOptions listening = new ListeningOptions();

    @ArgGroup(multiplicity = "0..1", heading = "%nService (one of them):%n", order = 2)
    ServiceOptions service = new ServiceOptions();

    @ArgGroup(validate = false, heading = "%nNegotiation:%n", order = 3)
    NegotiationOptions negotiation = new NegotiationOptions();

    @ArgGroup(validate = false, heading = "%nOur own identity:%n", order = 4)
    IdentityOptions identity = new IdentityOptions();

    @ArgGroup(validate = false, heading = "%nClients:%n", order = 5)
    ClientOptions clients = new ClientOptions();

    @Mixin
    HelpOption help = new HelpOption();

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Where to listen. */
    static final class ListeningOptions {
        @Option(
                names = "--port",
                paramLabel = "N",
                description = "The port; 0 for one that the system chooses. Default: 4433.")
        int port = 4433;

        @Option(
                names = "--address",
                paramLabel = "ADDRESS",
                description = "The address; 0.0.0.0 or :: to be reached from other machines. Default: 127.0.0.1.")
        String address = "127.0.0.1";
    }

    /** What to do. */
    static final class ServiceOptions {
        @Option(names = "--http", paramLabel = "DIR", description = "Serve the files below this directory by HTTP.")
        Optional<Path> http = Optional.empty();

        @Option(names = "--echo", description = "Send back what comes. This is the default.")
        boolean echo;
    }

    /** Whom to let in. */
    static final class ClientOptions {
        @Option(
                names = "--client-auth",
                paramLabel = "MODE",
                description =
                        "Certificates of clients: none are asked for; request: they are asked for, and problems are"
                                + " told; require: who shows no valid one is refused. Default: none.")
        ClientAuth clientAuth = ClientAuth.NONE;

        @Option(
                names = "--ca",
                paramLabel = "FILE",
                description = "The authorities of clients. Repeatable. Default: this run's own, which also makes a"
                        + " certificate for clients.")
        List<Path> authorities = new ArrayList<>();

        @Option(
                names = "--ocsp-response",
                paramLabel = "FILE",
                description = "An OCSP response, DER, to staple for --cert.")
        Optional<Path> ocspResponse = Optional.empty();
    }

    /** What is asked of clients. */
    enum ClientAuth {
        /** Nothing. */
        NONE,
        /** A certificate, which may be missing or bad. */
        REQUEST,
        /** A good certificate. */
        REQUIRE
    }

    @Override
    public Integer call() throws CommandFailure {
        QHostAddress address = address();
        // The last to be closed: it lets the process end.
        try (UntilStopped running = new UntilStopped();
                ServerSetup setup = ServerSetup.of(this);
                EventLoop acceptor = EventLoop.start("qssl-serve");
                EventLoopGroup loops = new EventLoopGroup();
                QSslServer server = new QSslServer(acceptor)) {
            Service handler = handler();
            setup.prepare(server);
            server.setEventLoops(loops);
            server.setMaxPendingConnections(MOST_HANDSHAKES);
            server.setListenBacklogSize(MOST_HANDSHAKES);
            server.startedEncryptionHandshake.connect(this::expect);
            server.errorOccurred.connect(this::tellFailure);
            server.pendingConnectionAvailable.connect(() -> takeAll(server, handler));
            if (!server.listen(address, listening.port)) {
                throw failed(server.errorString()
                        + "\nWhat may help: another --port or --address; --port 0 finds a free" + " port.");
            }
            introduce(setup, server.serverPort());
            running.await();
            end(server);
        }
        return 0;
    }

    private QHostAddress address() throws CommandFailure {
        if (listening.port < 0 || listening.port > 65_535) {
            throw usage("--port: a number from 0 to 65535, not " + listening.port);
        }
        QHostAddress address =
                listening.address.equals("localhost") ? QHostAddress.LOCAL_HOST : QHostAddress.of(listening.address);
        if (address.isNull()) {
            throw usage("--address: '" + listening.address + "' is no address, such as 127.0.0.1 or ::");
        }
        return address;
    }

    private Service handler() throws CommandFailure {
        Optional<Path> directory = service.http;
        if (directory.isEmpty()) {
            return new EchoService();
        }
        if (negotiation.alpn().contains("h2")) {
            throw usage("--http: HTTP/1.1 is all it speaks; leave h2 out of --alpn");
        }
        try {
            Path root = directory.get().toRealPath();
            if (!Files.isDirectory(root)) {
                throw usage("--http " + directory.get() + ": this is not a directory");
            }
            return new HttpFiles(root, terminal::tell);
        } catch (IOException e) {
            throw usage("--http " + directory.get() + ": there is no such directory");
        }
    }

    private void introduce(ServerSetup setup, int port) {
        terminal.print("PORT=" + port + " BACKEND=" + setup.backend() + " CA="
                + setup.authorityFile().map(Path::toString).orElse("-"));
        setup.warning(Instant.now()).ifPresent(terminal::tell);
        terminal.tell((service.http.isPresent() ? "Serving files" : "Sending back what comes") + " on port " + port
                + "; end with Ctrl-C. To try it:");
        terminal.tell("  " + wayToTry(setup, port));
    }

    private String wayToTry(ServerSetup setup, int port) {
        if (setup.hasPreSharedKey()) {
            String identity = this.identity.pskIdentity.isPresent() ? " --psk-identity TEXT" : "";
            String versions =
                    setup.onlyVersion().map(version -> " --protocol " + version).orElse("");
            return "echo hello | qssl connect localhost:" + port + " --psk HEX" + identity + versions
                    + " --quit-after 1";
        }
        String authority = setup.authorityFile().map(Path::toString).orElse("YOUR-CA.pem");
        String client = identityToTry(setup);
        return service.http.isPresent()
                ? "curl --cacert " + authority + client + " https://localhost:" + port + "/"
                : "echo hello | qssl connect localhost:" + port + " --ca " + authority + client + " --quit-after 1";
    }

    private String identityToTry(ServerSetup setup) {
        return setup.clientFile()
                .map(file -> " --cert " + file)
                .orElse(clients.clientAuth == ClientAuth.REQUIRE ? " --cert YOUR-CERT.pem --key YOUR-KEY.pem" : "");
    }

    private void takeAll(QSslServer server, Service handler) {
        for (Optional<QTcpSocket> next = server.nextPendingConnection();
                next.isPresent();
                next = server.nextPendingConnection()) {
            if (next.get() instanceof QSslSocket socket) {
                // Slots are connected on the loop that emits, so that none of its signals is missed in between.
                socket.eventLoop().orElseThrow().execute(() -> take(socket, handler));
            }
        }
    }

    private void take(QSslSocket socket, Service handler) {
        String client = Objects.requireNonNull(arrivals.remove(socket));
        if (socket.state() != SocketState.UNCONNECTED_STATE) {
            connections.add(socket);
            socket.disconnected.connect(() -> connections.remove(socket));
        }
        handler.serve(socket, client);
    }

    // On the socket's loop, before its handshake is done: a client may leave right after it,
    // and then the socket forgets who that was and what was agreed on.
    private void expect(QSslSocket socket) {
        String client = addressOf(socket);
        socket.encrypted.connect(() -> {
            arrivals.put(socket, client);
            tellFacts(socket, client);
        });
    }

    private void tellFacts(QSslSocket socket, String client) {
        terminal.tell(client + " " + ConnectionFacts.of(socket).text());
        if (!socket.sslHandshakeErrors().isEmpty()) {
            terminal.tell(client + " " + VerificationReport.ignored(socket.sslHandshakeErrors()));
        }
    }

    private void tellFailure(QSslServer.Failure failure) {
        QSslSocket socket = failure.socket();
        List<QSslError> errors = socket.sslHandshakeErrors();
        String reason = socket.errorString();
        // A refused certificate is the reason already; the report says it once, with what may help.
        boolean isReported = errors.stream().anyMatch(error -> reason.contains(error.errorString()));
        terminal.tell(addressOf(socket) + " handshake failed: "
                + (isReported ? "the client could not be verified" : reason)
                + (errors.isEmpty() ? "" : ":\n" + VerificationReport.text(errors)));
    }

    /** {@return a client's address and port} */
    private static String addressOf(QSslSocket socket) {
        return new Target(socket.peerAddress().toString(), socket.peerPort()).toString();
    }

    private void end(QSslServer server) {
        server.close();
        connections.forEach(QSslSocket::disconnectFromHost);
    }
}
