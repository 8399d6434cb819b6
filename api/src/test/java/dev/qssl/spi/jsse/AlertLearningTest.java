package dev.qssl.spi.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.AlertType;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.probe.ProbeOwner;
import dev.qssl.spi.probe.ThrowAwayIdentity;
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is learned about alerts from the library that runs the tests, whatever its version. */
class AlertLearningTest {

    private static final JsseLibrary LIBRARY = new JsseLibrary() {
        @Override
        protected Provider provider() {
            return Security.getProvider("SunJSSE");
        }
    };

    private static final ReceivedAlerts RECEIVED = new ReceivedAlerts(LIBRARY);
    private static final SentAlerts SENT = new SentAlerts(LIBRARY, RECEIVED);

    private static EnginePair pair(Identity identity, String protocol) throws Exception {
        EnginePair pair = EnginePair.of(LIBRARY, identity, ProbeOwner.accepting(identity.certificate()));
        pair.client().engine().setEnabledProtocols(new String[] {protocol});
        return pair;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void damagedRecord_isKnownOnBothSides(String protocol) throws Exception {
        EnginePair pair = pair(ThrowAwayIdentity.ec(), protocol);
        pair.run();
        pair.client().say(new byte[1000]);
        int last = pair.client().outbox().position() - 1;
        pair.client().outbox().put(last, (byte) ~pair.client().outbox().get(last));
        pair.run();

        assertThat(SENT.of(pair.server().failure().orElseThrow())).hasValue(AlertType.BAD_RECORD_MAC.value());
        assertThat(RECEIVED.of(pair.client().failure().orElseThrow()))
                .hasValue(TlsAlert.fatal(AlertType.BAD_RECORD_MAC));
        assertThat(RECEIVED.of(pair.server().failure().orElseThrow())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void missingCertificate_isKnownForWhatItIs(String protocol) throws Exception {
        EnginePair pair = pair(ThrowAwayIdentity.ec(), protocol);
        pair.server().engine().setNeedClientAuth(true);
        pair.run();

        assertThat(SENT.isMissingCertificate(pair.server().failure().orElseThrow()))
                .isTrue();
        int arrived =
                RECEIVED.of(pair.client().failure().orElseThrow()).orElseThrow().code();
        assertThat(SENT.of(pair.server().failure().orElseThrow())).hasValue(arrived);
    }

    @Test
    void refusals_haveTheCodesThatArrive() throws Exception {
        Identity identity = ThrowAwayIdentity.ec();
        for (AlertType wanted : AlertType.values()) {
            EnginePair pair = EnginePair.of(LIBRARY, identity, ProbeOwner.refusing(wanted));
            pair.run();

            int arrived = RECEIVED.of(pair.server().failure().orElseThrow())
                    .orElseThrow()
                    .code();
            assertThat(SENT.ofRefusal(wanted)).hasValue(arrived);
        }
    }

    @Test
    void failuresNeverSeen_areUnknown() {
        assertThat(SENT.of(new SSLException("something new"))).isEmpty();
        assertThat(SENT.of(new SSLHandshakeException("(no_such_alert) something new")))
                .isEmpty();
        assertThat(RECEIVED.of(new SSLException("something new"))).isEmpty();
        assertThat(SENT.isMissingCertificate(new SSLException("something new"))).isFalse();
    }
}
