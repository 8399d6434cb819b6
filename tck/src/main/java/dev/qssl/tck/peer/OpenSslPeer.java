package dev.qssl.tck.peer;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.Programs;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code openssl} command, as a process. */
final class OpenSslPeer implements ForeignPeer {

    private static final String PROGRAM = "openssl";

    /** The file of logged secrets, in the directory of a session. */
    static final String KEY_LOG = "keys.log";

    @Override
    public String name() {
        return PROGRAM;
    }

    @Override
    public void require() {
        Programs.require(PROGRAM);
    }

    @Override
    public boolean speaks(SslProtocol protocol) {
        return !protocol.isDatagram();
    }

    @Override
    public boolean canExport() {
        return true;
    }

    @Override
    public PeerSession serve(PeerSetup setup) {
        OpenSslSession session = PemDirectory.handOver(files -> new OpenSslSession(serverCommand(setup, files), files));
        session.awaitPort();
        return session;
    }

    private static List<String> serverCommand(PeerSetup setup, PemDirectory files) {
        List<String> command = command("s_server", setup, files);
        command.addAll(List.of("-accept", "127.0.0.1:0", "-naccept", String.valueOf(setup.connections())));
        if (setup.export().isEmpty()) {
            command.add("-rev"); // with it nothing is told but the most important facts
        }
        if (setup.identity().isEmpty()) {
            command.add("-nocert");
        }
        switch (setup.clientCertificate()) {
            case NONE -> {}
            case REQUEST -> command.addAll(List.of("-verify", "5"));
            case REQUIRE -> command.addAll(List.of("-Verify", "5", "-verify_return_error"));
        }
        setup.staple()
                .ifPresent(der -> command.addAll(
                        List.of("-status_file", files.bytes("staple.der", der).toString())));
        if (!setup.preSharedKeyHint().isEmpty()) {
            command.addAll(List.of("-psk_hint", setup.preSharedKeyHint()));
        }
        return command;
    }

    @Override
    public PeerSession connect(PeerSetup setup, int port, String line) {
        OpenSslSession session =
                PemDirectory.handOver(files -> new OpenSslSession(clientCommand(setup, port, files), files));
        session.send(line);
        return session;
    }

    private static List<String> clientCommand(PeerSetup setup, int port, PemDirectory files) {
        List<String> command = command("s_client", setup, files);
        command.addAll(List.of("-connect", "127.0.0.1:" + port, "-servername", "localhost", "-nocommands"));
        command.addAll(List.of("-verify_hostname", "localhost", "-verify_return_error"));
        if (setup.isAskingForStaple()) {
            command.add("-status");
        }
        setup.session().ifPresent(file -> {
            command.addAll(List.of("-sess_out", file.toString()));
            if (Files.exists(file)) {
                command.addAll(List.of("-sess_in", file.toString()));
            }
        });
        return command;
    }

    private static List<String> command(String what, PeerSetup setup, PemDirectory files) {
        List<String> command = new ArrayList<>(List.of(Programs.require(PROGRAM), what));
        if (setup.identity().isPresent()) {
            Identity own = setup.identity().get();
            command.addAll(List.of(
                    "-cert",
                    files.certificates("own.pem", own.chain().subList(0, 1)).toString()));
            if (own.chain().size() > 1) {
                List<X509Certificate> above = own.chain().subList(1, own.chain().size());
                command.addAll(List.of(
                        "-cert_chain", files.certificates("above.pem", above).toString()));
            }
            command.addAll(List.of("-key", files.key("key.pem", own).toString()));
        }
        command.addAll(List.of("-no-CApath", "-no-CAstore"));
        command.addAll(
                setup.trust().certificates().isEmpty()
                        ? List.of("-no-CAfile")
                        : List.of(
                                "-CAfile",
                                files.trust("trust.pem", setup.trust()).toString()));
        if (!setup.alpn().isEmpty()) {
            command.addAll(List.of("-alpn", String.join(",", setup.alpn())));
        }
        setup.preSharedKey()
                .ifPresent(known -> command.addAll(List.of("-psk_identity", known.identity(), "-psk", known.key())));
        setup.export()
                .ifPresent(wanted -> command.addAll(
                        List.of("-keymatexport", wanted.label(), "-keymatexportlen", String.valueOf(wanted.length()))));
        if (setup.isLoggingKeys()) {
            command.addAll(List.of("-keylogfile", files.path().resolve(KEY_LOG).toString()));
        }
        setup.protocol().flatMap(OpenSslPeer::flag).ifPresent(flag -> {
            command.add(flag);
            // The outdated versions need the outdated digests that this level allows.
            command.addAll(List.of("-cipher", "DEFAULT:@SECLEVEL=0"));
        });
        return command;
    }

    private static Optional<String> flag(SslProtocol protocol) {
        return switch (protocol) {
            case TLS_V1_0 -> Optional.of("-tls1");
            case TLS_V1_1 -> Optional.of("-tls1_1");
            case TLS_V1_2 -> Optional.of("-tls1_2");
            case TLS_V1_3 -> Optional.of("-tls1_3");
            default -> throw new IllegalArgumentException("not one version of TLS: " + protocol);
        };
    }
}
