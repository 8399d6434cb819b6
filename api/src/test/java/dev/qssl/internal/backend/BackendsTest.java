package dev.qssl.internal.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.FakeBackend;
import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.spi.Availability.Unavailable;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Behaviour rules B-240 to B-252: which backends there are, which is active, and what each answers. */
class BackendsTest {

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private final Backends backends = new Backends(new BackendEnvironment(
            List::of,
            name -> Optional.ofNullable(properties.get(name)),
            name -> Optional.ofNullable(variables.get(name))));

    private FakeBackend register(FakeBackend backend) {
        backends.register(backend);
        return backend;
    }

    private void registerUsualOnes() {
        for (String name : List.of("zebra", "bouncycastle", "jdk", "aardvark", "conscrypt")) {
            register(FakeBackend.withSockets(name));
        }
        register(FakeBackend.unavailable("openssl"));
    }

    @Test
    void severalBackends_areListedInOrderOfPreferenceWithoutTheUnavailable() {
        registerUsualOnes();

        assertThat(backends.availableBackends())
                .containsExactly("conscrypt", "jdk", "bouncycastle", "aardvark", "zebra", "cert-only");
        assertThat(backends.all())
                .extracting(FoundBackend::name)
                .containsExactly("openssl", "conscrypt", "jdk", "bouncycastle", "aardvark", "zebra", "cert-only");
    }

    @Test
    void nothingNamed_firstAvailableIsActive() {
        registerUsualOnes();

        assertThat(backends.activeBackend()).isEqualTo("conscrypt");
        assertThat(backends.availableBackends()).contains(backends.activeBackend());
    }

    @Test
    void noBackendAtAll_certificatesOnlyWithoutTls() {
        assertThat(backends.availableBackends()).containsExactly("cert-only");
        assertThat(backends.activeBackend()).isEqualTo("cert-only");
        assertThat(backends.implementedClasses("")).containsExactly(ImplementedClass.KEY, ImplementedClass.CERTIFICATE);
        assertThat(backends.supportedFeatures("")).containsExactly(SupportedFeature.CERTIFICATE_VERIFICATION);
        assertThat(backends.supportedProtocols("")).isEmpty();
        assertThat(backends.supportsSsl()).isFalse();
        assertThat(backends.version()).isEmpty();
    }

    @Test
    void setActiveBackend_unknownEmptyOrOtherCase_isFalseAndChangesNothing() {
        registerUsualOnes();

        assertThat(backends.setActiveBackend("")).isFalse();
        assertThat(backends.setActiveBackend("nonsense")).isFalse();
        assertThat(backends.setActiveBackend("JDK")).isFalse();
        assertThat(backends.setActiveBackend("openssl")).as("unavailable").isFalse();
        assertThat(backends.activeBackend()).isEqualTo("conscrypt");
    }

    @Test
    void setActiveBackend_beforeFirstUse_mayChangeAgainAndAgain() {
        registerUsualOnes();

        assertThat(backends.setActiveBackend("jdk")).isTrue();
        assertThat(backends.activeBackend()).isEqualTo("jdk");
        assertThat(backends.setActiveBackend("zebra")).isTrue();
        assertThat(backends.activeBackend()).isEqualTo("zebra");
    }

    @Test
    void setActiveBackend_afterFirstUse_onlyTheCurrentOneIsTrue() {
        registerUsualOnes();
        assertThat(backends.setActiveBackend("jdk")).isTrue();
        assertThat(backends.supportsSsl()).isTrue();

        assertThat(backends.setActiveBackend("zebra")).isFalse();
        assertThat(backends.setActiveBackend("jdk")).isTrue();
        assertThat(backends.setActiveBackend("jdk")).isTrue();
        assertThat(backends.activeBackend()).isEqualTo("jdk");
    }

    @Test
    void pureQueries_leaveTheChoiceOpen() {
        registerUsualOnes();

        backends.availableBackends();
        backends.activeBackend();
        backends.supportedProtocols("");
        backends.supportedProtocols("zebra");
        backends.implementedClasses("");
        backends.supportedFeatures("jdk");

        assertThat(backends.setActiveBackend("zebra")).isTrue();
    }

    @Test
    void touch_closesTheChoiceWithoutAskingAnyBackend() {
        FakeBackend jdk = register(FakeBackend.withSockets("jdk"));
        register(FakeBackend.withSockets("zebra"));

        backends.touch();

        assertThat(jdk.availabilityQuestions()).isZero();
        assertThat(backends.setActiveBackend("zebra")).isFalse();
        assertThat(backends.activeBackend()).isEqualTo("jdk");
    }

    @Test
    void versionQuery_countsAsFirstUse() {
        registerUsualOnes();

        assertThat(backends.version().orElseThrow().versionNumber()).isEqualTo(7);
        assertThat(backends.setActiveBackend("jdk")).isFalse();
    }

    @Test
    void unknownName_answersNothing() {
        registerUsualOnes();

        assertThat(backends.supportedProtocols("nonsense")).isEmpty();
        assertThat(backends.implementedClasses("nonsense")).isEmpty();
        assertThat(backends.supportedFeatures("nonsense")).isEmpty();
        assertThat(backends.implementedClasses("openssl")).as("unavailable").isEmpty();
    }

    @Test
    void emptyName_meansTheActiveBackend() {
        register(FakeBackend.withSockets(
                "jdk", more -> more.claim(Capability.ALPN, TlsRole.CLIENT, FakeBackend.VERSIONS)));

        assertThat(backends.supportedProtocols("")).isEqualTo(backends.supportedProtocols("jdk"));
        assertThat(backends.implementedClasses("")).isEqualTo(backends.implementedClasses("jdk"));
        assertThat(backends.supportedFeatures(""))
                .isEqualTo(backends.supportedFeatures("jdk"))
                .containsExactly(SupportedFeature.CLIENT_SIDE_ALPN);
    }

    @Test
    void supportedProtocols_holdVersionsAndTheRangesThatLeadToThem() {
        register(FakeBackend.withSockets("jdk"));
        register(FakeBackend.with(
                "old", claims -> claims.claim(Capability.HANDSHAKE, TlsRole.CLIENT, Set.of(SslProtocol.TLS_V1_1))));

        assertThat(backends.supportedProtocols("jdk"))
                .containsExactly(
                        SslProtocol.TLS_V1_2,
                        SslProtocol.ANY_PROTOCOL,
                        SslProtocol.SECURE_PROTOCOLS,
                        SslProtocol.TLS_V1_0_OR_LATER,
                        SslProtocol.TLS_V1_1_OR_LATER,
                        SslProtocol.TLS_V1_2_OR_LATER,
                        SslProtocol.TLS_V1_3,
                        SslProtocol.TLS_V1_3_OR_LATER);
        assertThat(backends.implementedClasses("jdk")).contains(ImplementedClass.SOCKET);
        assertThat(backends.supportedProtocols("old"))
                .contains(SslProtocol.ANY_PROTOCOL, SslProtocol.TLS_V1_1_OR_LATER)
                .doesNotContain(SslProtocol.SECURE_PROTOCOLS, SslProtocol.UNKNOWN_PROTOCOL);
    }

    @Test
    void queryingOneBackend_asksItOnceAndNoOther() {
        FakeBackend jdk = register(FakeBackend.withSockets("jdk"));
        FakeBackend zebra = register(FakeBackend.withSockets("zebra"));

        for (int i = 0; i < 3; i++) {
            backends.supportedProtocols("zebra");
            backends.implementedClasses("zebra");
        }

        assertThat(zebra.availabilityQuestions()).isEqualTo(1);
        assertThat(zebra.capabilityQuestions()).isEqualTo(1);
        assertThat(jdk.availabilityQuestions()).isZero();
        assertThat(jdk.capabilityQuestions()).isZero();
    }

    @Test
    void property_winsOverVariableAndOrder() {
        registerUsualOnes();
        properties.put(Backends.PROPERTY, " zebra ");
        variables.put(Backends.VARIABLE, "jdk");

        assertThat(backends.activeBackend()).isEqualTo("zebra");
        properties.put(Backends.PROPERTY, "");
        assertThat(backends.activeBackend()).isEqualTo("jdk");
    }

    @Test
    void nameInCode_winsOverProperty() {
        registerUsualOnes();
        properties.put(Backends.PROPERTY, "zebra");

        assertThat(backends.setActiveBackend("jdk")).isTrue();
        assertThat(backends.activeBackend()).isEqualTo("jdk");
    }

    @Test
    void forcedBackendThatIsUnavailable_staysActiveWithoutTlsAndSaysWhy() {
        registerUsualOnes();
        properties.put(Backends.PROPERTY, "openssl");

        assertThat(backends.activeBackend()).isEqualTo("openssl");
        assertThat(backends.supportsSsl()).isFalse();
        assertThat(backends.version()).isEmpty();
        assertThat(backends.supportedProtocols("")).isEmpty();
        assertThatThrownBy(() -> backends.require(""))
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.error()).isEqualTo(TlsError.NO_BACKEND))
                .hasMessageContainingAll(
                        "openssl", "system property qssl.backend", "libopenssl is not installed", "Install libopenssl");
    }

    @Test
    void forcedBackendThatIsUnknown_staysActiveWithoutTlsAndSaysWhatThereIs() {
        registerUsualOnes();
        variables.put(Backends.VARIABLE, "OpenSSL");

        assertThat(backends.activeBackend()).isEqualTo("OpenSSL");
        assertThat(backends.supportsSsl()).isFalse();
        assertThatThrownBy(() -> backends.require(""))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll("OpenSSL", "environment variable QSSL_BACKEND", "not found", "conscrypt, jdk");
    }

    @Test
    void implicitDefault_isNotAskedAgainOnceInUse() {
        FakeBackend zebra = register(FakeBackend.withSockets("zebra"));
        assertThat(backends.supportsSsl()).isTrue();
        register(FakeBackend.withSockets("jdk"));

        assertThat(backends.activeBackend()).isEqualTo("zebra");
        assertThat(zebra.availabilityQuestions()).isEqualTo(1);
    }

    @Test
    void registeredBackend_appearsAndDisappears() {
        FakeBackend zebra = register(FakeBackend.withSockets("zebra"));
        assertThat(backends.availableBackends()).contains("zebra");

        assertThat(backends.remove(zebra)).isTrue();

        assertThat(backends.availableBackends()).doesNotContain("zebra");
        assertThat(backends.supportedProtocols("zebra")).isEmpty();
        assertThat(backends.remove(zebra)).isFalse();
    }

    @Test
    void removingTheBackendInUse_leavesNoTlsInsteadOfAnotherBackend() {
        registerUsualOnes();
        FakeBackend first = register(FakeBackend.withSockets("a-first"));
        assertThat(backends.setActiveBackend("a-first")).isTrue();
        assertThat(backends.supportsSsl()).isTrue();

        backends.remove(first);

        assertThat(backends.activeBackend()).isEqualTo("a-first");
        assertThat(backends.supportsSsl()).isFalse();
        assertThatThrownBy(() -> backends.require("")).hasMessageContaining("a-first");
    }

    @Test
    void registeringATakenOrMalformedName_isRefused() {
        register(FakeBackend.withSockets("zebra"));

        for (String name : List.of("zebra", "cert-only", "Zebra", "", "two words", "-x")) {
            assertThatIllegalArgumentException().isThrownBy(() -> register(FakeBackend.withSockets(name)));
        }
        assertThat(backends.availableBackends()).containsExactly("zebra", "cert-only");
    }

    @Test
    void backendThatThrowsWhenAsked_isUnavailableAndHidesNoOther() {
        register(FakeBackend.throwingAvailability("openssl", new UnsatisfiedLinkError("no ssl in library path")));
        register(FakeBackend.throwingAvailability("conscrypt", new IllegalStateException("broken")));
        register(FakeBackend.withSockets("jdk"));

        assertThat(backends.activeBackend()).isEqualTo("jdk");
        assertThat(backends.find("openssl").orElseThrow().availability())
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        why -> assertThat(why.reason()).contains("UnsatisfiedLinkError", "no ssl in library path"));
    }

    @Test
    void backendThatThrowsWhenProbed_isUnavailableFromThenOn() {
        register(FakeBackend.throwingCapabilities("zebra", new NoClassDefFoundError("org/zebra/Stripe")));

        assertThat(backends.supportedProtocols("zebra")).isEmpty();
        assertThat(backends.availableBackends()).doesNotContain("zebra");
        assertThatThrownBy(() -> backends.require("zebra")).hasMessageContaining("org/zebra/Stripe");
    }

    @Test
    void requiredByName_isFoundWhateverIsActive() throws TlsException {
        registerUsualOnes();

        assertThat(backends.require("zebra").name()).isEqualTo("zebra");
        assertThat(backends.activeBackend()).isEqualTo("conscrypt");
        assertThatThrownBy(() -> backends.require("nonsense"))
                .hasMessageContainingAll("nonsense", "QSslConfiguration.setBackend", "was not found");
    }
}
