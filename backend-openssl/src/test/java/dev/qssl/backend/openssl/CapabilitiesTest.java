package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.Deferral;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.fixture.EngineBench;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the backend says of itself: a contract does not run where its capability is not claimed. */
class CapabilitiesTest {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());
    private static final Set<SslProtocol> BOTH = Set.of(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3);
    private static final Capabilities FOUND = BENCH.backend().capabilities();

    @Test
    void allFeaturesAndTheClassesOfStreams_areClaimed() {
        assertThat(FOUND.features()).containsExactlyInAnyOrder(SupportedFeature.values());
        assertThat(FOUND.classes())
                .contains(
                        ImplementedClass.KEY,
                        ImplementedClass.CERTIFICATE,
                        ImplementedClass.SOCKET,
                        ImplementedClass.DIFFIE_HELLMAN,
                        ImplementedClass.ELLIPTIC_CURVE);
    }

    @Test
    void bothRoles_canDoTheSameInBothVersions() {
        for (TlsRole role : TlsRole.values()) {
            for (Capability capability : Set.of(
                    Capability.HANDSHAKE,
                    Capability.ALPN,
                    Capability.SERVER_NAME,
                    Capability.CLIENT_CERTIFICATE,
                    Capability.OCSP_STAPLING,
                    Capability.PSK,
                    Capability.RESUMPTION,
                    Capability.ALERTS,
                    Capability.CIPHER_SUITE_CHOICE,
                    Capability.GROUP_CHOICE,
                    Capability.SIGNATURE_SCHEME_CHOICE,
                    Capability.NEGOTIATED_GROUP,
                    Capability.EXPORTER,
                    Capability.KEY_LOG,
                    Capability.HALF_CLOSE)) {
                assertThat(FOUND.protocols(capability, role))
                        .as("%s as %s", capability, role)
                        .containsAll(BOTH);
            }
        }
    }

    @Test
    void whatOneRoleHas_isClaimedForItAlone() {
        assertThat(FOUND.protocols(Capability.SESSION_EXPORT, TlsRole.CLIENT)).containsAll(BOTH);
        assertThat(FOUND.protocols(Capability.TICKET_KEYS, TlsRole.SERVER)).containsAll(BOTH);
        assertThat(FOUND.protocols(Capability.DIFFIE_HELLMAN_PARAMETERS, TlsRole.SERVER))
                .contains(SslProtocol.TLS_V1_2)
                .doesNotContain(SslProtocol.TLS_V1_3);
        assertThat(FOUND.limitation(Capability.DIFFIE_HELLMAN_PARAMETERS)).isPresent();
        assertThat(FOUND.limitation(Capability.ALPN)).isEmpty();
    }

    @Test
    void clients_waitForDecisionsAndServersHoldBack() {
        assertThat(FOUND.deferral(TlsRole.CLIENT, SslProtocol.TLS_V1_3)).isEqualTo(Deferral.TRUE_PAUSE);
        assertThat(FOUND.deferral(TlsRole.SERVER, SslProtocol.TLS_V1_3)).isEqualTo(Deferral.FLIGHT_WITHHELD);
        assertThat(FOUND.deferral(TlsRole.SERVER, SslProtocol.TLS_V1_2)).isEqualTo(Deferral.FLIGHT_WITHHELD_WITH_ALERT);
    }

    @Test
    void names_areTheRegistrysAndInTheLibrarysOrder() {
        assertThat(FOUND.groups()).startsWith("x25519").contains("secp256r1", "secp384r1", "x448", "ffdhe2048");
        assertThat(FOUND.signatureSchemes()).contains("ecdsa_secp256r1_sha256", "ed25519", "rsa_pss_rsae_sha256");
        assertThat(FOUND.cipherSuites().stream().map(CipherSuite::ianaName))
                .startsWith("TLS_AES_256_GCM_SHA384")
                .contains("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256");
    }
}
