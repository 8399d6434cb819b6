package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

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
import java.util.stream.Stream;

/** Servers that agree on keys in a finite field of the application's choice, up to TLS 1.2 (RFC 5246, section 7.4.3). */
@Requires(
        value = {Capability.DIFFIE_HELLMAN_PARAMETERS, Capability.CIPHER_SUITE_CHOICE},
        roles = TlsRole.SERVER)
public abstract class DiffieHellmanContract extends BackendContract {

    private static final String SUITE = "DHE-RSA-AES128-SHA";

    /** Creates one. */
    protected DiffieHellmanContract() {}

    @EachCase
    @Rule(id = "DH-001", source = "B-191", level = MUST)
    void ownParameters_leadToAConnection(SslProtocol protocol) {
        Setup server = server(ModpGroup.BITS_3072.parameters());
        try (LoopbackPair pair = pair(client().protocol(protocol), server)) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.server()).isEncrypted();
            assertThat(outcome.client().socket().sessionCipher().name()).isEqualTo(SUITE);
        }
    }

    @EachCase
    @Rule(id = "DH-020", source = "B-191, proved against another implementation", level = MUST)
    void foreignClient_agreesOnKeysInTheGroupOfTheServer(SslProtocol protocol) {
        ForeignPeer peer = ForeignPeer.tellingTheGroup();
        peer.require();
        PeerSetup client =
                PeerSetup.create().protocol(protocol).trust(authority().trust());
        for (ModpGroup group : List.of(ModpGroup.BITS_2048, ModpGroup.BITS_3072)) {
            Setup server = server(group.parameters());

            ForeignPair pair = ForeignPair.server(stage(), server, peer, client, "in this field");

            pair.settle().converse("in this field");
            // In the words of OpenSSL up to 3.4 and from 3.5 on.
            assertThat(Stream.of("Server", "Peer").map(whose -> whose + " Temp Key: DH, " + group.bits() + " bits"))
                    .as("%s", pair.peer())
                    .anyMatch(pair.peer()::received);
        }
    }

    private Setup server(QSslDiffieHellmanParameters parameters) {
        return server().identity(authority().rsaServer(LoopbackPair.HOST)).configure(own -> {
            own.setDiffieHellmanParameters(parameters);
            own.setCiphers(List.of(new QSslCipher(SUITE)));
        });
    }
}
