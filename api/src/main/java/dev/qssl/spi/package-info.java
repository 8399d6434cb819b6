/**
 * What a backend implements, and the values it exchanges with the socket.
 *
 * <p>{@link dev.qssl.spi.TlsBackend} (found by {@link java.util.ServiceLoader}) makes a
 * {@link dev.qssl.spi.TlsContext} per distinct {@link dev.qssl.spi.ContextSettings}, which makes a
 * {@link dev.qssl.spi.TlsEngine} per connection: bytes in, bytes out, no I/O and no threads. What the engine has to tell or
 * ask goes through {@link dev.qssl.spi.TlsEvents}. What a backend can do is data: {@link dev.qssl.spi.Capabilities}.
 *
 * <p>This package speaks in JDK types, in its own small values and in the constants of {@link dev.qssl.QSsl} and
 * {@link dev.qssl.SslError}.
 */
package dev.qssl.spi;
