package dev.qssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cipher suite, or none (a <em>null cipher</em>). Immutable; equal by name and protocol.
 *
 * <p>Suites go by OpenSSL's names, such as {@code ECDHE-RSA-AES128-GCM-SHA256}; IANA's are understood too. Which of them a
 * backend can negotiate is said by {@code QSslConfiguration.supportedCiphers()}.
 */
public final class QSslCipher {

    private final @Nullable CipherSuite suite;

    /** Creates a null cipher. */
    public QSslCipher() {
        this((CipherSuite) null);
    }

    /**
     * Looks a suite up; a null cipher results if there is none.
     *
     * @param name OpenSSL's or IANA's, in their upper and lower case
     */
    public QSslCipher(String name) {
        this(CipherSuite.ofName(name).orElse(null));
    }

    /**
     * Looks a suite up; a null cipher results if there is none.
     *
     * @param name OpenSSL's or IANA's, in their upper and lower case
     * @param protocol the oldest version that the suite can be used in, as {@link #protocol} tells it
     */
    public QSslCipher(String name, SslProtocol protocol) {
        this(CipherSuite.ofName(name)
                .filter(suite -> suite.protocol() == protocol)
                .orElse(null));
    }

    private QSslCipher(@Nullable CipherSuite suite) {
        this.suite = suite;
    }

    /**
     * {@return the cipher of a suite}
     *
     * @param suite the suite
     */
    public static QSslCipher of(CipherSuite suite) {
        return new QSslCipher(suite);
    }

    /** {@return the suite that backends know; empty if null} */
    public Optional<CipherSuite> suite() {
        return Optional.ofNullable(suite);
    }

    /** {@return whether this is no cipher} */
    public boolean isNull() {
        return suite == null;
    }

    /** {@return OpenSSL's name; empty if null} */
    public String name() {
        return suite == null ? "" : suite.openSslName();
    }

    /** {@return IANA's name, such as {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}; empty if null} */
    public String ianaName() {
        return suite == null ? "" : suite.ianaName();
    }

    /** {@return the key length of the encryption in bits; 0 if null} */
    public int supportedBits() {
        return suite == null ? 0 : suite.bits();
    }

    /** {@return how many of these bits are used; 0 if null} No suite known here uses fewer than it has. */
    public int usedBits() {
        return supportedBits();
    }

    /** {@return such as {@code ECDH}; {@code any} in TLS 1.3, where the suite does not say; empty if null} */
    public String keyExchangeMethod() {
        return suite == null ? "" : suite.keyExchange();
    }

    /** {@return such as {@code RSA}; {@code any} in TLS 1.3, where the suite does not say; empty if null} */
    public String authenticationMethod() {
        return suite == null ? "" : suite.authentication();
    }

    /** {@return such as {@code AESGCM(128)}; empty if null} */
    public String encryptionMethod() {
        return suite == null ? "" : suite.encryption();
    }

    /** {@return the spelling of {@link #protocol}, such as {@code TLSv1.2}; empty if null} */
    public String protocolString() {
        return suite == null ? "" : suite.protocol().displayName();
    }

    /** {@return the oldest version that it can be used in; {@code UNKNOWN_PROTOCOL} if null} */
    public SslProtocol protocol() {
        return suite == null ? SslProtocol.UNKNOWN_PROTOCOL : suite.protocol();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QSslCipher that && name().equals(that.name()) && protocol() == that.protocol();
    }

    @Override
    public int hashCode() {
        return name().hashCode();
    }

    /** {@return name, protocol and bits} */
    @Override
    public String toString() {
        return suite == null
                ? "QSslCipher[null]"
                : "QSslCipher[" + name() + ", " + protocolString() + ", " + usedBits() + " bits]";
    }
}
