package dev.qssl.spi.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.Identity;
import dev.qssl.spi.probe.ProbeOwner;
import dev.qssl.spi.probe.ThrowAwayIdentity;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stapled responses reach the owner in the places of their certificates. */
class PeerQuestionTest {

    private static final byte[] NONE = {};
    private static final byte[] RESPONSE = {0x30, 0};

    private final Identity identity;

    PeerQuestionTest() throws GeneralSecurityException {
        identity = ThrowAwayIdentity.ec();
    }

    @Test
    void responseForTheIssuerAlone_staysInSecondPlace() {
        assertThat(shown(List.of(NONE, RESPONSE), true)).containsExactly(NONE, RESPONSE);
    }

    @Test
    void missingResponsesAtTheEnd_areLeftOut() {
        assertThat(shown(List.of(RESPONSE, NONE, NONE), true)).containsExactly(RESPONSE);
        assertThat(shown(List.of(NONE, NONE), true)).isEmpty();
    }

    @Test
    void responsesThatNobodyAskedFor_areNotShown() {
        assertThat(shown(List.of(RESPONSE), false)).isEmpty();
    }

    private List<byte[]> shown(List<byte[]> responses, boolean wanted) {
        ProbeOwner owner = ProbeOwner.accepting(identity.certificate());
        new PeerQuestion(owner, wanted).sessionIsThere(new Session(responses), false);
        return owner.credentials().orElseThrow().staples();
    }

    /** A session of a peer with these stapled responses. */
    private final class Session extends BareSession {

        private final List<byte[]> responses;

        Session(List<byte[]> responses) {
            this.responses = responses;
        }

        @Override
        public List<byte[]> getStatusResponses() {
            return responses;
        }

        @Override
        public Certificate[] getPeerCertificates() {
            return new Certificate[] {identity.certificate()};
        }
    }
}
