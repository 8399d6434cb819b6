package dev.qssl.tck;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;

/** Runs a contract once per driver. */
public final class DrivingInvocations implements ClassTemplateInvocationContextProvider {

    /** Called by JUnit. */
    public DrivingInvocations() {}

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return Contract.class.isAssignableFrom(context.getRequiredTestClass());
    }

    @Override
    public Stream<? extends ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
            ExtensionContext context) {
        return Subject.of(context).drivers().stream().map(Invocation::new);
    }

    private record Invocation(Driving driving) implements ClassTemplateInvocationContext {

        @Override
        public String getDisplayName(int index) {
            return driving.name();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            TestInstancePostProcessor tell = (instance, context) -> {
                if (instance instanceof Contract contract) {
                    contract.certify(Subject.of(context), driving);
                }
            };
            return List.of(tell);
        }
    }
}
