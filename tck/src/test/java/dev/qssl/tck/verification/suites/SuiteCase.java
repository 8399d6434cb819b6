package dev.qssl.tck.verification.suites;

import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.VerificationPolicy;
import java.time.Instant;
import java.util.List;

/**
 * One question to a verifier, and the answer that the suite expects.
 *
 * @param id the suite's name for it
 * @param policy the rules to judge by
 * @param peer the role of who shows the leaf
 * @param trusted DER
 * @param others what the peer sends besides the leaf, DER
 * @param leaf DER
 * @param host whom the client means; empty if names do not matter
 * @param time when it is judged
 * @param accepted whether the chain is to be accepted
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SuiteCase(
        String id,
        VerificationPolicy policy,
        TlsRole peer,
        List<byte[]> trusted,
        List<byte[]> others,
        byte[] leaf,
        String host,
        Instant time,
        boolean accepted) {

    /** Says what is expected of a chain, piece by piece. */
    static final class Question {

        private final String id;
        private VerificationPolicy policy = VerificationPolicy.RFC_5280;
        private TlsRole peer = TlsRole.SERVER;
        private List<Draft> trusted = List.of();
        private List<Draft> others = List.of();
        private String host = "example.com";
        private Instant time = Draft.NOW;

        Question(String id) {
            this.id = id;
            policy = id.startsWith("webpki::") ? VerificationPolicy.WEB_PKI : VerificationPolicy.RFC_5280;
        }

        Question trust(Draft... certificates) {
            trusted = List.of(certificates);
            return this;
        }

        Question also(Draft... certificates) {
            others = List.of(certificates);
            return this;
        }

        Question host(String name) {
            host = name;
            return this;
        }

        Question client() {
            peer = TlsRole.CLIENT;
            host = "";
            return this;
        }

        Question at(String moment) {
            time = Instant.parse(moment);
            return this;
        }

        SuiteCase accepts(Draft leaf) {
            return answer(leaf, true);
        }

        SuiteCase refuses(Draft leaf) {
            return answer(leaf, false);
        }

        private SuiteCase answer(Draft leaf, boolean accepted) {
            return new SuiteCase(
                    id,
                    policy,
                    peer,
                    trusted.stream().map(Draft::der).toList(),
                    others.stream().map(Draft::der).toList(),
                    leaf.der(),
                    host,
                    time,
                    accepted);
        }
    }
}
