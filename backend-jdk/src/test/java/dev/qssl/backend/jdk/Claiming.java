package dev.qssl.backend.jdk;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsRole;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A backend to be altered further that claims what the provider can do, whether it was probed yet or not; with copies of claims
 * and settings that differ in what the alteration is about.
 */
class Claiming extends AlteredBackend {

    Claiming(String name) {
        super(name);
    }

    @Override
    Capabilities alter(Capabilities claimed) {
        return claims(claimed, builder -> {
            Set<SslProtocol> both = claimed.protocols(Capability.HANDSHAKE, TlsRole.CLIENT);
            for (Capability capability : List.of(
                    Capability.ALERTS,
                    Capability.CIPHER_SUITE_CHOICE,
                    Capability.CLIENT_CERTIFICATE,
                    Capability.RESUMPTION,
                    Capability.SERVER_NAME)) {
                builder.claim(capability, both);
            }
        });
    }

    static Capabilities claimsAlso(Capabilities claimed, Capability capability) {
        return claims(
                claimed, builder -> builder.claim(capability, claimed.protocols(Capability.HANDSHAKE, TlsRole.CLIENT)));
    }

    static Capabilities claims(Capabilities claimed, Consumer<Capabilities.Builder> more) {
        return claims(claimed, EnumSet.allOf(Capability.class), more);
    }

    static Capabilities claims(Capabilities claimed, Set<Capability> kept, Consumer<Capabilities.Builder> more) {
        Capabilities.Builder builder = Capabilities.builder()
                .verifiesCertificates()
                .cipherSuites(claimed.cipherSuites())
                .groups(claimed.groups())
                .signatureSchemes(claimed.signatureSchemes());
        for (Capability capability : kept) {
            for (TlsRole role : TlsRole.values()) {
                builder.claim(capability, role, claimed.protocols(capability, role));
            }
        }
        more.accept(builder);
        return builder.build();
    }

    static ContextSettings copy(ContextSettings settings, Consumer<ContextSettings.Builder> change) {
        ContextSettings.Builder builder = ContextSettings.builder()
                .protocols(settings.protocols())
                .cipherSuites(settings.cipherSuites())
                .groups(settings.groups())
                .signatureSchemes(settings.signatureSchemes())
                .authorities(settings.authorities())
                .verifyMode(settings.verifyMode())
                .verifyDepth(settings.verifyDepth())
                .policy(settings.policy())
                .missingCertificateFatal(settings.isMissingCertificateFatal())
                .alpn(settings.alpn())
                .ocspStapling(settings.isOcspStaplingEnabled())
                .options(settings.options())
                .backendOptions(settings.backendOptions());
        settings.identity().ifPresent(builder::identity);
        change.accept(builder);
        return builder.build();
    }
}
