package dev.qssl.tck;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs once per version of TLS that the backend claims in both roles, together with what the rule
 * {@link Requires}. Its parameter of type {@code SslProtocol} is that version.
 */
@Documented
@TestTemplate
@ExtendWith(ProtocolInvocations.class)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface EachProtocol {}
