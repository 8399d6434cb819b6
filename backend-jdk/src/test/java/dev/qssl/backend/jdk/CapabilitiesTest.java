package dev.qssl.backend.jdk;

import static dev.qssl.QSsl.SslProtocol.TLS_V1_2;
import static dev.qssl.QSsl.SslProtocol.TLS_V1_3;
import static dev.qssl.backend.jdk.EngineFixture.BACKEND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.spi.Availability;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.Deferral;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.fixture.EngineBench;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the backend says of itself. */
class CapabilitiesTest {

    private static final Capabilities FOUND = BACKEND.capabilities();

    @Test
    void sunJsse_isAvailableWithTheRuntimesVersion() {
        assertThat(BACKEND.name()).isEqualTo("jdk");
        assertThat(BACKEND.availability()).isInstanceOfSatisfying(Availability.Available.class, available -> {
            assertThat(available.version()).contains(Runtime.version().toString());
            assertThat(available.versionNumber())
                    .isEqualTo(Runtime.version().feature() * 1_000_000L
                            + Runtime.version().interim() * 1_000L
                            + Runtime.version().update());
            assertThat(available.path()).isEmpty();
        });
    }

    @Test
    void capabilities_areFoundOutOnce() {
        assertThat(BACKEND.capabilities()).isSameAs(FOUND);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "HANDSHAKE",
                "ALPN",
                "SERVER_NAME",
                "CLIENT_CERTIFICATE",
                "RESUMPTION",
                "ALERTS",
                "CIPHER_SUITE_CHOICE",
                "NEGOTIATED_GROUP"
            })
    void whatEveryJdkCan_isClaimedForBothVersionsAndRoles(Capability capability) {
        for (TlsRole role : TlsRole.values()) {
            assertThat(FOUND.protocols(capability, role)).containsExactlyInAnyOrder(TLS_V1_2, TLS_V1_3);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PSK", "SESSION_EXPORT", "DIFFIE_HELLMAN_PARAMETERS", "KEY_LOG", "TICKET_KEYS"})
    void whatNoJdkCan_isNotClaimed(Capability capability) {
        assertThat(FOUND.can(capability)).isFalse();
    }

    @Test
    void differencesBetweenVersionsAndRoles_areClaimed() {
        assertThat(FOUND.protocols(Capability.HALF_CLOSE, TlsRole.CLIENT)).containsExactly(TLS_V1_3);
        assertThat(FOUND.protocols(Capability.OCSP_STAPLING, TlsRole.CLIENT)).contains(TLS_V1_2, TLS_V1_3);
        assertThat(FOUND.protocols(Capability.OCSP_STAPLING, TlsRole.SERVER)).isEmpty();
        for (TlsRole role : TlsRole.values()) {
            assertThat(FOUND.deferral(role, TLS_V1_2)).isEqualTo(Deferral.FLIGHT_WITHHELD_WITH_ALERT);
            assertThat(FOUND.deferral(role, TLS_V1_3)).isEqualTo(Deferral.FLIGHT_WITHHELD);
        }
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_18)
    void olderJdk_choosesGroupsAndSchemesItself() {
        assertThat(FOUND.can(Capability.GROUP_CHOICE)).isFalse();
        assertThat(FOUND.can(Capability.SIGNATURE_SCHEME_CHOICE)).isFalse();
        assertThat(FOUND.can(Capability.EXPORTER)).isFalse();
        assertThat(FOUND.classes()).doesNotContain(ImplementedClass.ELLIPTIC_CURVE);
    }

    @Test
    @EnabledForJreRange(minVersion = 25)
    void jdk25_letsGroupsAndSchemesBeChosenAndExports() {
        assertThat(FOUND.can(Capability.GROUP_CHOICE)).isTrue();
        assertThat(FOUND.can(Capability.SIGNATURE_SCHEME_CHOICE)).isTrue();
        assertThat(FOUND.can(Capability.EXPORTER)).isTrue();
        assertThat(FOUND.classes()).contains(ImplementedClass.ELLIPTIC_CURVE);
    }

    @Test
    void names_areThoseThatWork() {
        assertThat(FOUND.cipherSuites())
                .extracting(CipherSuite::ianaName)
                .contains(
                        "TLS_AES_128_GCM_SHA256",
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256")
                .doesNotHaveDuplicates()
                .noneMatch(name -> name.contains("_anon_") || name.contains("_NULL_") || name.contains("_RC4_"));
        assertThat(FOUND.groups()).contains("x25519", "secp256r1", "secp384r1", "ffdhe2048");
        assertThat(FOUND.signatureSchemes()).contains("ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256");
    }

    @Test
    void qtsFlags_followFromTheClaims() {
        assertThat(FOUND.features())
                .containsExactlyInAnyOrder(
                        SupportedFeature.CERTIFICATE_VERIFICATION,
                        SupportedFeature.CLIENT_SIDE_ALPN,
                        SupportedFeature.SERVER_SIDE_ALPN,
                        SupportedFeature.OCSP,
                        SupportedFeature.ALERTS);
        assertThat(FOUND.classes())
                .contains(ImplementedClass.KEY, ImplementedClass.CERTIFICATE, ImplementedClass.SOCKET);
        assertThat(FOUND.protocols()).contains(TLS_V1_2, TLS_V1_3).doesNotContain(SslProtocol.TLS_V1_0);
    }

    @Test
    @EnabledForJreRange(minVersion = 25)
    void keyingMaterial_isTheSameOnBothSides() throws Exception {
        OurPeer client = EngineFixture.client(EngineBench.settings(TLS_V1_3));
        OurPeer server = EngineFixture.server(EngineFixture.serverSettings(TLS_V1_3));
        MemoryPeer.run(client, server);

        byte[] ours = client.engine().exportKeyingMaterial("EXPORTER-test", Optional.empty(), 48);

        assertThat(ours)
                .hasSize(48)
                .isEqualTo(server.engine().exportKeyingMaterial("EXPORTER-test", Optional.empty(), 48));
        assertThat(ours).isNotEqualTo(client.engine().exportKeyingMaterial("EXPORTER-other", Optional.empty(), 48));
    }
}
