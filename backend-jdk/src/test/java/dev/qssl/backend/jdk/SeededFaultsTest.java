package dev.qssl.backend.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSslSocket;
import dev.qssl.tck.Certifies;
import dev.qssl.tck.Driving;
import dev.qssl.tck.Rule;
import dev.qssl.tck.TckSuite;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The kit itself is tested: each seeded fault must be caught by the rule that is about it. */
class SeededFaultsTest {

    /** A backend with a fault, and the rule that has to catch it. */
    record Fault(AlteredBackend backend, String rule) {

        @Override
        public String toString() {
            return backend.fault() + " is caught by " + rule;
        }
    }

    @Certifies(value = AlteredBackend.NAME, drivers = Driving.LOOP, exclusions = "")
    static class Sound extends TckSuite {}

    // Whether a test fails quickly or slowly, the fault is caught.
    @Certifies(value = AlteredBackend.NAME, drivers = Driving.LOOP, exclusions = "", patienceSeconds = 3)
    static class Faulty extends TckSuite {}

    static List<Fault> faults() {
        return List.of(
                new Fault(SeededFaults.acceptsEverybody(), "VERIFY-002"),
                new Fault(SeededFaults.ignoresRefusals(), "PAUSE-020"),
                new Fault(SeededFaults.ignoresProtocolNegotiation(), "ALPN-002"),
                new Fault(SeededFaults.neverAsksClients(), "CLIENT-001"),
                new Fault(SeededFaults.ignoresKeptKeys(), "OPAQUE-002"),
                new Fault(SeededFaults.ignoresItsOptions(), "REFUSE-010"),
                new Fault(SeededFaults.neverResumes(), "RESUME-001"),
                new Fault(SeededFaults.swallowsAlerts(), "ALERT-002"),
                new Fault(SeededFaults.hidesTheServersName(), "CONFIG-031"),
                new Fault(SeededFaults.claimsAVersionItLacks(), "CONFIG-001"),
                new Fault(SeededFaults.hidesResumption(), "CLAIM-024"),
                new Fault(SeededFaults.namesAnotherCipher(), "CLAIM-001"),
                new Fault(SeededFaults.namesAnotherVersion(), "CONFIG-001"),
                new Fault(SeededFaults.alwaysSaysResumed(), "RESUME-001"),
                new Fault(SeededFaults.overlooksTruncation(), "BAD-014"),
                new Fault(SeededFaults.neverSaysGoodbye(), "CLOSE-010"),
                new Fault(SeededFaults.changesData(), "DATA-010"),
                new Fault(SeededFaults.ignoresTheSuites(), "CONFIG-012"),
                new Fault(SeededFaults.speaksAnyVersion(), "CONFIG-003"),
                new Fault(SeededFaults.toleratesMissingCertificates(), "CLIENT-010"),
                new Fault(SeededFaults.losesTheStaple(), "OCSP-001"),
                new Fault(SeededFaults.trustsResumedSessions(), "RESUME-004"),
                new Fault(SeededFaults.keepsRefusedSessions(), "RESUME-009"),
                new Fault(SeededFaults.neverWaits(), "PAUSE-001"),
                new Fault(SeededFaults.refusesWhatWasAccepted(), "IGNORE-001"),
                new Fault(SeededFaults.misnamesAlerts(), "ALERT-005"),
                new Fault(SeededFaults.failsSilently(), "ALERT-006"),
                new Fault(SeededFaults.throwsWhatTheLibraryThrows(), "BAD-003"),
                new Fault(SeededFaults.overlooksGoodbyes(), "CLOSE-010"),
                new Fault(SeededFaults.losesShortWrites(), "DATA-001"),
                new Fault(SeededFaults.forgetsItsVersion(), "SELECT-002"),
                new Fault(SeededFaults.exportsSomethingElse(), "EXPORT-001"),
                new Fault(SeededFaults.exportsTheSameForAll(), "EXPORT-002"),
                new Fault(SeededFaults.hidesItsExporter(), "REFUSE-012"),
                new Fault(SeededFaults.ignoresTheKeyLog(), "REFUSE-011"),
                new Fault(SeededFaults.makesUpItsSecrets(), "KEYLOG-001"),
                new Fault(SeededFaults.ignoresTheTicketKeys(), "FLEET-001"),
                new Fault(SeededFaults.ignoresTheTicketKeys(), "FLEET-020"),
                new Fault(SeededFaults.ignoresTheSuites(), "CONFIG-016"),
                new Fault(SeededFaults.ignoresTheSuites(), "CONFIG-017"),
                new Fault(SeededFaults.neverLearnsItsName(), "CONFIG-033"),
                new Fault(SeededFaults.neverResumes(), "RESUME-021"),
                new Fault(SeededFaults.ignoresItsDiffieHellmanParameters(), "DH-020"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void seededFault_isCaughtByItsRule(Fault fault) {
        assertThat(broken(fault.backend(), Faulty.class, Set.of(fault.rule()))).containsKey(fault.rule());
    }

    @Test
    void backendThatLeaks_isCaughtByItsRule() throws IOException {
        try (SeededFaults.Leaking leaking = new SeededFaults.Leaking()) {
            assertThat(broken(leaking, Faulty.class, Set.of("LEAK-002"))).containsKey("LEAK-002");
        }
    }

    @Test
    void backendWithoutFault_breaksNoneOfTheseRules() {
        Set<String> rules = new TreeSet<>();
        rules.add("LEAK-002");
        faults().forEach(fault -> rules.add(fault.rule()));

        assertThat(broken(SeededFaults.sound(), Sound.class, rules)).isEmpty();
    }

    // The rules that were broken, and how.
    private static Map<String, String> broken(
            AlteredBackend backend, Class<? extends TckSuite> suite, Set<String> rules) {
        QSslSocket.registerBackend(backend);
        try {
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(DiscoverySelectors.selectClass(suite))
                    .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(isAsked(test, rules)))
                    .build();
            Verdicts verdicts = new Verdicts();
            LauncherFactory.create().execute(request, verdicts);
            assertThat(verdicts.run).as("tests that ran").isPositive();
            return verdicts.broken;
        } finally {
            QSslSocket.removeBackend(backend);
        }
    }

    private static boolean isAsked(TestDescriptor test, Set<String> rules) {
        return test.getSource()
                .flatMap(SeededFaultsTest::rule)
                .map(rules::contains)
                .orElse(true);
    }

    private static Optional<String> rule(TestSource source) {
        return source instanceof org.junit.platform.engine.support.descriptor.MethodSource method
                ? AnnotationSupport.findAnnotation(method.getJavaMethod(), Rule.class)
                        .map(Rule::id)
                : Optional.empty();
    }

    private static final class Verdicts implements TestExecutionListener {

        private final Map<String, String> broken = new TreeMap<>();
        private int run;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
                run++;
            }
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                String what = test.getSource().flatMap(SeededFaultsTest::rule).orElse(test.getDisplayName());
                broken.put(what, String.valueOf(result.getThrowable().orElse(null)));
            }
        }
    }
}
