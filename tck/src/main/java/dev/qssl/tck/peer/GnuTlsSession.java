package dev.qssl.tck.peer;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCipher;
import dev.qssl.tck.fixture.PemDirectory;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One run of {@code gnutls-serv} or {@code gnutls-cli} with {@link #LOG_LEVEL}. */
final class GnuTlsSession extends ProgramSession {

    /** The first level whose log tells which alerts came; suites, by their names, are told from 4 on. Seen with 3.7.9. */
    static final int LOG_LEVEL = 5;

    private static final Pattern LISTENING = Pattern.compile("listening on IPv4 [^\n]*\\.\\.\\.done\n");
    // What a client, and what a server prints when it has told the other facts of a connection.
    private static final Pattern FACTS = Pattern.compile("- (?:Handshake was completed|Channel bindings)\n");
    private static final Pattern NO_HANDSHAKE = Pattern.compile("Error in handshake: ");
    private static final Pattern RESUMED = Pattern.compile("\\*\\*\\* This is a resumed session\n");
    private static final Pattern VERSION = Pattern.compile("- Description: \\(TLS([0-9.]+)-");
    private static final Pattern SUITE = Pattern.compile("Selected cipher suite: (GNUTLS_\\w+)\n");
    private static final Pattern ALPN = Pattern.compile("- Application protocol: (\\S+)\n");
    private static final Pattern KEYING_MATERIAL = Pattern.compile("- Key material: ([0-9a-f]+)\n");
    private static final Pattern ALERT = Pattern.compile("Alert\\[2\\|([0-9]+)] [^\n]* was received\n");

    private final ProcessSockets sockets;
    private final int connections;

    private GnuTlsSession(String program, Process process, PemDirectory files, int connections) {
        super(program, process, files);
        this.sockets = new ProcessSockets(process.pid());
        this.connections = connections;
    }

    static GnuTlsSession client(List<String> command, PemDirectory files) {
        GnuTlsSession session = new GnuTlsSession("gnutls-cli", run(command, files), files, Integer.MAX_VALUE);
        session.begin();
        return session;
    }

    /** {@return a server that is over after so many connections} */
    static GnuTlsSession server(List<String> command, PemDirectory files, int connections) {
        GnuTlsSession session = new GnuTlsSession("gnutls-serv", run(command, files), files, connections);
        session.begin();
        return session;
    }

    // It prints the port that it was given, which is 0.
    @Override
    Optional<Integer> listening() {
        return find(LISTENING).flatMap(found -> sockets.listeningPort());
    }

    // A server serves for ever: it is over when it has tried as many handshakes as it was to, and has no connection
    // left.
    @Override
    public boolean isOver() {
        return super.isOver() || (handshakes() + count(NO_HANDSHAKE) >= connections && !sockets.areConnected());
    }

    @Override
    public int handshakes() {
        return count(FACTS);
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

    // The names of the log lack what IANA's have: WITH, and the digest of ChaCha20 in TLS 1.2. They call SHA by its
    // number.
    private static String registered(String name) {
        return name.replaceFirst("^GNUTLS_((?:EC)?DHE_)?(RSA|ECDSA)_", "TLS_$1$2_WITH_")
                .replaceFirst("^GNUTLS_", "TLS_")
                .replaceFirst("SHA1$", "SHA")
                .replaceFirst("POLY1305$", "POLY1305_SHA256");
    }

    @Override
    public Optional<String> alpn() {
        return find(ALPN).map(found -> found.group(1));
    }

    @Override
    public Optional<byte[]> keyingMaterial() {
        return find(KEYING_MATERIAL).map(found -> HexFormat.of().parseHex(found.group(1)));
    }

    @Override
    public List<String> keyLog() {
        return List.of(); // its peer takes no setup that wants one
    }

    @Override
    public Optional<AlertType> alert() {
        return find(ALERT).map(found -> AlertType.ofCode(Integer.parseInt(found.group(1))));
    }

    @Override
    public String answerTo(String line) {
        return line;
    }
}
