package dev.qssl.tck.peer;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCipher;
import dev.qssl.tck.fixture.PemDirectory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** One run of {@code gnutls-serv} or {@code gnutls-cli} with {@link #LOG_LEVEL}. */
final class GnuTlsSession extends ProgramSession {

    /** The first level whose log tells which alerts came; suites, by their names, are told from 4 on. Seen with 3.7.9. */
    static final int LOG_LEVEL = 5;

    private static final Pattern LISTENING = Pattern.compile("listening on IPv4 [^\n]*\\.\\.\\.done\n");
    // What a client, and what a server prints when it has told the other facts of a connection.
    private static final Pattern TOLD = Pattern.compile("- (?:Handshake was completed|Channel bindings)\n");
    private static final Pattern NO_HANDSHAKE = Pattern.compile("Error in handshake: ");
    private static final Pattern RESUMED = Pattern.compile("\\*\\*\\* This is a resumed session\n");
    private static final Pattern VERSION = Pattern.compile("- Description: \\(TLS([0-9.]+)-");
    private static final Pattern SUITE = Pattern.compile("Selected cipher suite: (GNUTLS_\\w+)\n");
    private static final Facts FACTS = new Facts(
            Pattern.compile("- Application protocol: (\\S+)\n"),
            Pattern.compile("- Key material: ([0-9a-f]+)\n"),
            Pattern.compile("Alert\\[2\\|([0-9]+)] [^\n]* was received\n"));

    private final ProcessSockets sockets;
    private final OptionalInt connections;

    private GnuTlsSession(List<String> command, PemDirectory files, OptionalInt connections) {
        super(withoutSystemPolicy(command), files, FACTS);
        this.sockets = new ProcessSockets(process());
        this.connections = connections;
    }

    // The system's configuration may forbid versions (disabled-version), even to those who ask for them.
    private static ProcessBuilder withoutSystemPolicy(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("GNUTLS_SYSTEM_PRIORITY_FILE", "/dev/null");
        return builder;
    }

    /** {@return a client, which runs} If there is no such program, the files are left to the caller. */
    static GnuTlsSession client(List<String> command, PemDirectory files) {
        return new GnuTlsSession(command, files, OptionalInt.empty());
    }

    /**
     * {@return a server, which runs} If there is no such program, the files are left to the caller.
     *
     * @param connections after how many connections it is over
     */
    static GnuTlsSession server(List<String> command, PemDirectory files, int connections) {
        return new GnuTlsSession(command, files, OptionalInt.of(connections));
    }

    // It prints the port that it was given, which is 0.
    @Override
    Optional<Integer> listening() {
        return find(LISTENING)
                .flatMap(found -> sockets.listeningPorts().stream().findFirst());
    }

    /**
     * {@inheritDoc} A server serves for ever: it is done when it has tried as many handshakes as it was to, and has no
     * connection left.
     *
     * @throws AssertionError if it has tried more: then somebody else connected, who may have been taken for the test's
     *     own client
     */
    @Override
    public boolean isOver() {
        int tried = tried();
        return super.isOver()
                || (connections.isPresent() && tried >= connections.getAsInt() && !sockets.hasConnections());
    }

    @Override
    public int handshakes() {
        tried();
        return count(TOLD);
    }

    private int tried() {
        int tried = count(TOLD) + count(NO_HANDSHAKE);
        if (connections.isPresent() && tried > connections.getAsInt()) {
            throw new AssertionError("a stranger connected: handshakes of " + connections.getAsInt()
                    + " connections were expected, " + tried + " were tried; " + this);
        }
        return tried;
    }

    @Override
    public int resumptions() {
        return count(RESUMED);
    }

    @Override
    public SslProtocol protocol() {
        return switch (find(VERSION).map(found -> found.group(1)).orElse("")) {
            case "1.0" -> SslProtocol.TLS_V1_0;
            case "1.1" -> SslProtocol.TLS_V1_1;
            case "1.2" -> SslProtocol.TLS_V1_2;
            case "1.3" -> SslProtocol.TLS_V1_3;
            default -> SslProtocol.UNKNOWN_PROTOCOL;
        };
    }

    @Override
    public QSslCipher cipher() {
        return find(SUITE)
                .map(found -> new QSslCipher(registered(found.group(1))))
                .orElseGet(QSslCipher::new);
    }

    /**
     * {@return the name in IANA's registry of what the log calls so} The log leaves out WITH, and, in TLS 1.2, the digest of
     * ChaCha20; it calls SHA by its number.
     */
    static String registered(String name) {
        return name.replaceFirst("^GNUTLS_((?:EC)?DHE_)?(RSA|DSS|ECDSA)_", "TLS_$1$2_WITH_")
                .replaceFirst("^GNUTLS_", "TLS_")
                .replaceFirst("SHA1$", "SHA")
                .replaceFirst("POLY1305$", "POLY1305_SHA256");
    }

    @Override
    public List<String> keyLog() {
        return List.of(); // its peer takes no setup that wants one
    }

    @Override
    public String answerTo(String line) {
        return line;
    }
}
