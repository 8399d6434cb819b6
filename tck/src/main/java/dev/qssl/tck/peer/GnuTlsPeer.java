package dev.qssl.tck.peer;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.Programs;
import java.util.ArrayList;
import java.util.List;

/**
 * GnuTLS, by its commands {@code gnutls-serv} and {@code gnutls-cli}, as processes.
 *
 * <p>The server has no option for an address: for as long as a test lasts it listens on all of them, for clients that it can
 * do no more for than give their lines back. A connection of somebody else counts as one of the test's, and fails it if
 * that makes them too many ({@link GnuTlsSession#isOver}).
 */
final class GnuTlsPeer implements ForeignPeer {

    private static final String SERVER = "gnutls-serv";
    private static final String CLIENT = "gnutls-cli";

    @Override
    public String name() {
        return "gnutls";
    }

    @Override
    public void require() {
        Programs.require(SERVER);
        Programs.require(CLIENT);
        ProcessSockets.require(); // for the server's port, which it does not tell
    }

    @Override
    public boolean speaks(SslProtocol protocol) {
        return protocol.isConcrete() && !protocol.isDatagram();
    }

    private static String version(SslProtocol protocol) {
        return switch (protocol) {
            case TLS_V1_0 -> "VERS-TLS1.0";
            case TLS_V1_1 -> "VERS-TLS1.1";
            case TLS_V1_2 -> "VERS-TLS1.2";
            case TLS_V1_3 -> "VERS-TLS1.3";
            default -> throw new IllegalArgumentException("not one version of TLS: " + protocol);
        };
    }

    @Override
    public boolean canExport() {
        return true;
    }

    @Override
    public PeerSession serve(PeerSetup setup) {
        refuseWhatItIsNotToldToDo(setup);
        GnuTlsSession session = PemDirectory.handOver(
                files -> GnuTlsSession.server(serverCommand(setup, files), files, setup.connections()));
        session.awaitPort();
        return session;
    }

    private static List<String> serverCommand(PeerSetup setup, PemDirectory files) {
        List<String> command = command(SERVER, setup, files);
        command.addAll(List.of("--echo", "--port", "0"));
        setup.staple()
                .ifPresent(bytes -> command.addAll(List.of(
                        "--ignore-ocsp-response-errors",
                        "--ocsp-response",
                        files.bytes("staple.der", bytes).toString())));
        switch (setup.clientCertificate()) {
            case NONE -> command.add("--disable-client-cert");
            case REQUEST -> command.add("--verify-client-cert");
            case REQUIRE -> command.addAll(List.of("--require-client-cert", "--verify-client-cert"));
        }
        return command;
    }

    @Override
    public PeerSession connect(PeerSetup setup, int port, String line) {
        refuseWhatItIsNotToldToDo(setup);
        if (setup.trust().certificates().isEmpty()) {
            throw new IllegalArgumentException(CLIENT + " trusts the system's authorities if it is given none");
        }
        GnuTlsSession session =
                PemDirectory.handOver(files -> GnuTlsSession.client(clientCommand(setup, port, files), files));
        session.send(line);
        return session;
    }

    private static List<String> clientCommand(PeerSetup setup, int port, PemDirectory files) {
        List<String> command = command(CLIENT, setup, files);
        command.addAll(List.of("--sni-hostname", "localhost", "--verify-hostname", "localhost"));
        command.addAll(List.of("--port", String.valueOf(port), "127.0.0.1"));
        return command;
    }

    private static void refuseWhatItIsNotToldToDo(PeerSetup setup) {
        if (setup.isAskingForStaple()
                || setup.preSharedKey().isPresent()
                || setup.isLoggingKeys()
                || setup.session().isPresent()) {
            throw new IllegalArgumentException(
                    "this peer neither asks for staples, nor has pre-shared keys, key logs or files of sessions");
        }
    }

    private static List<String> command(String program, PeerSetup setup, PemDirectory files) {
        List<String> command =
                new ArrayList<>(List.of(Programs.require(program), "--debug", String.valueOf(GnuTlsSession.LOG_LEVEL)));
        if (setup.identity().isPresent()) {
            Identity own = setup.identity().get();
            command.addAll(List.of("--x509certfile", files.chain("own.pem", own).toString()));
            command.addAll(List.of(
                    "--x509keyfile", files.keyWithPublicHalf("key.pem", own).toString()));
        }
        if (!setup.trust().certificates().isEmpty()) {
            command.addAll(List.of(
                    "--x509cafile", files.trust("trust.pem", setup.trust()).toString()));
        }
        setup.alpn().forEach(protocol -> command.addAll(List.of("--alpn", protocol)));
        setup.export()
                .ifPresent(wanted -> command.addAll(List.of(
                        "--keymatexport", wanted.label(), "--keymatexportsize", String.valueOf(wanted.length()))));
        setup.protocol()
                .ifPresent(protocol -> command.addAll(List.of("--priority", "NORMAL:-VERS-ALL:+" + version(protocol))));
        return command;
    }
}
