package dev.qssl.spi;

/**
 * A TLS library behind QSSL. Found by {@link java.util.ServiceLoader}, or registered at run time.
 *
 * <p>To write one: implement {@link #availability} so that it never throws, {@link #capabilities} by trying things out (a
 * {@link dev.qssl.spi.probe.CapabilityProbe} does), and {@link #newContext} with {@link TlsContext} and {@link TlsEngine};
 * refuse by name whatever you do not claim. A JSSE provider needs only {@link dev.qssl.spi.jsse.JsseBackend}. Then extend the
 * TCK's contract, {@code dev.qssl.tck.TckSuite}, in a test, and run it. {@code docs/architecture.md} walks through a handshake
 * call by call, and says what each {@link Capability} obliges to.
 *
 * <p>Instances are shared by all threads. The constructor must do no work; loading a library belongs into
 * {@link #availability}, which is called before anything else and only once.
 */
public interface TlsBackend {

    /** {@return the name users choose it by: lower-case letters, digits and hyphens} Constant. */
    String name();

    /** {@return whether it can run in this process and, if not, why and what would help} May load native code. */
    Availability availability();

    /**
     * {@return what the library found at run time can do, per role and protocol}
     *
     * <p>Asked once, on demand, and only if available. May take a second: it tries things out in memory.
     */
    Capabilities capabilities();

    /**
     * Builds the shared part of all connections with these settings.
     *
     * @param settings what the application wants
     * @return a new context, owned by the caller
     * @throws TlsException {@link TlsError#UNSUPPORTED_SETTING} naming the setting and this backend for what it cannot
     *     honour; {@link TlsError#INVALID_SETTING} for what nobody could, such as a key that does not fit its certificate
     */
    TlsContext newContext(ContextSettings settings) throws TlsException;

    /**
     * Builds the shared part of all datagram associations with these settings.
     *
     * @param settings what the application wants
     * @return a new context, owned by the caller
     * @throws TlsException as {@link #newContext}; {@link TlsError#UNSUPPORTED_SETTING} if there is no DTLS
     */
    default DtlsContext newDtlsContext(ContextSettings settings) throws TlsException {
        throw new TlsException(
                TlsError.UNSUPPORTED_SETTING,
                "backend " + name() + " has no DTLS; QSslSocket.backends() shows which do");
    }
}
