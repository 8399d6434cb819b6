package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.internal.backend.BackendEnvironment;
import dev.qssl.internal.backend.Backends;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Choosing a backend by need. */
class BackendRequirementsTest {

    private final Backends backends =
            new Backends(new BackendEnvironment(List::of, name -> Optional.empty(), name -> Optional.empty()));

    @BeforeEach
    void registerBackends() {
        backends.register(FakeBackend.unavailable("openssl"));
        backends.register(FakeBackend.withSockets("jdk"));
        backends.register(FakeBackend.withSockets(
                "bouncycastle",
                more -> more.claim(Capability.PSK, FakeBackend.VERSIONS)
                        .groups(List.of("secp256r1", "X25519MLKEM768"))));
        backends.register(FakeBackend.withSockets("zebra", more -> more.claim(Capability.PSK, FakeBackend.VERSIONS)));
    }

    @Test
    void firstThatMeetsAll_isChosenAndTheOthersAreExplained() {
        BackendRequirements.Choice choice = BackendRequirements.none()
                .protocols(SslProtocol.TLS_V1_3)
                .features(SupportedFeature.PSK)
                .choose(backends);

        assertThat(choice.backend()).contains("bouncycastle");
        assertThat(choice.backendOrThrow()).isEqualTo("bouncycastle");
        assertThat(choice.shortfalls().keySet())
                .containsExactly("openssl", "jdk", "bouncycastle", "zebra", "cert-only");
        assertThat(choice.shortfalls().get("openssl"))
                .containsExactly("it is unavailable: libopenssl is not installed (Install libopenssl.)");
        assertThat(choice.shortfalls().get("jdk")).containsExactly("it lacks the feature PSK");
        assertThat(choice.shortfalls().get("zebra")).isEmpty();
        assertThat(choice.shortfalls().get("cert-only"))
                .containsExactly("it has no TLSv1.3 here", "it lacks the feature PSK");
        assertThat(choice.explanation().lines())
                .contains("Backend bouncycastle meets the requirements.", "Backend zebra would do too.");
    }

    @Test
    void everyKindOfRequirement_namesWhatIsMissing() {
        BackendRequirements.Choice choice = BackendRequirements.none()
                .protocols(SslProtocol.TLS_V1_1, SslProtocol.DTLS_V1_2_OR_LATER, SslProtocol.TLS_V1_2_OR_LATER)
                .classes(ImplementedClass.DTLS, ImplementedClass.SOCKET)
                .features(SupportedFeature.ALERTS)
                .capabilities(Capability.EXPORTER)
                .capability(Capability.ALPN, TlsRole.SERVER, SslProtocol.TLS_V1_3)
                .groups("X25519MLKEM768", "secp256r1")
                .cipherSuites("TLS_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-AES128-GCM-SHA256")
                .choose(backends);

        assertThat(choice.backend()).isEmpty();
        assertThat(choice.shortfalls().get("bouncycastle"))
                .containsExactly(
                        "it has no TLSv1.1 here",
                        "it has no DTLS_V1_2_OR_LATER here",
                        "it does not implement the class DTLS",
                        "it lacks the feature ALERTS",
                        "it lacks EXPORTER",
                        "it lacks ALPN as a server in TLSv1.3",
                        "it has no cipher suite TLS_CHACHA20_POLY1305_SHA256");
        assertThatIllegalStateException()
                .isThrownBy(choice::backendOrThrow)
                .withMessageContainingAll("No backend meets the requirements", "zebra", "jdk", "openssl");
    }

    @Test
    void choosing_neitherUsesNorChangesTheActiveBackend() {
        BackendRequirements.none().protocols(SslProtocol.TLS_V1_3).choose(backends);

        assertThat(backends.setActiveBackend("zebra")).isTrue();
    }

    @Test
    void requirements_areImmutable() {
        BackendRequirements none = BackendRequirements.none();

        none.features(SupportedFeature.ALERTS);

        assertThat(none.choose(backends).backend()).contains("jdk");
    }
}
