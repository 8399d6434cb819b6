package dev.qssl.tck.verification.suites;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.VerificationPolicy;
import dev.qssl.tck.verification.suites.Draft.Criticality;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Netflix's BetterTLS in our rendering: its trust graphs and its grid of names and name constraints, with certificates of our
 * making. Where the suite allows both answers, so does this.
 *
 * <p>Of the grid, every {@code n}-th combination is tried: n is 23, or what the system property {@code qssl.suites.step} says.
 */
class BetterTlsTest {

    private static final int STEP = Integer.getInteger("qssl.suites.step", 23);

    /** An arrow of a trust graph: the first signs the second. */
    private record Edge(String issuer, String subject) {}

    private static Edge edge(String issuer, String subject) {
        return new Edge(issuer, subject);
    }

    private static final List<Edge> LINEAR = List.of(edge("ICA", "EE"), edge("TA", "ICA"));

    private static final List<Edge> TWO_ROOTS = List.of(edge("ICA", "EE"), edge("TA", "ICA"), edge("Root2", "ICA"));

    /** RFC 4158, section 2.3. */
    private static final List<Edge> FIGURE_SEVEN = List.of(
            edge("B", "EE"),
            edge("C", "B"),
            edge("A", "B"),
            edge("C", "A"),
            edge("A", "C"),
            edge("TA", "C"),
            edge("TA", "A"));

    /** RFC 4158, section 2.4, as seen from the far side of the bridge. */
    private static final List<Edge> BRIDGE = List.of(
            edge("F", "H"),
            edge("F", "G"),
            edge("G", "F"),
            edge("H", "I"),
            edge("I", "H"),
            edge("G", "I"),
            edge("TA", "F"),
            edge("TA", "G"),
            edge("J", "K"),
            edge("N", "EE"),
            edge("L", "N"),
            edge("L", "M"),
            edge("X", "J"),
            edge("X", "L"),
            edge("B", "E"),
            edge("B", "D"),
            edge("A", "B"),
            edge("C", "B"),
            edge("A", "C"),
            edge("C", "A"),
            edge("Y", "A"),
            edge("Y", "C"),
            edge("R", "S"),
            edge("O", "R"),
            edge("O", "Q"),
            edge("P", "S"),
            edge("Z", "O"),
            edge("Z", "P"),
            edge("TA", "Bridge"),
            edge("Bridge", "TA"),
            edge("X", "Bridge"),
            edge("Bridge", "X"),
            edge("Y", "Bridge"),
            edge("Bridge", "Y"),
            edge("Z", "Bridge"),
            edge("Bridge", "Z"));

    /** What makes the certificate of an arrow unusable. */
    enum Flaw {
        EXPIRED,
        NAME_CONSTRAINTS,
        BAD_EKU,
        MISSING_BASIC_CONSTRAINTS,
        NOT_A_CA,
        DEPRECATED_CRYPTO
    }

    static Stream<Flaw> flaws() {
        return Stream.of(Flaw.values());
    }

    @ParameterizedTest
    @MethodSource("flaws")
    void linearPath_isAsGoodAsItsWorstCertificate(Flaw flaw) {
        check(LINEAR, flaw, List.of(Set.of(), Set.of(edge("TA", "ICA"))));
    }

    @ParameterizedTest
    @MethodSource("flaws")
    void graphWithCycles_isPassedByTheArrowsThatAreGood(Flaw flaw) {
        List<Set<Edge>> choices = new ArrayList<>();
        List<Edge> inner = FIGURE_SEVEN.subList(1, FIGURE_SEVEN.size());
        for (int bits = 0; bits < 1 << inner.size(); bits += flaw == Flaw.EXPIRED ? 1 : 5) {
            Set<Edge> bad = new HashSet<>();
            for (int i = 0; i < inner.size(); i++) {
                if ((bits >>> i & 1) != 0) {
                    bad.add(inner.get(i));
                }
            }
            choices.add(bad);
        }
        check(FIGURE_SEVEN, flaw, choices);
    }

    @ParameterizedTest
    @MethodSource("flaws")
    void bridge_isCrossedUnlessAnArrowOfTheOnlyWayIsBad(Flaw flaw) {
        check(
                BRIDGE,
                flaw,
                List.of(
                        Set.of(),
                        Set.of(edge("X", "L")),
                        Set.of(edge("Bridge", "X")),
                        Set.of(edge("TA", "Bridge")),
                        Set.of(edge("Bridge", "Y"), edge("G", "F"), edge("X", "J"))));
    }

    @Test
    void eitherOfTwoRoots_willDo() {
        check(TWO_ROOTS, Flaw.EXPIRED, List.of(Set.of(), Set.of(edge("Root2", "ICA")), Set.of(edge("TA", "ICA"))));
    }

    private static void check(List<Edge> graph, Flaw flaw, List<Set<Edge>> choices) {
        for (Set<Edge> bad : choices) {
            SuiteCase question = question(graph, flaw, bad);
            assertThat(Verifiers.ours(question))
                    .as("%s %s: %s", flaw, bad, Verifiers.ourProblems(question).orElse("accepted"))
                    .isEqualTo(question.accepted());
        }
    }

    private static SuiteCase question(List<Edge> graph, Flaw flaw, Set<Edge> bad) {
        Map<String, Draft> entities = new HashMap<>();
        for (Edge edge : graph) {
            for (String name : List.of(edge.issuer, edge.subject)) {
                entities.computeIfAbsent(
                        name, any -> Draft.root("CN=" + any).without(Extension.subjectAlternativeName));
            }
        }
        List<byte[]> others = new ArrayList<>();
        byte[] leaf = {};
        for (Edge edge : graph) {
            Draft issuer = entity(entities, edge.issuer);
            boolean last = edge.subject.equals("EE");
            Draft made = last ? Draft.leaf(issuer) : authority(issuer, entity(entities, edge.subject));
            if (bad.contains(edge)) {
                spoil(made, flaw);
            }
            if (last) {
                leaf = made.der();
            } else {
                others.add(made.der());
            }
        }
        return new SuiteCase(
                "bettertls",
                VerificationPolicy.RFC_5280,
                TlsRole.SERVER,
                List.of(entity(entities, "TA").der()),
                others,
                leaf,
                "example.com",
                Draft.NOW,
                isReachable(graph, bad, "TA", new HashSet<>()));
    }

    private static Draft entity(Map<String, Draft> entities, String name) {
        return Objects.requireNonNull(entities.get(name));
    }

    private static Draft authority(Draft issuer, Draft entity) {
        return Draft.intermediate(issuer)
                .without(Extension.subjectAlternativeName)
                .subject(entity.subjectName())
                .keysOf(entity);
    }

    private static void spoil(Draft made, Flaw flaw) {
        switch (flaw) {
            case EXPIRED -> made.valid("2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z");
            case NAME_CONSTRAINTS -> made.permitting(new GeneralName(GeneralName.dNSName, "bad.example.com"));
            case BAD_EKU -> made.purposes("1.3.6.1.5.5.7.3.4");
            case MISSING_BASIC_CONSTRAINTS -> made.without(Extension.basicConstraints);
            case NOT_A_CA -> made.with(Extension.basicConstraints, Criticality.CRITICAL, new BasicConstraints(false));
            case DEPRECATED_CRYPTO -> made.signature("SHA1withECDSA");
        }
    }

    private static boolean isReachable(List<Edge> graph, Set<Edge> bad, String from, Set<String> seen) {
        if (from.equals("EE")) {
            return true;
        }
        return seen.add(from)
                && graph.stream()
                        .anyMatch(edge -> edge.issuer.equals(from)
                                && !bad.contains(edge)
                                && isReachable(graph, bad, edge.subject, seen));
    }

    /** Present and as the client or the authority wants it, present and not, or absent. */
    private enum Value {
        NONE,
        VALID,
        INVALID
    }

    private static final Value[] VALUES = Value.values();
    private static final GeneralName VALID_DNS = new GeneralName(GeneralName.dNSName, "test.localhost");
    private static final GeneralName INVALID_DNS = new GeneralName(GeneralName.dNSName, "bad.example.com");
    private static final GeneralName VALID_IP = new GeneralName(GeneralName.iPAddress, "127.0.0.1");
    private static final GeneralName INVALID_IP = new GeneralName(GeneralName.iPAddress, "1.1.1.1");

    @Test
    void namesAndConstraints_areJudgedAsTheGridSays() {
        Draft root = Draft.root("CN=root").without(Extension.subjectAlternativeName);
        Map<List<Value>, Draft> authorities = new HashMap<>();
        int total = 2 * 2 * 729 * 3;
        for (int number = 0; number < total; number += STEP) {
            boolean byAddress = number % 2 == 1;
            boolean commonAddress = number / 2 % 2 == 1;
            List<Value> value = new ArrayList<>();
            int rest = number / 4;
            for (int i = 0; i < 7; i++) {
                value.add(VALUES[rest % 3]);
                rest /= 3;
            }
            Grid grid = new Grid(byAddress, commonAddress, value);
            Draft authority = authorities.computeIfAbsent(grid.constraints(), key -> grid.authority(root));
            grid.check(root, authority);
        }
    }

    /** One combination: common name, DNS and IP names, and the four constraints. */
    private record Grid(boolean byAddress, boolean commonAddress, List<Value> value) {

        List<Value> constraints() {
            return value.subList(3, 7);
        }

        Draft authority(Draft root) {
            Draft authority = Draft.intermediate(root).without(Extension.subjectAlternativeName);
            List<GeneralName> permitted = new ArrayList<>();
            List<GeneralName> excluded = new ArrayList<>();
            addRange(permitted, value.get(3), GeneralName.iPAddress, "127.0.0.0/24", "1.1.1.0/24");
            addRange(permitted, value.get(4), GeneralName.dNSName, "localhost", "example.com");
            addRange(excluded, value.get(5), GeneralName.iPAddress, "127.0.0.0/24", "1.1.1.0/24");
            addRange(excluded, value.get(6), GeneralName.dNSName, "localhost", "bad.example.com");
            return permitted.isEmpty() && excluded.isEmpty()
                    ? authority
                    : authority.constraints(
                            permitted.toArray(GeneralName[]::new), excluded.toArray(GeneralName[]::new));
        }

        private static void addRange(List<GeneralName> names, Value value, int tag, String valid, String invalid) {
            if (value != Value.NONE) {
                names.add(new GeneralName(tag, value == Value.VALID ? valid : invalid));
            }
        }

        void check(Draft root, Draft authority) {
            Optional<Boolean> expected = expected();
            if (expected.isEmpty()) {
                return;
            }
            SuiteCase question = new SuiteCase(
                    "grid",
                    VerificationPolicy.RFC_5280,
                    TlsRole.SERVER,
                    List.of(root.der()),
                    List.of(authority.der()),
                    leaf(authority).der(),
                    byAddress ? "127.0.0.1" : "test.localhost",
                    Draft.NOW,
                    expected.get());
            assertThat(Verifiers.ours(question))
                    .as("%s: %s", this, Verifiers.ourProblems(question).orElse("accepted"))
                    .isEqualTo(expected.get());
        }

        private Draft leaf(Draft authority) {
            String common = commonAddress
                    ? (value.get(0) == Value.VALID ? "127.0.0.1" : "1.1.1.1")
                    : (value.get(0) == Value.VALID ? "test.localhost" : "bad.example.com");
            Draft leaf = Draft.leaf(authority)
                    .usage(KeyUsage.digitalSignature)
                    .subject(value.get(0) == Value.NONE ? "O=test" : "O=test,CN=" + common)
                    .without(Extension.subjectAlternativeName);
            List<GeneralName> names = new ArrayList<>();
            if (value.get(1) != Value.NONE) {
                names.add(value.get(1) == Value.VALID ? VALID_DNS : INVALID_DNS);
            }
            if (value.get(2) != Value.NONE) {
                names.add(value.get(2) == Value.VALID ? VALID_IP : INVALID_IP);
            }
            return names.isEmpty() ? leaf : leaf.names(Criticality.NOT_CRITICAL, names.toArray(GeneralName[]::new));
        }

        /** {@return what the suite expects; empty where it leaves the answer open} */
        private Optional<Boolean> expected() {
            Value wanted = byAddress ? value.get(2) : value.get(1);
            boolean viaCommonName = commonAddress == byAddress && value.get(0) == Value.VALID;
            if (wanted != Value.VALID && !viaCommonName) {
                return Optional.of(false);
            }
            if (byAddress ? isForbidden(3, 5, Value.VALID) : isForbidden(4, 6, Value.VALID)) {
                return Optional.of(false);
            }
            boolean open = wanted != Value.VALID
                    || isForbidden(4, 6, value.get(1))
                    || isForbidden(3, 5, value.get(2))
                    || (commonAddress ? isForbidden(3, 5, value.get(0)) : isForbidden(4, 6, value.get(0)));
            return open ? Optional.empty() : Optional.of(true);
        }

        private boolean isForbidden(int permitted, int excluded, Value name) {
            return switch (name) {
                case NONE -> false;
                case VALID -> value.get(permitted) == Value.INVALID || value.get(excluded) == Value.VALID;
                case INVALID -> value.get(permitted) == Value.VALID || value.get(excluded) == Value.INVALID;
            };
        }
    }
}
