package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.LoopbackPair.HOST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static dev.qssl.tck.link.TckAssertions.assertThatExceptionOfType;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslEllipticCurve;
import dev.qssl.net.SocketError;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings.TicketKey;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a backend does not claim is refused before a byte is sent: by an error that names the setting and the backend. */
public abstract class RefusalContract extends BackendContract {

    /** Creates one. */
    protected RefusalContract() {}

    @Test
    @Rule(id = "REFUSE-001", source = "RFC 7301; not claimed: refused by name", level = MUST)
    void protocolNegotiationThatIsNotClaimed_isRefused() {
        refused(Capability.ALPN, "setAllowedNextProtocols", own -> own.setAllowedNextProtocols("h2"));
    }

    @Test
    @Rule(id = "REFUSE-002", source = "not claimed: refused by name", level = MUST)
    void clientCertificateThatIsNotClaimed_isRefused() {
        refusedAsClient(
                Capability.CLIENT_CERTIFICATE,
                "setLocalCertificate",
                client().identity(authority().client("client")));
        refusedAsServer(
                Capability.CLIENT_CERTIFICATE,
                "asking clients for a certificate",
                server().verify(PeerVerifyMode.VERIFY_PEER));
    }

    @Test
    @Rule(id = "REFUSE-003", source = "RFC 6066, section 8; not claimed: refused by name", level = MUST)
    void staplingThatIsNotClaimed_isRefused() {
        refusedAsClient(
                Capability.OCSP_STAPLING,
                "setOcspStaplingEnabled",
                client().configure(own -> own.setOcspStaplingEnabled(true)));
        byte[] staple = authority().ocsp(usualServer()).der();
        refusedAsServer(
                Capability.OCSP_STAPLING,
                "setStapledOcspResponses",
                server().configure(own -> own.setStapledOcspResponses(List.of(staple))));
    }

    @Test
    @Rule(id = "REFUSE-004", source = "RFC 4279; B-227; not claimed: refused by name", level = MUST)
    void preSharedKeyThatIsNotClaimed_isRefused() {
        SslProtocol protocol = subject().protocols().iterator().next();
        Consumer<QSslConfiguration> wanted = own -> {
            own.setProtocol(protocol);
            own.setPskProtocols(Set.of(protocol));
        };
        Setup client = client().configure(wanted)
                .prepare(socket -> socket.preSharedKeyAuthenticationRequired.connect(() -> {}));
        Setup server = server().configure(wanted)
                .prepare(socket -> socket.preSharedKeyAuthenticationRequired.connect(() -> {}));
        refusedAsClient(Capability.PSK, "setPskProtocols", client);
        refusedAsServer(Capability.PSK, "setPskProtocols", server);
    }

    @Test
    @Rule(id = "REFUSE-005", source = "B-202, B-205; not claimed: refused by name", level = MUST)
    void exportedSessionsThatAreNotClaimed_areRefused() {
        refusedAsClient(
                Capability.SESSION_EXPORT,
                "DISABLE_SESSION_PERSISTENCE",
                client().configure(own -> own.setSslOption(SslOption.DISABLE_SESSION_PERSISTENCE, false)));
        refusedAsClient(
                Capability.SESSION_EXPORT,
                "setSessionTicket",
                client().configure(own -> own.setSessionTicket(new byte[] {1, 2, 3})));
    }

    @Test
    @Rule(id = "REFUSE-006", source = "not claimed: refused by name", level = MUST)
    void choiceOfGroupsThatIsNotClaimed_isRefused() {
        refused(
                Capability.GROUP_CHOICE,
                "setEllipticCurves",
                own -> own.setEllipticCurves(List.of(QSslEllipticCurve.ofGroup("secp256r1"))));
    }

    @Test
    @Rule(id = "REFUSE-007", source = "not claimed: refused by name", level = MUST)
    void choiceOfSignatureSchemesThatIsNotClaimed_isRefused() {
        refused(
                Capability.SIGNATURE_SCHEME_CHOICE,
                "setSignatureSchemes",
                own -> own.setSignatureSchemes(List.of("ecdsa_secp256r1_sha256")));
    }

    @Test
    @Rule(id = "REFUSE-008", source = "B-191; not claimed: refused by name", level = MUST)
    void ownDiffieHellmanParametersThatAreNotClaimed_areRefused() {
        refusedAsServer(
                Capability.DIFFIE_HELLMAN_PARAMETERS,
                "setDiffieHellmanParameters",
                server().protocol(SslProtocol.TLS_V1_2)
                        .configure(own -> own.setDiffieHellmanParameters(ModpGroup.BITS_2048.parameters())));
    }

    @Test
    @Rule(id = "REFUSE-009", source = "RFC 5077; not claimed: refused by name", level = MUST)
    void sharedTicketKeysThatAreNotClaimed_areRefused() {
        TicketKey key = new TicketKey("n".repeat(16), "s".repeat(32));
        refusedAsServer(
                Capability.TICKET_KEYS,
                "setSessionTicketKeys",
                server().configure(own -> own.setSessionTicketKeys(List.of(key))));
    }

    @Test
    @Rule(id = "REFUSE-010", source = "B-196", level = MUST)
    void unknownOptionOfTheBackend_isRefused() {
        Consumer<QSslConfiguration> unknown = own -> own.setBackendConfigurationOption("NoSuchOption", "1");
        End client = stage().open(client().configure(unknown));
        client.run(() -> client.socket().connectToHostEncrypted(HOST, 9));
        assertThat(client)
                .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                .hasErrorText("NoSuchOption", subject().backend());
    }

    @Test
    @Rule(id = "REFUSE-011", source = "RFC 9850; not claimed: refused by name", level = MUST)
    void keyLogThatIsNotClaimed_isRefused() {
        refused(
                Capability.KEY_LOG,
                "setKeyLog",
                own -> own.setKeyLog(line -> {
                    throw new AssertionError("a secret was given out");
                }));
    }

    @Test
    @Rule(id = "REFUSE-012", source = "RFC 5705; not claimed: refused by name", level = MUST)
    void keyingMaterialThatIsNotClaimed_isRefusedAndTheConnectionGoesOn() {
        for (SslProtocol protocol : subject().protocols()) {
            try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
                pair.handshake();
                refusedByExporter(pair.client(), TlsRole.CLIENT, protocol);
                refusedByExporter(pair.server(), TlsRole.SERVER, protocol);

                pair.client().run(() -> pair.client().socket().write(new byte[100]));
                pair.until("the data", () -> pair.server().socket().bytesAvailable() == 100);
            }
        }
    }

    private void refusedByExporter(End end, TlsRole role, SslProtocol protocol) {
        if (subject().capabilities().can(Capability.EXPORTER, role, protocol)) {
            return;
        }
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> end.socket().exportKeyingMaterial("EXPORTER-refused", 32))
                .withMessageContaining(subject().backend());
    }

    private void refused(Capability capability, String setting, Consumer<QSslConfiguration> change) {
        refusedAsClient(capability, setting, client().configure(change));
        refusedAsServer(capability, setting, server().configure(change));
    }

    private void refusedAsClient(Capability capability, String setting, Setup setup) {
        if (isClaimed(capability, TlsRole.CLIENT)) {
            return;
        }
        End client = stage().open(setup);
        client.run(() -> client.socket().connectToHostEncrypted(HOST, 9));
        assertThat(client)
                .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                .hasErrorText(setting, subject().backend())
                .neverSaw("connected");
    }

    private void refusedAsServer(Capability capability, String setting, Setup setup) {
        if (isClaimed(capability, TlsRole.SERVER)) {
            return;
        }
        try (LoopbackPair pair = pair(client(), setup)) {
            pair.connectPlain();
            pair.server().run(pair.server().socket()::startServerEncryption);
            assertThat(pair.server())
                    .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                    .hasErrorText(setting, subject().backend())
                    .neverSaw("encryptedBytesWritten");
        }
    }

    // One version is enough for the contract of the capability to apply instead.
    private boolean isClaimed(Capability capability, TlsRole role) {
        return !subject().capabilities().protocols(capability, role).isEmpty();
    }
}
