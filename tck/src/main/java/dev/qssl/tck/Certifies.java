package dev.qssl.tck;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the backend that a {@link TckSuite} certifies. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Certifies {

    /** {@return the name of the backend, which must be found or registered} */
    String value();

    /** {@return the resource that lists the rules it is known to break; empty for none} */
    String exclusions() default "/tck-exclusions.txt";

    /** {@return for how many seconds a test waits for what must come; much more than it takes on a busy machine} */
    int patienceSeconds() default 40;

    /** {@return who drives the sockets; each runs every rule} */
    Driving[] drivers() default {Driving.CALLER, Driving.LOOP};
}
