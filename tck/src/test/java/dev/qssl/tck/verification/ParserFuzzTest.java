package dev.qssl.tck.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSslCertificate;
import dev.qssl.spi.Identity;
import dev.qssl.spi.x509.CertificateReader;
import dev.qssl.spi.x509.CertificateTable;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.Der;
import dev.qssl.spi.x509.DerReader;
import dev.qssl.spi.x509.EncodingException;
import dev.qssl.spi.x509.EncryptedPrivateKey;
import dev.qssl.spi.x509.KeyReader;
import dev.qssl.spi.x509.OcspVerifier;
import dev.qssl.spi.x509.Pem;
import dev.qssl.spi.x509.Pkcs12;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.fixture.TestKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged input of every kind is read or refused as declared: no other exception, no endless work.
 *
 * <p>The seed is fixed. Each parser gets 400 inputs, or as many as the system property {@code qssl.fuzz.rounds} says; what a
 * longer run finds is told as hexadecimal, to be kept.
 */
class ParserFuzzTest {

    private static final int ROUNDS = Integer.getInteger("qssl.fuzz.rounds", 400);
    private static final byte[] PASS = "pass".getBytes(StandardCharsets.US_ASCII);

    /** What lengths, tags and numbers are most often wrong by. */
    private static final byte[] TELLING = {0, 1, 2, 0x7F, -1, -128, 0x30, 0x31, (byte) 0x80, (byte) 0x84, 0x1F, 0x24};

    private final TestAuthority authority = TestAuthority.shared();
    private final Identity server = authority.viaIntermediate("localhost", "127.0.0.1");
    private final Random random = new Random(20260101);

    /** Takes bytes; may refuse them with the one exception that is declared. */
    private interface Parser {
        void parse(byte[] input) throws EncodingException;
    }

    @Test
    void damagedCertificate_isReadOrRefusedAndNeverTrusted() throws GeneralSecurityException {
        ChainVerifier verifier = ChainVerifier.trusting(authority.trust());
        byte[] good = server.certificate().getEncoded();
        fuzz(good, input -> {
            X509Certificate certificate = CertificateTable.shared().parse(input);
            assertThat(QSslCertificate.of(certificate).toText()).isNotEmpty();
            boolean accepted = verifier.verifyServer(
                            List.of(certificate, server.chain().get(1)), Optional.empty(), authority.now())
                    .isAccepted();
            assertThat(accepted && !Arrays.equals(input, good)).isFalse();
        });
    }

    @Test
    void damagedPem_isReadOrRefused() throws GeneralSecurityException {
        byte[] pem = Pem.encode("CERTIFICATE", server.certificate().getEncoded());
        fuzz(pem, input -> {
            Pem.blocks(input);
            CertificateReader.pem(input);
            CertificateReader.read(input);
        });
    }

    @Test
    void damagedKey_isReadOrRefused() {
        fuzz(TestKeys.ec("fuzz").getPrivate().getEncoded(), input -> KeyReader.read(input, PASS));
        fuzz(TestKeys.rsa("fuzz").getPrivate().getEncoded(), input -> KeyReader.read(input, PASS));
        fuzz(TestKeys.rsa("fuzz").getPublic().getEncoded(), input -> KeyReader.read(input, PASS));
    }

    @Test
    void damagedEncryption_isReadOrRefused() {
        byte[] encrypted =
                EncryptedPrivateKey.encrypt(TestKeys.ec("fuzz").getPrivate().getEncoded(), PASS);
        // The parameters only: what follows is noise by design, and each attempt takes the key derivation's time.
        fuzz(Arrays.copyOf(encrypted, 60), input -> KeyReader.read(input, PASS));
    }

    @Test
    void damagedPkcs12_isReadOrRefused() throws GeneralSecurityException, IOException {
        fuzz(pkcs12(), input -> Pkcs12.read(input, PASS));
    }

    @Test
    void damagedPkcs12WithIndefiniteLengths_isReadOrRefused() throws GeneralSecurityException, IOException {
        byte[] ber = indefinite(pkcs12());
        assertThat(Pkcs12.read(ber, PASS).certificate()).contains(server.certificate());

        fuzz(ber, input -> Pkcs12.read(input, PASS));
    }

    private byte[] pkcs12() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "a", server.key(), "pass".toCharArray(), server.chain().toArray(Certificate[]::new));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        store.store(file, "pass".toCharArray());
        return file.toByteArray();
    }

    /** {@return the same element in BER: every length indefinite, every string in two pieces} */
    private static byte[] indefinite(byte[] der) throws EncodingException {
        DerReader reader = new DerReader(der);
        ByteArrayOutputStream ber = new ByteArrayOutputStream();
        while (reader.hasMore()) {
            int tag = reader.peekTag();
            byte[] content = reader.content(tag);
            boolean string = tag == Der.OCTET_STRING && content.length > 1;
            if (string || (tag & 0x20) != 0) {
                ber.write(tag | 0x20);
                ber.write(0x80);
                int half = content.length / 2;
                ber.writeBytes(string ? Der.octetString(Arrays.copyOf(content, half)) : indefinite(content));
                ber.writeBytes(
                        string ? Der.octetString(Arrays.copyOfRange(content, half, content.length)) : new byte[0]);
                ber.writeBytes(new byte[2]);
            } else {
                ber.writeBytes(Der.element(tag, content));
            }
        }
        return ber.toByteArray();
    }

    @Test
    void damagedOcspResponse_isReadOrRefused() {
        X509Certificate issuer = server.chain().get(1);
        fuzz(
                authority.ocsp(server).der(),
                input -> OcspVerifier.verify(input, server.certificate(), Optional.of(issuer), authority.now()));
    }

    private void fuzz(byte[] good, Parser parser) {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] input = damaged(good);
            try {
                parser.parse(input);
            } catch (EncodingException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            } catch (RuntimeException | Error undeclared) {
                throw new AssertionError("input " + HexFormat.of().formatHex(input), undeclared);
            }
        }
    }

    /** One to four changes: an octet, a telling octet, a piece cut out, doubled, or moved. */
    private byte[] damaged(byte[] good) {
        byte[] input = good.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && input.length > 8; changes--) {
            int at = random.nextInt(input.length);
            switch (random.nextInt(5)) {
                case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> input[at] = TELLING[random.nextInt(TELLING.length)];
                case 2 -> input = Arrays.copyOf(input, at);
                case 3 -> {
                    int length = Math.min(1 + random.nextInt(64), input.length - at);
                    byte[] longer = Arrays.copyOf(input, input.length + length);
                    System.arraycopy(input, at, longer, at + length, input.length - at);
                    input = longer;
                }
                default -> {
                    int length = Math.min(1 + random.nextInt(16), input.length - at);
                    System.arraycopy(good, random.nextInt(good.length - length + 1), input, at, length);
                }
            }
        }
        return input;
    }
}
