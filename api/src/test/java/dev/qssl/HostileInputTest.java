package dev.qssl;

import static dev.qssl.spi.x509.CertificateRecipe.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSsl.KeyAlgorithm;
import dev.qssl.QSsl.KeyType;
import dev.qssl.spi.x509.CertificateRecipe;
import dev.qssl.spi.x509.Der;
import dev.qssl.spi.x509.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A mebibyte of anything is read or refused, in bounded time and stack, without an undeclared exception. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileInputTest {

    private static final int SIZE = 1 << 20;
    private static final byte[] PASS = {1};

    static Stream<byte[]> inputs() {
        byte[] random = new byte[SIZE];
        new Random(3).nextBytes(random);
        return Stream.of(
                        new byte[0],
                        new byte[SIZE],
                        random,
                        repeated("0\u0080"),
                        repeated("0\u0084\u007F\u00FF\u00FF\u00FF"),
                        repeated("$\u0080"),
                        repeated("\u0002\u0001\u0001"),
                        repeated("-----BEGIN CERTIFICATE-----\n"),
                        repeated("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
                        repeated("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"),
                        repeated("-----BEGIN RSA PRIVATE KEY-----\na:b\n"),
                        ("-----BEGIN CERTIFICATE-----\n" + "A".repeat(SIZE)).getBytes(ISO_8859_1),
                        nested(),
                        Der.sequence(new byte[SIZE]),
                        Der.sequence(Der.element(Der.INTEGER, filled()), Der.integer(2)),
                        Der.sequence(Der.integer(0), Der.integer(1), Der.element(Der.INTEGER, filled())),
                        Der.sequence(
                                Der.integer(0),
                                Der.sequence(Der.objectIdentifier("1.2.840.113549.1.1.1"), Der.nothing()),
                                Der.octetString(nested())),
                        Der.sequence(
                                Der.sequence(Der.objectIdentifier("1.2.840.113549.1.1.1"), Der.nothing()),
                                Der.bitString(repeated("0\u0080"))))
                .flatMap(bytes -> Stream.of(bytes, Pem.encode("CERTIFICATE", bytes), Pem.encode("PRIVATE KEY", bytes)));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void anyBytes_areReadOrRefused(byte[] bytes) {
        for (EncodingFormat format : EncodingFormat.values()) {
            assertThat(QSslCertificate.fromData(bytes, format)).isEmpty();
            assertThat(QSslDiffieHellmanParameters.fromEncoded(bytes, format).isValid())
                    .isFalse();
            for (KeyType type : KeyType.values()) {
                assertThat(new QSslKey(bytes, KeyAlgorithm.RSA, format, type, PASS).isNull())
                        .isTrue();
            }
        }
        assertThat(refuses(() -> QSslCertificate.read(bytes))).isTrue();
        assertThat(refuses(() -> QSslKey.read(bytes, PASS))).isTrue();
        assertThat(refuses(() -> QSslCertificate.readPkcs12(bytes, PASS))).isTrue();
    }

    @Test
    void certificateWithAHugeName_isReadInTime() {
        byte[] part = utf8("2.5.4.3", "a");
        byte[][] parts = Collections.nCopies(60_000, part).toArray(byte[][]::new);

        use(new CertificateRecipe().subject(parts));
    }

    @Test
    void certificateWithManyNames_isReadInTime() {
        byte[] name = Der.element(Der.contextPrimitive(2), "a.example".getBytes(ISO_8859_1));
        byte[][] names = Collections.nCopies(90_000, name).toArray(byte[][]::new);

        use(new CertificateRecipe().extension("2.5.29.17", Der.sequence(names)));
    }

    @Test
    void certificateWithManyExtensions_isReadInTime() {
        CertificateRecipe recipe = new CertificateRecipe();
        for (int i = 0; i < 15_000; i++) {
            recipe.extension("1.2.3." + i, Der.nothing());
        }

        use(recipe);
    }

    /** Verifying with such a key would take minutes. */
    @Test
    void certificateWithAHugeKey_isRefused() {
        byte[] key = Der.sequence(
                Der.sequence(
                        Der.objectIdentifier("1.2.840.10040.4.1"),
                        Der.sequence(Der.element(Der.INTEGER, filled()), Der.integer(7), Der.integer(2))),
                Der.bitString(Der.integer(4)));

        assertThat(QSslCertificate.fromData(
                        new CertificateRecipe().key(key).selfSigned().der(), EncodingFormat.DER))
                .isEmpty();
    }

    @Test
    void certificateWithAHugeSerialNumber_isReadInTime() {
        use(new CertificateRecipe().serial(BigInteger.ONE.shiftLeft(8 * (SIZE - 2000))));
    }

    private static void use(CertificateRecipe recipe) {
        byte[] der = recipe.der();
        assertThat(der.length).isLessThanOrEqualTo(SIZE + SIZE / 2);
        for (QSslCertificate certificate : QSslCertificate.fromData(der, EncodingFormat.DER)) {
            assertThat(certificate.toPem()).isNotEmpty();
            assertThat(certificate.subjectInfoAttributes()).isNotNull();
            assertThat(certificate.subjectAlternativeNames()).isNotNull();
            assertThat(certificate.extensions()).isNotNull();
            assertThat(certificate.serialNumber()).isNotEmpty();
            assertThat(certificate.isSelfSigned()).isFalse();
            assertThat(certificate.toString()).isNotEmpty();
            assertThat(certificate.toText()).isNotEmpty();
            assertThat(certificate.isBlacklisted()).isFalse();
        }
    }

    private interface Reading {
        Object read() throws IOException;
    }

    private static boolean refuses(Reading reading) {
        try {
            reading.read();
            return false;
        } catch (IOException refused) {
            return refused.getMessage() != null;
        }
    }

    private static byte[] repeated(String pattern) {
        return pattern.repeat(SIZE / pattern.length()).getBytes(ISO_8859_1);
    }

    private static byte[] filled() {
        byte[] bytes = new byte[SIZE - 16];
        Arrays.fill(bytes, (byte) 0x55);
        return bytes;
    }

    /** Definite lengths, each element inside the one before. */
    private static byte[] nested() {
        List<byte[]> headers = new ArrayList<>();
        int length = 0;
        while (length < SIZE - 8) {
            byte[] whole = Der.element(Der.SEQUENCE, new byte[length]);
            byte[] header = Arrays.copyOf(whole, whole.length - length);
            headers.add(header);
            length += header.length;
            if (headers.size() >= 20_000) {
                break;
            }
        }
        Collections.reverse(headers);
        byte[] der = new byte[length];
        int position = 0;
        for (byte[] header : headers) {
            System.arraycopy(header, 0, der, position, header.length);
            position += header.length;
        }
        return der;
    }
}
