package dev.qssl.tck.verification.suites;

import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.CaStore;
import dev.qssl.spi.x509.CertificateTable;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.EncodingException;
import dev.qssl.spi.x509.HostName;
import dev.qssl.spi.x509.Pem;
import dev.qssl.spi.x509.Verification;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Those who answer a suite's questions: whether a chain is to be accepted. */
final class Verifiers {

    private Verifiers() {}

    /** Ours, everything included: a certificate that cannot be read is refused. */
    static boolean ours(SuiteCase question) {
        return ourProblems(question).isEmpty();
    }

    /** {@return what ours finds wrong, for people; empty if nothing} */
    static Optional<String> ourProblems(SuiteCase question) {
        try {
            List<X509Certificate> trusted = new ArrayList<>();
            for (byte[] der : question.trusted()) {
                trusted.add(CertificateTable.shared().parse(der));
            }
            List<X509Certificate> chain = new ArrayList<>();
            chain.add(CertificateTable.shared().parse(question.leaf()));
            for (byte[] der : question.others()) {
                addIfReadable(chain, der);
            }
            ChainVerifier verifier = ChainVerifier.trusting(CaStore.of(trusted)).withPolicy(question.policy());
            Verification verification = question.peer() == TlsRole.CLIENT
                    ? verifier.verifyClient(chain, question.time())
                    : verifier.verifyServer(
                            chain,
                            question.host().isEmpty() ? Optional.empty() : Optional.of(HostName.of(question.host())),
                            question.time());
            return verification.isAccepted()
                    ? Optional.empty()
                    : Optional.of(verification.problems().stream()
                            .map(problem -> problem.depth() + " " + problem.code() + ": " + problem.detail())
                            .collect(Collectors.joining("; ")));
        } catch (EncodingException unreadable) {
            return Optional.of("unreadable: " + unreadable.getMessage());
        }
    }

    private static void addIfReadable(List<X509Certificate> chain, byte[] der) {
        try {
            chain.add(CertificateTable.shared().parse(der));
        } catch (EncodingException unreadable) {
            // A peer's certificate that cannot be read leads nowhere; the others may.
            return;
        }
    }

    /** The JDK's own PKIX, with the purpose that a TLS peer must have; it knows nothing of host names. */
    static boolean jdk(SuiteCase question) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509", "SUN");
            Set<TrustAnchor> anchors = new HashSet<>();
            for (byte[] der : question.trusted()) {
                anchors.add(new TrustAnchor(read(factory, der), null));
            }
            X509Certificate leaf = read(factory, question.leaf());
            List<X509Certificate> all = new ArrayList<>(List.of(leaf));
            for (byte[] der : question.others()) {
                all.add(read(factory, der));
            }
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(leaf);
            target.setExtendedKeyUsage(Set.of(question.peer() == TlsRole.CLIENT ? Draft.CLIENT : Draft.SERVER));
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(question.time()));
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(all)));
            CertPathBuilder.getInstance("PKIX", "SUN").build(parameters);
            return true;
        } catch (GeneralSecurityException | IOException | RuntimeException refused) {
            // A verifier that throws has not accepted.
            return false;
        }
    }

    private static X509Certificate read(CertificateFactory factory, byte[] der) throws GeneralSecurityException {
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    }

    /** {@code openssl verify -x509_strict}, with purpose and host name. */
    static boolean openssl(SuiteCase question, Path directory) {
        try {
            write(directory.resolve("trusted.pem"), question.trusted());
            write(directory.resolve("others.pem"), question.others());
            write(directory.resolve("leaf.pem"), List.of(question.leaf()));
            List<String> command = new ArrayList<>(List.of(
                    "openssl",
                    "verify",
                    "-x509_strict",
                    "-attime",
                    String.valueOf(question.time().getEpochSecond()),
                    "-purpose",
                    question.peer() == TlsRole.CLIENT ? "sslclient" : "sslserver",
                    "-no-CApath",
                    "-no-CAstore",
                    "-CAfile",
                    "trusted.pem"));
            if (!question.others().isEmpty()) {
                command.addAll(List.of("-untrusted", "others.pem"));
            }
            if (!question.host().isEmpty()) {
                boolean address = HostName.of(question.host()).isAddress();
                command.addAll(List.of(address ? "-verify_ip" : "-verify_hostname", question.host()));
            }
            command.add("leaf.pem");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("openssl verify takes more than 30 seconds");
            }
            return process.exitValue() == 0;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    private static void write(Path file, List<byte[]> certificates) throws IOException {
        StringBuilder pem = new StringBuilder();
        for (byte[] der : certificates) {
            pem.append(new String(Pem.encode("CERTIFICATE", der), java.nio.charset.StandardCharsets.US_ASCII));
        }
        Files.writeString(file, pem);
    }
}
