package dev.qssl.tck.peer;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCipher;
import dev.qssl.tck.fixture.PemDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One run of the {@code openssl} command. */
final class OpenSslSession extends ProgramSession {

    private static final Pattern PORT = Pattern.compile("ACCEPT [^\n]*:([0-9]+)\n");
    private static final Pattern SERVER_VERSION = Pattern.compile("Protocol version: (\\S+)\n");
    private static final Pattern SERVER_CIPHER = Pattern.compile("Ciphersuite: (\\S+)\n");
    private static final Pattern CLIENT_CIPHER = Pattern.compile("(?:New|Reused), (\\S+), Cipher is ([^\\s(]+)\n");
    private static final Pattern CLIENT_VERSION = Pattern.compile("Protocol +: (\\S+)\n");
    private static final Pattern HITS = Pattern.compile(" *([0-9]+) session cache hits\n");
    private static final Facts FACTS = new Facts(
            Pattern.compile("ALPN (?:protocols selected|protocol): (\\S+)\n"),
            Pattern.compile(" *Keying material: ([0-9A-F]+)\n"),
            Pattern.compile("SSL alert number ([0-9]+)"));

    private final Path keyLog;

    /** Runs the command. If there is none, the files are left to the caller. */
    OpenSslSession(List<String> command, PemDirectory files) {
        super(new ProcessBuilder(command), files, FACTS);
        this.keyLog = files.path().resolve(OpenSslPeer.KEY_LOG);
    }

    @Override
    Optional<Integer> listening() {
        return find(PORT).map(found -> Integer.valueOf(found.group(1)));
    }

    @Override
    public int handshakes() {
        // The last of the facts that a server prints of a connection, piece by piece.
        int count = count(SERVER_CIPHER);
        return count == 0 && find(CLIENT_CIPHER).isPresent() && !cipher().isNull() ? 1 : count;
    }

    @Override
    public int resumptions() {
        return find(HITS).map(found -> Integer.valueOf(found.group(1))).orElse(text().contains("\nReused, ") ? 1 : 0);
    }

    @Override
    public SslProtocol protocol() {
        String name = find(SERVER_VERSION)
                .or(() -> find(CLIENT_VERSION))
                .or(() -> find(CLIENT_CIPHER))
                .map(found -> found.group(1))
                .orElse("");
        return switch (name) {
            case "TLSv1" -> SslProtocol.TLS_V1_0;
            case "TLSv1.1" -> SslProtocol.TLS_V1_1;
            case "TLSv1.2" -> SslProtocol.TLS_V1_2;
            case "TLSv1.3" -> SslProtocol.TLS_V1_3;
            default -> SslProtocol.UNKNOWN_PROTOCOL;
        };
    }

    @Override
    public QSslCipher cipher() {
        return find(SERVER_CIPHER)
                .map(found -> found.group(1))
                .or(() -> find(CLIENT_CIPHER).map(found -> found.group(2)))
                .map(QSslCipher::new)
                .orElseGet(QSslCipher::new);
    }

    @Override
    public List<String> keyLog() {
        if (!Files.exists(keyLog)) {
            return List.of();
        }
        try {
            return Files.readAllLines(keyLog, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
