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
    record Fault(AlteredBackend backend, Class<? extends TckSuite> suite, String rule) {

        @Override
        public String toString() {
            return backend.name() + " is caught by " + rule;
        }
    }

    // Whether a test fails quickly or slowly, the fault is caught.
    private static final int HASTE = 3;

    @Certifies(value = "sound", drivers = Driving.LOOP, exclusions = "")
    static class Sound extends TckSuite {}

    @Certifies(value = "accepts-everybody", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class AcceptsEverybody extends TckSuite {}

    @Certifies(value = "ignores-refusals", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class IgnoresRefusals extends TckSuite {}

    @Certifies(value = "ignores-alpn", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class IgnoresProtocolNegotiation extends TckSuite {}

    @Certifies(value = "never-asks-clients", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class NeverAsksClients extends TckSuite {}

    @Certifies(value = "ignores-its-options", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class IgnoresItsOptions extends TckSuite {}

    @Certifies(value = "never-resumes", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class NeverResumes extends TckSuite {}

    @Certifies(value = "swallows-alerts", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class SwallowsAlerts extends TckSuite {}

    @Certifies(value = "hides-the-servers-name", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class HidesTheServersName extends TckSuite {}

    @Certifies(value = "claims-a-version-it-lacks", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class ClaimsAVersionItLacks extends TckSuite {}

    @Certifies(value = "hides-resumption", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class HidesResumption extends TckSuite {}

    @Certifies(value = "names-another-cipher", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class NamesAnotherCipher extends TckSuite {}

    @Certifies(value = "names-another-version", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class NamesAnotherVersion extends TckSuite {}

    @Certifies(value = "always-says-resumed", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class AlwaysSaysResumed extends TckSuite {}

    @Certifies(value = "overlooks-truncation", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class OverlooksTruncation extends TckSuite {}

    @Certifies(value = "never-says-goodbye", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class NeverSaysGoodbye extends TckSuite {}

    @Certifies(value = "changes-data", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class ChangesData extends TckSuite {}

    @Certifies(value = "ignores-the-suites", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class IgnoresTheSuites extends TckSuite {}

    @Certifies(value = "speaks-any-version", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class SpeaksAnyVersion extends TckSuite {}

    @Certifies(
            value = "tolerates-missing-certificates",
            drivers = Driving.LOOP,
            exclusions = "",
            patienceSeconds = HASTE)
    static class ToleratesMissingCertificates extends TckSuite {}

    @Certifies(value = "loses-the-staple", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class LosesTheStaple extends TckSuite {}

    @Certifies(value = "trusts-resumed-sessions", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class TrustsResumedSessions extends TckSuite {}

    @Certifies(value = "keeps-refused-sessions", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class KeepsRefusedSessions extends TckSuite {}

    @Certifies(value = "never-waits", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class NeverWaits extends TckSuite {}

    @Certifies(value = "refuses-what-was-accepted", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class RefusesWhatWasAccepted extends TckSuite {}

    @Certifies(value = "misnames-alerts", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class MisnamesAlerts extends TckSuite {}

    @Certifies(value = "fails-silently", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class FailsSilently extends TckSuite {}

    @Certifies(
            value = "throws-what-the-library-throws",
            drivers = Driving.LOOP,
            exclusions = "",
            patienceSeconds = HASTE)
    static class ThrowsWhatTheLibraryThrows extends TckSuite {}

    @Certifies(value = "overlooks-goodbyes", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class OverlooksGoodbyes extends TckSuite {}

    @Certifies(value = "loses-short-writes", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class LosesShortWrites extends TckSuite {}

    @Certifies(value = "forgets-its-version", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class ForgetsItsVersion extends TckSuite {}

    @Certifies(value = "leaks", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class Leaks extends TckSuite {}

    @Certifies(value = "exports-something-else", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class ExportsSomethingElse extends TckSuite {}

    @Certifies(value = "exports-the-same-for-all", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class ExportsTheSameForAll extends TckSuite {}

    @Certifies(value = "hides-its-exporter", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class HidesItsExporter extends TckSuite {}

    @Certifies(value = "ignores-the-key-log", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class IgnoresTheKeyLog extends TckSuite {}

    @Certifies(value = "makes-up-its-secrets", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class MakesUpItsSecrets extends TckSuite {}

    @Certifies(value = "ignores-the-ticket-keys", drivers = Driving.LOOP, exclusions = "", patienceSeconds = HASTE)
    static class IgnoresTheTicketKeys extends TckSuite {}

    static List<Fault> faults() {
        return List.of(
                new Fault(SeededFaults.acceptsEverybody(), AcceptsEverybody.class, "VERIFY-002"),
                new Fault(SeededFaults.ignoresRefusals(), IgnoresRefusals.class, "PAUSE-020"),
                new Fault(SeededFaults.ignoresProtocolNegotiation(), IgnoresProtocolNegotiation.class, "ALPN-002"),
                new Fault(SeededFaults.neverAsksClients(), NeverAsksClients.class, "CLIENT-001"),
                new Fault(SeededFaults.ignoresItsOptions(), IgnoresItsOptions.class, "REFUSE-010"),
                new Fault(SeededFaults.neverResumes(), NeverResumes.class, "RESUME-001"),
                new Fault(SeededFaults.swallowsAlerts(), SwallowsAlerts.class, "ALERT-002"),
                new Fault(SeededFaults.hidesTheServersName(), HidesTheServersName.class, "CONFIG-031"),
                new Fault(SeededFaults.claimsAVersionItLacks(), ClaimsAVersionItLacks.class, "CONFIG-001"),
                new Fault(SeededFaults.hidesResumption(), HidesResumption.class, "CLAIM-024"),
                new Fault(SeededFaults.namesAnotherCipher(), NamesAnotherCipher.class, "CLAIM-001"),
                new Fault(SeededFaults.namesAnotherVersion(), NamesAnotherVersion.class, "CONFIG-001"),
                new Fault(SeededFaults.alwaysSaysResumed(), AlwaysSaysResumed.class, "RESUME-001"),
                new Fault(SeededFaults.overlooksTruncation(), OverlooksTruncation.class, "BAD-014"),
                new Fault(SeededFaults.neverSaysGoodbye(), NeverSaysGoodbye.class, "CLOSE-010"),
                new Fault(SeededFaults.changesData(), ChangesData.class, "DATA-010"),
                new Fault(SeededFaults.ignoresTheSuites(), IgnoresTheSuites.class, "CONFIG-012"),
                new Fault(SeededFaults.speaksAnyVersion(), SpeaksAnyVersion.class, "CONFIG-003"),
                new Fault(
                        SeededFaults.toleratesMissingCertificates(), ToleratesMissingCertificates.class, "CLIENT-010"),
                new Fault(SeededFaults.losesTheStaple(), LosesTheStaple.class, "OCSP-001"),
                new Fault(SeededFaults.trustsResumedSessions(), TrustsResumedSessions.class, "RESUME-004"),
                new Fault(SeededFaults.keepsRefusedSessions(), KeepsRefusedSessions.class, "RESUME-009"),
                new Fault(SeededFaults.neverWaits(), NeverWaits.class, "PAUSE-001"),
                new Fault(SeededFaults.refusesWhatWasAccepted(), RefusesWhatWasAccepted.class, "IGNORE-001"),
                new Fault(SeededFaults.misnamesAlerts(), MisnamesAlerts.class, "ALERT-005"),
                new Fault(SeededFaults.failsSilently(), FailsSilently.class, "ALERT-006"),
                new Fault(SeededFaults.throwsWhatTheLibraryThrows(), ThrowsWhatTheLibraryThrows.class, "BAD-003"),
                new Fault(SeededFaults.overlooksGoodbyes(), OverlooksGoodbyes.class, "CLOSE-010"),
                new Fault(SeededFaults.losesShortWrites(), LosesShortWrites.class, "DATA-001"),
                new Fault(SeededFaults.forgetsItsVersion(), ForgetsItsVersion.class, "SELECT-002"),
                new Fault(SeededFaults.exportsSomethingElse(), ExportsSomethingElse.class, "EXPORT-001"),
                new Fault(SeededFaults.exportsTheSameForAll(), ExportsTheSameForAll.class, "EXPORT-002"),
                new Fault(SeededFaults.hidesItsExporter(), HidesItsExporter.class, "REFUSE-012"),
                new Fault(SeededFaults.ignoresTheKeyLog(), IgnoresTheKeyLog.class, "REFUSE-011"),
                new Fault(SeededFaults.makesUpItsSecrets(), MakesUpItsSecrets.class, "KEYLOG-001"),
                new Fault(SeededFaults.ignoresTheTicketKeys(), IgnoresTheTicketKeys.class, "FLEET-001"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void seededFault_isCaughtByItsRule(Fault fault) {
        assertThat(broken(fault.backend(), fault.suite(), Set.of(fault.rule()))).containsKey(fault.rule());
    }

    @Test
    void backendThatLeaks_isCaughtByItsRule() throws IOException {
        try (SeededFaults.Leaking leaking = new SeededFaults.Leaking()) {
            assertThat(broken(leaking, Leaks.class, Set.of("LEAK-002"))).containsKey("LEAK-002");
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
