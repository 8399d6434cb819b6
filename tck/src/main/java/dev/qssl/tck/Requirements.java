package dev.qssl.tck;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips what a backend does not claim, by name. */
public final class Requirements implements ExecutionCondition {

    /** Called by JUnit. */
    public Requirements() {}

    /** {@return what a test and the contract around it need} */
    static List<Requires> of(ExtensionContext context) {
        List<Requires> needs = new ArrayList<>();
        context.getTestClass()
                .flatMap(type -> AnnotationSupport.findAnnotation(type, Requires.class))
                .ifPresent(needs::add);
        context.getTestMethod()
                .flatMap(method -> AnnotationSupport.findAnnotation(method, Requires.class))
                .ifPresent(needs::add);
        return needs;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<AnnotatedElement> element = context.getElement();
        Optional<Requires> need = AnnotationSupport.findAnnotation(element, Requires.class);
        return need.flatMap(wanted -> Subject.of(context).shortfall(wanted))
                .map(lacking -> ConditionEvaluationResult.disabled("not claimed: " + lacking))
                .orElseGet(() -> ConditionEvaluationResult.enabled("claimed"));
    }
}
