package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCertificate;
import dev.qssl.net.SocketError;
import dev.qssl.spi.Capability;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.fixture.KeyVault;
import dev.qssl.tck.fixture.TestKeys;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSetup;
import dev.qssl.tck.peer.PeerSetup.ClientCertificate;
import java.security.ProviderException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Private keys that stay where they are kept, a token's or a key service's: they sign, or are refused by name before anything
 * is sent. No capability tells which, because whether such a key signs is its keeper's affair as much as the backend's.
 */
public abstract class OpaqueKeyContract extends BackendContract {

    private static final String LINE = "kept";

    /** Creates one. */
    protected OpaqueKeyContract() {}

    @EachCase
    @Rule(id = "OPAQUE-001", source = "QSslKey.fromPrivateKey; used, or refused by name", level = MUST)
    void keptKeyOfAServer_signsOrIsRefusedByName(SslProtocol protocol) {
        KeyVault vault = KeyVault.open();
        try (LoopbackPair pair = pair(client().protocol(protocol), server().identity(vault.keep(usualServer())))) {
            pair.begin();
            settle(pair, pair.server());

            if (!isRefused(pair.server())) {
                assertThat(pair.client()).isEncrypted();
                assertThat(vault.signatures()).isPositive();
            }
        }
    }

    @EachCase
    @Rule(id = "OPAQUE-002", source = "QSslKey.fromPrivateKey, B-091; used, or refused by name", level = MUST)
    @Requires(Capability.CLIENT_CERTIFICATE)
    void keptKeyOfAClient_signsOrIsRefusedByName(SslProtocol protocol) {
        Identity own = authority().client("client");
        Setup client = client().protocol(protocol).identity(KeyVault.open().keep(own));
        End refused = stage().open(
                        client().protocol(protocol).identity(KeyVault.open().keep(own)));
        refused.run(() -> refused.socket().connectToHostEncrypted(LoopbackPair.HOST, 9));
        stage().until("an error", () -> refused.saw("errorOccurred"));
        if (isRefused(refused)) {
            return;
        }
        try (LoopbackPair pair = pair(client, server().verify(PeerVerifyMode.VERIFY_PEER))) {
            pair.handshake();
            pair.client().run(() -> pair.client().socket().write(new byte[] {1}));
            pair.until("a byte", () -> pair.server().socket().bytesAvailable() == 1);

            assertThat(pair.server()).isEncrypted().neverSaw("sslErrors");
            assertThat(pair.server().socket().peerCertificate()).isEqualTo(QSslCertificate.of(own.certificate()));
        }
    }

    @EachCase
    @Rule(id = "OPAQUE-003", source = "RFC 8446, section 4.4.3; proved against other implementations", level = MUST)
    void keptKeys_signWhatForeignClientsVerify(SslProtocol protocol, ForeignPeer peer) {
        KeyVault vault = KeyVault.open();
        for (Identity each : List.of(usualServer(), authority().rsaServer(LoopbackPair.HOST))) {
            PeerSetup client = PeerSetup.create().trust(authority().trust()).protocol(protocol);
            Setup server = server().protocol(protocol).identity(vault.keep(each));
            ForeignPair pair = ForeignPair.server(stage(), server, peer, client, LINE);

            assertWorksOrIsRefused(pair);
        }
    }

    @EachCase
    @Rule(id = "OPAQUE-006", source = "RFC 8446, section 4.4.3; proved against other implementations", level = MUST)
    @Requires(value = Capability.CLIENT_CERTIFICATE, roles = TlsRole.CLIENT)
    void keptKeysOfAClient_signWhatForeignServersVerify(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup server = PeerSetup.create()
                .identity(usualServer())
                .trust(authority().trust())
                .protocol(protocol)
                .clientCertificate(ClientCertificate.REQUIRE);
        KeyVault vault = KeyVault.open();
        for (Identity each : List.of(authority().client("client"), authority().rsaClient("client"))) {
            Setup client = client().protocol(protocol).identity(vault.keep(each));
            ForeignPair pair = ForeignPair.client(stage(), client, peer.serve(server));

            assertWorksOrIsRefused(pair);
        }
    }

    @Test
    @Rule(
            id = "OPAQUE-004",
            source = "a key that is not the certificate's is refused before anything is sent",
            level = MUST)
    void keptKeyOfAnotherCertificate_isRefused() {
        Identity wrong = new Identity(
                usualServer().chain(),
                KeyVault.open().keep(TestKeys.ec("of another certificate").getPrivate()));
        try (LoopbackPair pair = pair(client(), server().identity(wrong))) {
            pair.connectPlain();
            pair.server().run(pair.server().socket()::startServerEncryption);

            assertThat(pair.server())
                    .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                    .hasErrorText("private key")
                    .neverSaw("encryptedBytesWritten");
        }
    }

    @EachCase
    @Rule(id = "OPAQUE-005", source = "a failure of ours ends the handshake, and nothing else", level = MUST)
    void keyThatNoLongerSigns_failsTheHandshakeAndNothingElse(SslProtocol protocol) {
        KeyVault vault = KeyVault.open();
        Setup kept = server().protocol(protocol).identity(vault.keep(usualServer()));
        // The context is made, and the key tried, while it still signs.
        try (LoopbackPair pair = pair(client().protocol(protocol), kept)) {
            pair.begin();
            settle(pair, pair.server());
            if (isRefused(pair.server())) {
                return;
            }
        }
        vault.fail(new ProviderException("the token was removed"));
        try (LoopbackPair pair = pair(client().protocol(protocol), new Setup("server", kept.configuration()))) {
            pair.begin();
            pair.over();

            assertThat(pair.server()).failedInHandshake();
            assertThat(pair.client()).failedInHandshake();
        }
        try (LoopbackPair pair = pair()) {
            assertThat(pair.handshake().server()).isEncrypted();
        }
    }

    private void assertWorksOrIsRefused(ForeignPair pair) {
        pair.until(
                "a handshake at both sides, or an error",
                () -> pair.end().saw("errorOccurred")
                        || (pair.end().isEncrypted() && pair.peer().handshakes() > 0));

        if (!isRefused(pair.end())) {
            assertThat(pair.end()).isEncrypted();
            pair.converse(LINE);
        }
    }

    private static void settle(LoopbackPair pair, End own) {
        pair.until(
                "both ends encrypted, or an error",
                () -> own.saw("errorOccurred")
                        || (pair.client().isEncrypted() && pair.server().isEncrypted()));
    }

    private boolean isRefused(End end) {
        boolean refused = end.socket().error() == SocketError.SSL_INVALID_USER_DATA_ERROR;
        if (refused) {
            assertThat(end).hasErrorText(subject().backend(), "private key").neverSaw("encryptedBytesWritten");
        }
        return refused;
    }
}
