package dev.qssl.tck;

import dev.qssl.tck.contract.HandshakeOrderContract;
import dev.qssl.tck.contract.IgnoredErrorsContract;
import dev.qssl.tck.contract.VerificationContract;
import org.junit.jupiter.api.Nested;

/**
 * The whole contract of a backend. Extend it, and name the backend:
 *
 * <pre>{@code
 * @Certifies("jdk")
 * class JdkTckTest extends TckSuite {}
 * }</pre>
 */
public abstract class TckSuite {

    /** Creates one. */
    protected TckSuite() {}

    @Nested
    class HandshakeOrder extends HandshakeOrderContract {}

    @Nested
    class IgnoredErrors extends IgnoredErrorsContract {}

    @Nested
    class Verification extends VerificationContract {}
}
