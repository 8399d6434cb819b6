package dev.qssl.tck;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Makes a test method one rule of the contract: data that reports and exclusions refer to. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Rule {

    /** {@return what it is known by in every report, unique in the kit: capitals, a hyphen, three digits} */
    String id();

    /** {@return where it comes from: numbers of behaviour rules, decisions, or a section of an RFC} */
    String source();

    /** {@return how binding it is} */
    Level level() default Level.MUST;

    /** {@return the rule in a sentence; if empty, the name of the method says it} */
    String sentence() default "";

    /** How binding a rule is. */
    enum Level {
        /** A backend that breaks it cannot be certified. */
        MUST,
        /** A backend may break it for a good reason, which belongs into its exclusions. */
        SHOULD
    }
}
