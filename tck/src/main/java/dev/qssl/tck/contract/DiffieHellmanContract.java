package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCipher;
import dev.qssl.QSslDiffieHellmanParameters;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.HandshakeOutcome;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSetup;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Servers that agree on keys in a finite field of the application's choice, up to TLS 1.2 (RFC 5246, section 7.4.3). */
@Requires(
        value = {Capability.DIFFIE_HELLMAN_PARAMETERS, Capability.CIPHER_SUITE_CHOICE},
        roles = TlsRole.SERVER)
public abstract class DiffieHellmanContract extends BackendContract {

    /** Creates one. */
    protected DiffieHellmanContract() {}

    @EachCase
    @Rule(id = "DH-001", source = "B-191", level = MUST)
    void ownParameters_leadToAConnection(SslProtocol protocol) {
        QSslCipher suite = suite(protocol);
        Setup server = server(suite, ModpGroup.BITS_3072.parameters());
        try (LoopbackPair pair = pair(client().protocol(protocol), server)) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.server()).isEncrypted();
            assertThat(outcome.client().socket().sessionCipher()).isEqualTo(suite);
        }
    }

    @EachCase
    @Rule(id = "DH-020", source = "B-191, proved against another implementation", level = MUST)
    void foreignClient_agreesOnKeysOfTheSizeThatTheServerChose(SslProtocol protocol) {
        ForeignPeer peer = ForeignPeer.tellingTheGroup();
        peer.require();
        PeerSetup client =
                PeerSetup.create().protocol(protocol).trust(authority().trust());
        for (ModpGroup group : List.of(ModpGroup.BITS_2048, ModpGroup.BITS_3072)) {
            Setup server = server(suite(protocol), group.parameters());

            ForeignPair pair = ForeignPair.server(stage(), server, peer, client, "in this field");

            pair.settle().converse("in this field");
            // In the words of OpenSSL up to 3.4 and from 3.5 on.
            assertThat(Stream.of("Server", "Peer").map(whose -> whose + " Temp Key: DH, " + group.bits() + " bits"))
                    .as("%s", pair.peer())
                    .anyMatch(pair.peer()::received);
        }
    }

    private QSslCipher suite(SslProtocol protocol) {
        Optional<QSslCipher> found = subject().capabilities().cipherSuites().stream()
                .filter(suite -> suite.protocol().compareTo(protocol) <= 0)
                .filter(suite -> suite.keyExchange().equals("DH")
                        && suite.authentication().equals("RSA"))
                .map(QSslCipher::of)
                .findFirst();
        assumeTrue(found.isPresent(), "there is a suite with such keys");
        return found.get();
    }

    private Setup server(QSslCipher suite, QSslDiffieHellmanParameters parameters) {
        return server().identity(authority().rsaServer(LoopbackPair.HOST)).configure(own -> {
            own.setDiffieHellmanParameters(parameters);
            own.setCiphers(List.of(suite));
        });
    }
}
