package dev.qssl.spi.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Deferral;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import dev.qssl.toy.ToyBackend;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What works is claimed, what does not is not, and every engine and context that it took is closed. */
class CapabilityProbeTest {

    @Test
    void libraryThatRefusesEverything_claimsNothingThatTakesAConnection() {
        Capabilities found = new CapabilityProbe().capabilities(settings -> {
            throw refusal("everything");
        });

        assertThat(found.protocols()).isEmpty();
        assertThat(found.features()).containsExactly(SupportedFeature.CERTIFICATE_VERIFICATION);
        assertThat(found.cipherSuites()).isEmpty();
    }

    @Test
    void libraryThatThrowsWhateverItLikes_claimsNothing() {
        Capabilities found = new CapabilityProbe().capabilities(settings -> {
            throw new IllegalStateException("out of order");
        });

        assertThat(found.protocols()).isEmpty();
    }

    @Test
    void library_isTriedOnceAndClaimsWhatItDid() throws GeneralSecurityException {
        ToySubject subject = new ToySubject();
        CapabilityProbe probe = new CapabilityProbe();

        Capabilities found = probe.capabilities(subject);

        assertThat(found.protocols()).containsExactly(SslProtocol.TLS_V1_3);
        assertThat(found.can(Capability.HANDSHAKE, TlsRole.SERVER, SslProtocol.TLS_V1_3))
                .isTrue();
        assertThat(found.can(Capability.ALERTS)).isTrue();
        assertThat(found.can(Capability.PSK)).isTrue();
        int contexts = subject.opened;
        assertThat(probe.capabilities(subject)).isSameAs(found);
        assertThat(subject.opened).isEqualTo(contexts);
    }

    @Test
    void whatIsRefused_isNotClaimedAndHasTheSubjectsReason() throws GeneralSecurityException {
        Capabilities found = new CapabilityProbe().capabilities(new ToySubject());

        for (Capability missing : List.of(
                Capability.GROUP_CHOICE,
                Capability.SIGNATURE_SCHEME_CHOICE,
                Capability.CIPHER_SUITE_CHOICE,
                Capability.KEY_LOG,
                Capability.TICKET_KEYS,
                Capability.DIFFIE_HELLMAN_PARAMETERS)) {
            assertThat(found.can(missing)).as(missing.name()).isFalse();
            assertThat(found.limitation(missing)).contains("a toy has no " + missing);
        }
        assertThat(found.limitation(Capability.HANDSHAKE)).isEmpty();
        assertThat(found.deferral(TlsRole.CLIENT, SslProtocol.TLS_V1_3)).isEqualTo(Deferral.TRUE_PAUSE);
    }

    @Test
    void everythingThatItTook_isClosed() throws GeneralSecurityException {
        ToySubject subject = new ToySubject();

        new CapabilityProbe().capabilities(subject);

        assertThat(subject.opened).isPositive();
        assertThat(subject.closed).isEqualTo(subject.opened);
        for (ToyBackend toy : subject.toys) {
            assertThat(toy.closedEngines()).isEqualTo(toy.openedEngines());
            assertThat(toy.violations()).isEmpty();
        }
    }

    private static TlsException refusal(String setting) {
        return new TlsException(TlsError.UNSUPPORTED_SETTING, "a toy cannot honour " + setting);
    }

    /** Makes toys that show whatever identity they are given, and refuse the settings that a toy would ignore. */
    private static final class ToySubject implements ProbeSubject {

        private final Identity nobody;
        private final List<ToyBackend> toys = new ArrayList<>();
        private int opened;
        private int closed;

        ToySubject() throws GeneralSecurityException {
            nobody = ThrowAwayIdentity.ec();
        }

        @Override
        public TlsContext newContext(ContextSettings settings) throws TlsException {
            if (!settings.groups().isEmpty()
                    || !settings.signatureSchemes().isEmpty()
                    || !settings.cipherSuites().isEmpty()
                    || !settings.ticketKeys().isEmpty()
                    || settings.isKeyLogEnabled()) {
                throw refusal(settings.toString());
            }
            ToyBackend toy =
                    new ToyBackend("toy", settings.identity().orElse(nobody).certificate());
            toys.add(toy);
            opened++;
            TlsContext made = toy.newContext(settings);
            return new TlsContext() {
                @Override
                public TlsEngine newEngine(EngineRequest request, TlsEvents events) throws TlsException {
                    return made.newEngine(request, events);
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }

        @Override
        public Deferral deferral(TlsRole role, SslProtocol protocol) {
            return Deferral.TRUE_PAUSE;
        }

        @Override
        public String reasonAgainst(Capability capability) {
            return "a toy has no " + capability;
        }
    }
}
