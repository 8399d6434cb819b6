package dev.qssl.tck.verification.suites;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.tck.fixture.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How far ours, the JDK's PKIX and {@code openssl verify -x509_strict} agree with C2SP's x509-limbo: with our renderings of its
 * cases, whose certificates are made anew in each run, not with its own files. docs/verification.md has the figures.
 */
class PublicSuitesTest {

    /** Where ours accepts what the suite refuses, and why. */
    private static final Map<String, String> MORE_LENIENT = Map.of(
            "rfc5280::root-non-critical-basic-constraints", "PKITS 4.6.4 wants it accepted; old roots have it",
            "rfc5280::pc::ica-noncritical-pc", "PKITS 4.10 and 4.12 want it accepted",
            "rfc5280::aki::leaf-missing-aki", "helps to build paths, not to judge them; WEB_PKI demands it",
            "rfc5280::aki::intermediate-missing-aki", "as for leaves",
            "rfc5280::aki::cross-signed-root-missing-aki", "as for leaves; and it is trusted as it stands",
            "rfc5280::ski::root-missing-ski", "as authorityKeyIdentifier",
            "rfc5280::ski::intermediate-missing-ski", "as authorityKeyIdentifier; WEB_PKI demands it");

    /** Where ours refuses what the suite accepts, and why. */
    private static final Map<String, String> STRICTER = Map.of(
            "rfc5280::ca-as-leaf", "its key usage does not let it sign a handshake (RFC 8446, section 4.4.2.2)",
            "pathlen::validation-ignores-pathlen-in-leaf", "the same",
            "rfc5280::nc::nc-forbids-alternate-chain-ica", "the JDK takes an authority's common name for a host name");

    /** Where nothing that the suite refuses may be accepted, known or not. */
    private static final Set<String> CLOSED = Set.of("::nc::", "::eku::", "::validity::", "pathlen::", "cve::");

    private static final List<SuiteCase> CASES = new ArrayList<>();

    @TempDir
    private static Path directory;

    @BeforeAll
    static void makeCases() {
        CASES.addAll(LimboProfileCases.all());
        CASES.addAll(LimboNameConstraintCases.all());
        CASES.addAll(LimboWebPkiCases.all());
    }

    @Test
    void everyDisagreement_isKnown() {
        Map<String, String> lenient = new TreeMap<>();
        Map<String, String> strict = new TreeMap<>();
        for (SuiteCase question : CASES) {
            boolean accepted = Verifiers.ours(question);
            if (accepted != question.accepted()) {
                (accepted ? lenient : strict)
                        .put(question.id(), Verifiers.ourProblems(question).orElse("accepted"));
            }
        }

        assertThat(lenient).containsOnlyKeys(MORE_LENIENT.keySet());
        assertThat(strict).containsOnlyKeys(STRICTER.keySet());
    }

    @Test
    void whatAuthoritiesMayCertifyAndFor_isNeverAcceptedWrongly() {
        for (SuiteCase question : CASES) {
            if (!question.accepted() && CLOSED.stream().anyMatch(question.id()::contains)) {
                assertThat(Verifiers.ours(question)).as(question.id()).isFalse();
            }
        }
    }

    @Test
    void agreement_isAboveNineTenthsAndThatOfTheJdk() {
        long ours = CASES.stream()
                .filter(question -> Verifiers.ours(question) == question.accepted())
                .count();
        long jdk = CASES.stream()
                .filter(question -> Verifiers.jdk(question) == question.accepted())
                .count();

        assertThat(ours)
                .as("of %s", CASES.size())
                .isGreaterThan(CASES.size() * 9L / 10)
                .isGreaterThan(jdk);
    }

    @Test
    void agreement_isAboveThatOfOpensslAndNoCaseIsLost() {
        Programs.require("openssl");
        int openssl = 0;
        List<String> lost = new ArrayList<>();
        for (SuiteCase question : CASES) {
            boolean agrees = Verifiers.openssl(question, directory) == question.accepted();
            openssl += agrees ? 1 : 0;
            if (agrees && Verifiers.ours(question) != question.accepted()) {
                lost.add(question.id());
            }
        }

        assertThat(openssl).isLessThan(CASES.size() - MORE_LENIENT.size() - STRICTER.size());
        assertThat(lost).isSubsetOf(MORE_LENIENT.keySet());
    }
}
