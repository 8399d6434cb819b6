import org.jspecify.annotations.NullMarked;

/**
 * QSSL: one TLS socket API over interchangeable backends.
 *
 * <p>Applications use {@link dev.qssl} and {@link dev.qssl.net}. A backend implements {@link dev.qssl.spi} and may build
 * on {@link dev.qssl.spi.jsse}, {@link dev.qssl.spi.probe} and {@link dev.qssl.spi.x509}. No public method takes or returns
 * {@code null} unless it is marked {@code @Nullable}. Nothing but the JDK is needed, neither to run nor to compile against
 * it: JSpecify's annotations mean something to those who have them.
 */
@NullMarked
module dev.qssl {
    requires static org.jspecify;

    exports dev.qssl;
    exports dev.qssl.net;
    exports dev.qssl.spi;
    exports dev.qssl.spi.jsse;
    exports dev.qssl.spi.probe;
    exports dev.qssl.spi.x509;

    uses dev.qssl.spi.TlsBackend;
}
