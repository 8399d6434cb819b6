package dev.qssl.tck;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs once per case that its parameters name: per version of TLS ({@code SslProtocol}) that the backend
 * claims in both roles together with what the rule {@link Requires}, and per {@code ForeignPeer} that speaks it.
 */
@Documented
@TestTemplate
@ExtendWith(CaseInvocations.class)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface EachCase {}
