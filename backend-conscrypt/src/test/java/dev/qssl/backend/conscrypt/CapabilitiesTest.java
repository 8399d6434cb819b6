package dev.qssl.backend.conscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.fixture.EngineBench;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the backend says of itself, on every JDK: a contract does not run where its capability is not claimed. */
class CapabilitiesTest {

    private static final EngineBench BENCH = new EngineBench(new ConscryptBackend());
    private static final Set<SslProtocol> BOTH = Set.of(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3);
    private static final Capabilities FOUND = BENCH.backend().capabilities();

    @Test
    void allFeaturesAndFourClasses_areClaimed() {
        assertThat(FOUND.features()).containsExactlyInAnyOrder(SupportedFeature.values());
        assertThat(FOUND.classes())
                .containsExactlyInAnyOrder(
                        ImplementedClass.KEY,
                        ImplementedClass.CERTIFICATE,
                        ImplementedClass.SOCKET,
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
                    Capability.RESUMPTION,
                    Capability.ALERTS,
                    Capability.GROUP_CHOICE,
                    Capability.NEGOTIATED_GROUP,
                    Capability.EXPORTER)) {
                assertThat(FOUND.protocols(capability, role))
                        .as("%s as %s", capability, role)
                        .isEqualTo(BOTH);
            }
            assertThat(FOUND.protocols(Capability.PSK, role)).containsExactly(SslProtocol.TLS_V1_2);
        }
        assertThat(FOUND.protocols(Capability.SESSION_EXPORT, TlsRole.CLIENT)).isEqualTo(BOTH);
        assertThat(FOUND.groups()).contains("X25519MLKEM768", "x25519", "secp256r1", "secp384r1");
    }

    @Test
    void whatIsMissing_hasAReason() {
        assertThat(FOUND.limitation(Capability.PSK))
                .hasValueSatisfying(why -> assertThat(why).contains("TLS 1.2 only"));
        assertThat(FOUND.limitation(Capability.DIFFIE_HELLMAN_PARAMETERS)).isPresent();
        assertThat(FOUND.limitation(Capability.SIGNATURE_SCHEME_CHOICE)).isPresent();
        assertThat(FOUND.limitation(Capability.GROUP_CHOICE)).isEmpty();
    }
}
