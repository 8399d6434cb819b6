package dev.qssl.tck;

import dev.qssl.tck.contract.AlertContract;
import dev.qssl.tck.contract.AlpnContract;
import dev.qssl.tck.contract.BadInputContract;
import dev.qssl.tck.contract.BlockingContract;
import dev.qssl.tck.contract.ClaimsContract;
import dev.qssl.tck.contract.ClientAuthenticationContract;
import dev.qssl.tck.contract.ClosingContract;
import dev.qssl.tck.contract.ConfigurationContract;
import dev.qssl.tck.contract.DataContract;
import dev.qssl.tck.contract.DiffieHellmanContract;
import dev.qssl.tck.contract.EllipticCurveContract;
import dev.qssl.tck.contract.ExporterContract;
import dev.qssl.tck.contract.HalfCloseContract;
import dev.qssl.tck.contract.HandshakeOrderContract;
import dev.qssl.tck.contract.IgnoredErrorsContract;
import dev.qssl.tck.contract.KeyLogContract;
import dev.qssl.tck.contract.LeakContract;
import dev.qssl.tck.contract.OcspContract;
import dev.qssl.tck.contract.OcspServerContract;
import dev.qssl.tck.contract.OpaqueKeyContract;
import dev.qssl.tck.contract.PausedHandshakeContract;
import dev.qssl.tck.contract.PskContract;
import dev.qssl.tck.contract.ReadLimitContract;
import dev.qssl.tck.contract.RefusalContract;
import dev.qssl.tck.contract.ResumptionContract;
import dev.qssl.tck.contract.SelectionContract;
import dev.qssl.tck.contract.SessionTicketContract;
import dev.qssl.tck.contract.TicketKeyContract;
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
    class Selection extends SelectionContract {}

    @Nested
    class HandshakeOrder extends HandshakeOrderContract {}

    @Nested
    class Data extends DataContract {}

    @Nested
    class ReadLimit extends ReadLimitContract {}

    @Nested
    class Closing extends ClosingContract {}

    @Nested
    class HalfClose extends HalfCloseContract {}

    @Nested
    class Blocking extends BlockingContract {}

    @Nested
    class Alpn extends AlpnContract {}

    @Nested
    class Verification extends VerificationContract {}

    @Nested
    class IgnoredErrors extends IgnoredErrorsContract {}

    @Nested
    class PausedHandshake extends PausedHandshakeContract {}

    @Nested
    class ClientAuthentication extends ClientAuthenticationContract {}

    @Nested
    class OpaqueKey extends OpaqueKeyContract {}

    @Nested
    class Alert extends AlertContract {}

    @Nested
    class Resumption extends ResumptionContract {}

    @Nested
    class BadInput extends BadInputContract {}

    @Nested
    class Leak extends LeakContract {}

    @Nested
    class Configuration extends ConfigurationContract {}

    @Nested
    class Ocsp extends OcspContract {}

    @Nested
    class OcspServer extends OcspServerContract {}

    @Nested
    class Psk extends PskContract {}

    @Nested
    class SessionTicket extends SessionTicketContract {}

    @Nested
    class EllipticCurve extends EllipticCurveContract {}

    @Nested
    class DiffieHellman extends DiffieHellmanContract {}

    @Nested
    class Exporter extends ExporterContract {}

    @Nested
    class KeyLogs extends KeyLogContract {}

    @Nested
    class TicketKeys extends TicketKeyContract {}
}
