package dev.qssl.tck.verification.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.VerificationPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * NIST's Public Key Interoperability Test Suite, its own files: those tests whose end certificates say in their names what is
 * expected, and whose answer does not hang on a revocation list, which is not looked up here.
 *
 * <p>Reads the {@code certs} directory that the system property {@code qssl.pkits} names, else where Debian's
 * python3-cryptography-vectors puts it; skipped without.
 */
class PkitsTest {

    private static final Path DIRECTORY = Path.of(System.getProperty(
            "qssl.pkits", "/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data/certs"));

    private static final Pattern REVOCATION = Pattern.compile(
            "CRL|Revoked|IDP|cRL|distributionPoint|DistributionPoint|onlyContains|onlySome|SerialNumberTest|BasicSelfIssued");

    /** Accepted by the suite, refused by us: DSA keys of 1024 bits, and signatures with SHA-1. */
    private static final Set<String> STRICTER =
            Set.of("ValidDSASignaturesTest4EE.crt", "ValidDSAParameterInheritanceTest5EE.crt");

    @Test
    void everyAnswer_isTheExpectedOne() throws Exception {
        assumeTrue(Files.isDirectory(DIRECTORY), "missing files: PKITS, of Debian's python3-cryptography-vectors");
        Set<String> wrong = new TreeSet<>();
        for (SuiteCase question : cases()) {
            if (Verifiers.ours(question) != question.accepted()) {
                wrong.add(question.id());
            }
        }

        assertThat(wrong).isEqualTo(STRICTER);
    }

    private static List<SuiteCase> cases() throws IOException, CertificateException {
        Map<String, byte[]> files = new HashMap<>();
        Map<String, X509Certificate> certificates = new HashMap<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        try (Stream<Path> all = Files.list(DIRECTORY)) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".crt")).toList()) {
                byte[] der = Files.readAllBytes(file);
                files.put(file.getFileName().toString(), der);
                certificates.put(file.getFileName().toString(), (X509Certificate)
                        factory.generateCertificate(new ByteArrayInputStream(der)));
            }
        }
        List<SuiteCase> cases = new ArrayList<>();
        for (String name : new TreeSet<>(files.keySet())) {
            boolean named = name.endsWith("EE.crt") && (name.startsWith("Valid") || name.startsWith("Invalid"));
            if (named && !REVOCATION.matcher(name).find()) {
                cases.add(question(name, files, certificates));
            }
        }
        return cases;
    }

    private static SuiteCase question(String name, Map<String, byte[]> files, Map<String, X509Certificate> all) {
        Set<String> above = new LinkedHashSet<>();
        collect(name, all, above);
        List<byte[]> others = above.stream()
                .filter(file -> !file.startsWith("TrustAnchor"))
                .map(file -> Objects.requireNonNull(files.get(file)))
                .toList();
        return new SuiteCase(
                name,
                VerificationPolicy.RFC_5280,
                TlsRole.SERVER,
                List.of(Objects.requireNonNull(files.get("TrustAnchorRootCertificate.crt"))),
                others,
                Objects.requireNonNull(files.get(name)),
                "",
                Instant.parse("2020-01-01T00:00:00Z"),
                name.startsWith("Valid"));
    }

    private static void collect(String name, Map<String, X509Certificate> all, Set<String> above) {
        X509Certificate child = Objects.requireNonNull(all.get(name));
        all.forEach((file, candidate) -> {
            if (!file.endsWith("EE.crt")
                    && candidate.getSubjectX500Principal().equals(child.getIssuerX500Principal())
                    && above.add(file)) {
                collect(file, all, above);
            }
        });
    }
}
