package dev.qssl.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.spi.Capability;
import dev.qssl.tck.contract.BackendContract;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class ExclusionsTest {

    @Test
    void lineWithARun_countsForThatRunOnly() {
        Exclusions exclusions = Exclusions.parse("# why\n\nDEMO-001 everywhere\nDEMO-002 [LOOP] on loops\n");

        assertThat(exclusions.reason("DEMO-001", "CALLER test")).contains("everywhere");
        assertThat(exclusions.reason("DEMO-002", "LOOP test")).contains("on loops");
        assertThat(exclusions.reason("DEMO-002", "CALLER test")).isEmpty();
        assertThat(exclusions.reason("DEMO-003", "LOOP test")).isEmpty();
    }

    @Test
    void lineWithoutAReason_isRefused() {
        assertThatThrownBy(() -> Exclusions.parse("DEMO-001")).hasMessageContaining("DEMO-001");
    }

    @Test
    void excludedRule_runsAndItsOutcomeIsTurnedAround() {
        Map<String, String> outcomes = run(Demo.class);

        assertThat(outcomes.get("excludedAndBroken()")).startsWith("ABORTED").contains("excluded: a good reason");
        assertThat(outcomes.get("excludedAndObeyed()")).startsWith("FAILED").contains("take it off");
        assertThat(outcomes.get("obeyed()")).startsWith("SUCCESSFUL");
        assertThat(outcomes.get("broken()")).startsWith("FAILED");
    }

    @Test
    void ruleThatNeedsWhatIsNotClaimed_isSkippedByName() {
        assertThat(run(Demo.class).get("needsAlpn()")).isEqualTo("SKIPPED not claimed: ALPN (CLIENT)");
    }

    /** A suite that JUnit does not find by itself. */
    @Certifies(value = "cert-only", exclusions = "/demo-exclusions.txt", drivers = Driving.CALLER)
    static class Demo extends DemoSuite {}

    abstract static class DemoSuite {
        @Nested
        class Rules extends DemoContract {}
    }

    abstract static class DemoContract extends BackendContract {

        @Test
        @Rule(id = "DEMO-001", source = "none")
        void excludedAndBroken() {
            throw new AssertionError("broken");
        }

        @Test
        @Rule(id = "DEMO-002", source = "none")
        void excludedAndObeyed() {}

        @Test
        @Rule(id = "DEMO-003", source = "none")
        void obeyed() {}

        @Test
        @Rule(id = "DEMO-004", source = "none")
        void broken() {
            throw new AssertionError("broken");
        }

        @Test
        @Rule(id = "DEMO-005", source = "none")
        @Requires(Capability.ALPN)
        void needsAlpn() {}
    }

    private static Map<String, String> run(Class<?> suite) {
        Map<String, String> outcomes = new TreeMap<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(suite))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                String why = result.getThrowable()
                                        .map(Throwable::getMessage)
                                        .orElse("");
                                outcomes.put(test.getDisplayName(), result.getStatus() + " " + why);
                            }

                            @Override
                            public void executionSkipped(TestIdentifier test, String reason) {
                                outcomes.put(test.getDisplayName(), "SKIPPED " + reason);
                            }
                        });
        return outcomes;
    }
}
