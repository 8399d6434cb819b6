package dev.qssl.tck;

import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** Runs excluded rules too, and turns their outcomes around. */
public final class ExclusionCheck implements InvocationInterceptor {

    /** Called by JUnit. */
    public ExclusionCheck() {}

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        check(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        check(invocation, context);
    }

    private static void check(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
        Optional<String> id = context.getTestMethod()
                .flatMap(method -> AnnotationSupport.findAnnotation(method, Rule.class))
                .map(Rule::id);
        Optional<String> reason = id.flatMap(rule -> Exclusions.of(context).reason(rule, run(context)));
        if (reason.isEmpty()) {
            invocation.proceed();
            return;
        }
        try {
            invocation.proceed();
        } catch (TestAbortedException e) {
            throw e;
        } catch (Exception | AssertionError e) {
            throw new TestAbortedException("excluded: " + reason.get(), e);
        }
        throw new AssertionFailedError(
                id.get() + " is excluded (" + reason.get() + "), and passes: take it off the list");
    }

    private static String run(ExtensionContext context) {
        String above = context.getParent().map(ExclusionCheck::run).orElse("");
        return above + " " + context.getDisplayName();
    }
}
