package dev.qssl.tck;

import dev.qssl.tck.contract.ClaimsContract;
import dev.qssl.tck.contract.DataContract;
import dev.qssl.tck.contract.HandshakeOrderContract;
import dev.qssl.tck.contract.IgnoredErrorsContract;
import dev.qssl.tck.contract.ReadLimitContract;
import dev.qssl.tck.contract.RefusalContract;
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
    class Claims extends ClaimsContract {}

    @Nested
    class Refusal extends RefusalContract {}

    @Nested
    class HandshakeOrder extends HandshakeOrderContract {}

    @Nested
    class Data extends DataContract {}

    @Nested
    class ReadLimit extends ReadLimitContract {}

    @Nested
    class Verification extends VerificationContract {}

    @Nested
    class IgnoredErrors extends IgnoredErrorsContract {}
}
