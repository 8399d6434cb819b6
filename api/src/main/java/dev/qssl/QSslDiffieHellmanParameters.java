package dev.qssl;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.spi.x509.Der;
import dev.qssl.spi.x509.DerReader;
import dev.qssl.spi.x509.EncodingException;
import dev.qssl.spi.x509.Pem;
import java.math.BigInteger;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.spec.DHParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * A prime and a generator for a server's finite-field Diffie-Hellman key exchange in TLS 1.2. Immutable.
 *
 * <p>Empty parameters are valid and, in a server's configuration, switch these cipher suites off. Parameters that cannot be
 * read or are not safe are not valid; {@link #error} tells why, and a handshake with them fails.
 */
public final class QSslDiffieHellmanParameters {

    /** What is wrong with parameters. */
    @SuppressWarnings("JavaLangClash") // Qt's name; never meant where java.lang.Error could be
    public enum Error {
        /** Nothing. */
        NO_ERROR(0),
        /** The input is no encoding of parameters. */
        INVALID_INPUT_DATA_ERROR(1),
        /** The group is too small, too large, or its order has small factors. */
        UNSAFE_PARAMETERS_ERROR(2);

        private final int value;

        Error(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }

    /** RFC 9325, section 4.5: smaller groups are within reach of an attacker. */
    private static final int MINIMUM_BITS = 2048;

    /** Enough for every standard group. */
    private static final int MAXIMUM_BITS = 8192;

    /** RFC 7919, appendix A.1. */
    private static final BigInteger FFDHE2048 = new BigInteger(
            "FFFFFFFFFFFFFFFFADF85458A2BB4A9AAFDC5620273D3CF1D8B9C583CE2D3695"
                    + "A9E13641146433FBCC939DCE249B3EF97D2FE363630C75D8F681B202AEC4617A"
                    + "D3DF1ED5D5FD65612433F51F5F066ED0856365553DED1AF3B557135E7F57C935"
                    + "984F0C70E0E68B77E2A689DAF3EFE8721DF158A136ADE73530ACCA4F483A797A"
                    + "BC0AB182B324FB61D108A94BB2C8E3FBB96ADAB760D7F4681D4F42A3DE394DF4"
                    + "AE56EDE76372BB190B07A7C8EE0A6D709E02FCE1CDF7E2ECC03404CD28342F61"
                    + "9172FE9CE98583FF8E4F1232EEF28183C3FE3B1B4C6FAD733BB5FCBC2EC22005"
                    + "C58EF1837D1683B2C6F34A26C1B2EFFA886B423861285C97FFFFFFFFFFFFFFFF",
            16);

    private static final QSslDiffieHellmanParameters DEFAULT =
            new QSslDiffieHellmanParameters(new DHParameterSpec(FFDHE2048, BigInteger.TWO), Error.NO_ERROR, "");

    private final @Nullable DHParameterSpec parameters;
    private final Error error;
    private final String errorString;

    /** Creates empty parameters. */
    public QSslDiffieHellmanParameters() {
        this(null, Error.NO_ERROR, "");
    }

    private QSslDiffieHellmanParameters(@Nullable DHParameterSpec parameters, Error error, String errorString) {
        this.parameters = parameters;
        this.error = error;
        this.errorString = errorString;
    }

    /** {@return the group ffdhe2048 of RFC 7919} */
    public static QSslDiffieHellmanParameters defaultParameters() {
        return DEFAULT;
    }

    /**
     * {@return the parameters in a PEM text} Like {@link #fromEncoded(byte[], EncodingFormat)}.
     *
     * @param encoded the text
     */
    public static QSslDiffieHellmanParameters fromEncoded(byte[] encoded) {
        return fromEncoded(encoded, EncodingFormat.PEM);
    }

    /**
     * {@return the parameters in these bytes; never fails, see {@link #error}}
     *
     * <p>The groups of RFC 7919 and RFC 3526 from 2048 to 8192 bits are known; of others, up to 4096 bits, the prime p and
     * (p-1)/2 are tested, which takes some tenths of a second for 2048 bits and about one for 4096.
     *
     * @param encoded a DHParameter of PKCS#3, or DomainParameters of RFC 3279, as {@code openssl dhparam} writes them
     * @param format how it is written
     */
    public static QSslDiffieHellmanParameters fromEncoded(byte[] encoded, EncodingFormat format) {
        try {
            return checked(parse(format == EncodingFormat.PEM ? pem(encoded) : encoded));
        } catch (EncodingException malformed) {
            return new QSslDiffieHellmanParameters(
                    null,
                    Error.INVALID_INPUT_DATA_ERROR,
                    "expected Diffie-Hellman parameters: " + malformed.getMessage());
        }
    }

    /** {@return whether there is neither a group nor an error} */
    public boolean isEmpty() {
        return parameters == null && error == Error.NO_ERROR;
    }

    /** {@return whether there is no error} */
    public boolean isValid() {
        return error == Error.NO_ERROR;
    }

    /** {@return what is wrong} */
    public Error error() {
        return error;
    }

    /** {@return what is wrong, for people: what was expected and what came; empty if nothing is} */
    public String errorString() {
        return errorString;
    }

    /** {@return prime and generator for the JDK; empty if these are empty or not valid} */
    public Optional<DHParameterSpec> toParameterSpec() {
        return Optional.ofNullable(parameters);
    }

    /** {@return whether the groups, or the errors, are equal} */
    @Override
    public boolean equals(Object other) {
        return other instanceof QSslDiffieHellmanParameters that
                && error == that.error
                && Objects.equals(prime(), that.prime())
                && Objects.equals(generator(), that.generator());
    }

    @Override
    public int hashCode() {
        return Objects.hash(error, prime(), generator());
    }

    /** {@return the size of the group, or the error} */
    @Override
    public String toString() {
        BigInteger prime = prime();
        String what = prime == null ? isEmpty() ? "empty" : errorString : prime.bitLength() + " bits";
        return "QSslDiffieHellmanParameters[" + what + "]";
    }

    private @Nullable BigInteger prime() {
        return parameters == null ? null : parameters.getP();
    }

    private @Nullable BigInteger generator() {
        return parameters == null ? null : parameters.getG();
    }

    private static byte[] pem(byte[] text) throws EncodingException {
        for (Pem.Block block : Pem.requireBlocks(text)) {
            if (block.label().equals("DH PARAMETERS") || block.label().equals("X9.42 DH PARAMETERS")) {
                return block.content();
            }
        }
        throw new EncodingException("found no PEM block \"DH PARAMETERS\"");
    }

    private static DHParameterSpec parse(byte[] der) throws EncodingException {
        Der.requireWellFormed(der);
        DerReader fields = new DerReader(der).sequence();
        BigInteger p = fields.integer();
        return new DHParameterSpec(p, fields.integer());
    }

    private static QSslDiffieHellmanParameters checked(DHParameterSpec parameters) {
        BigInteger p = parameters.getP();
        BigInteger g = parameters.getG();
        int bits = p.bitLength();
        if (p.signum() <= 0 || bits < MINIMUM_BITS || bits > MAXIMUM_BITS) {
            return unsafe(
                    "expected a prime of " + MINIMUM_BITS + " to " + MAXIMUM_BITS + " bits, found one of " + bits);
        }
        BigInteger order = p.subtract(BigInteger.ONE);
        if (g.compareTo(BigInteger.ONE) <= 0 || g.compareTo(order) >= 0) {
            return unsafe("the generator is not between 2 and p-2");
        }
        if (SafePrime.isStandard(p)) {
            return new QSslDiffieHellmanParameters(parameters, Error.NO_ERROR, "");
        }
        if (bits > SafePrime.MAXIMUM_TESTED_BITS) {
            return unsafe(
                    "a prime of " + bits + " bits that is not that of a standard group takes too long to test; at most "
                            + SafePrime.MAXIMUM_TESTED_BITS + " bits do not");
        }
        return SafePrime.defect(p)
                .map(QSslDiffieHellmanParameters::unsafe)
                .orElseGet(() -> new QSslDiffieHellmanParameters(parameters, Error.NO_ERROR, ""));
    }

    private static QSslDiffieHellmanParameters unsafe(String why) {
        return new QSslDiffieHellmanParameters(null, Error.UNSAFE_PARAMETERS_ERROR, "unsafe parameters: " + why);
    }
}
