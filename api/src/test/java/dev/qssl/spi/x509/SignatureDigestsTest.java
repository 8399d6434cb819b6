package dev.qssl.spi.x509;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which digest a signature is made over, as its algorithm and the parameters tell. */
class SignatureDigestsTest {

    private static final String RSASSA_PSS = "1.2.840.113549.1.1.10";

    @ParameterizedTest
    @CsvSource({
        "1.2.840.113549.1.1.4, MD5",
        "1.2.840.113549.1.1.5, SHA-1",
        "1.2.840.10045.4.1, SHA-1",
        "1.2.840.113549.1.1.11, SHA-256",
        "1.2.840.10045.4.3.3, SHA-384",
        "2.16.840.1.101.3.4.3.12, SHA3-512"
    })
    void algorithm_tellsItsDigest(String algorithm, String digest) {
        assertThat(SignatureDigests.of(algorithm, null)).contains(digest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.3.101.112", "1.3.101.113", "2.16.840.1.101.3.4.3.18"})
    void algorithmWithoutAChoice_hasNone(String algorithm) {
        assertThat(SignatureDigests.of(algorithm, null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-1", "SHA-256", "SHA-384", "SHA-512"})
    void rsassaPss_tellsItInItsParameters(String digest) throws GeneralSecurityException, IOException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
        parameters.init(new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), 20, 1));

        assertThat(SignatureDigests.of(RSASSA_PSS, parameters.getEncoded())).contains(digest);
    }

    @Test
    void rsassaPssWithoutReadableParameters_countsAsSha1() {
        byte[] unknownDigest = Der.sequence(Der.explicit(0, Der.sequence(Der.objectIdentifier("1.2.3.4"))));

        assertThat(SignatureDigests.of(RSASSA_PSS, null)).contains("SHA-1");
        assertThat(SignatureDigests.of(RSASSA_PSS, new byte[] {1, 2, 3})).contains("SHA-1");
        assertThat(SignatureDigests.of(RSASSA_PSS, unknownDigest)).contains("SHA-1");
    }
}
