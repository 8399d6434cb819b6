package dev.qssl;

/**
 * Where the secrets of connections are written, so that a network analyser can decrypt them.
 *
 * <p><b>Whoever reads them can read all that the connection carries and, until it ends, change it.</b> For finding faults
 * only. Nothing is ever written unless the application gives one to {@link QSslConfiguration#setKeyLog}; the environment
 * variable {@code SSLKEYLOGFILE} has no effect by itself. {@link KeyLogFile} writes to a file.
 */
@FunctionalInterface
public interface KeyLog {

    /** Writes nothing: what every configuration begins with. */
    KeyLog NONE = line -> {};

    /**
     * Takes one secret.
     *
     * <p>Called in the midst of the handshake, and again when keys are renewed, on the thread that drives the connection; on
     * several threads at once where several connections share a log. It should be quick, and must not use the socket. What it
     * throws goes to the thread's handler of uncaught exceptions; the connection goes on.
     *
     * @param line a line of the NSS key log format (RFC 9850), without its end: a label, the client's random value and the
     *     secret, the last two in hexadecimal
     */
    void append(String line);
}
