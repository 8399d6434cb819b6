import org.jspecify.annotations.NullMarked;

/** The JDK's own TLS (SunJSSE). Exports nothing: it is reached through {@link dev.qssl.spi.TlsBackend}. */
@NullMarked
module dev.qssl.backend.jdk {
    requires dev.qssl;
    requires static org.jspecify;

    provides dev.qssl.spi.TlsBackend with
            dev.qssl.backend.jdk.JdkBackend;
}
