package dev.qssl.tck;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a backend must claim for a rule, or for all rules of a contract, to apply to it. Where it does not, the rule is
 * skipped by name ("not claimed: ALPN (SERVER)"), and {@code ClaimsContract} proves instead that using it is refused.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Requires {

    /** {@return the capabilities, each needed in at least one version} */
    Capability[] value() default {};

    /** {@return the roles that need them} */
    TlsRole[] roles() default {TlsRole.CLIENT, TlsRole.SERVER};

    /** {@return the versions that are needed: each must be negotiable, with the capabilities, in the roles} */
    SslProtocol[] protocols() default {};

    /** {@return Qt's coarse features that are needed} */
    SupportedFeature[] features() default {};
}
