package dev.qssl.benchmarks.jmh;

import dev.qssl.spi.Identity;
import dev.qssl.spi.x509.CertificateTable;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.EncodingException;
import dev.qssl.spi.x509.HostName;
import dev.qssl.spi.x509.Verification;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorResult;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to read and to verify a chain of three EC certificates (server, intermediate, trusted root), from its bytes,
 * beside the JDK's own reading and PKIX validation, which check no name.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class VerificationBenchmark {

    private static final String HOST = "localhost";

    /** How many chains take turns: 1 is seen again each time; 2048 have left every memory, the JDK's too, before their next. */
    @Param({"1", "2048"})
    public int chains = 1;

    private final TestAuthority authority = TestAuthority.shared();
    private final HostName host = HostName.of(HOST);
    private final ChainVerifier verifier = ChainVerifier.trusting(authority.trust());
    private final Instant now = authority.now();
    private final List<List<byte[]>> encoded = new ArrayList<>();
    private int next;

    /** Creates an instance, as JMH wants. */
    public VerificationBenchmark() {}

    /** Makes the chains, each with an intermediate of its own. */
    @Setup
    public void setUp() throws GeneralSecurityException {
        for (int i = 0; i < chains; i++) {
            Identity intermediate =
                    authority.certificate("intermediate " + i).authority().identity();
            Identity server =
                    authority.serverRecipe(HOST).issuedBy(intermediate).identity();
            encoded.add(List.of(
                    server.certificate().getEncoded(),
                    intermediate.certificate().getEncoded()));
        }
        next = -1;
    }

    /** Reading and verifying as the first socket does, with the name: a verifier that remembers no chain yet. */
    @Benchmark
    public Verification qssl() throws EncodingException {
        return verified(ChainVerifier.trusting(authority.trust()));
    }

    /** The same as the sockets after it do: one chain is remembered, too many are not. */
    @Benchmark
    public Verification qsslAgain() throws EncodingException {
        return verified(verifier);
    }

    private Verification verified(ChainVerifier judge) throws EncodingException {
        List<X509Certificate> chain = new ArrayList<>(2);
        for (byte[] der : turn()) {
            chain.add(CertificateTable.shared().parse(der));
        }
        Verification verification = judge.verifyServer(chain, Optional.of(host), now);
        if (!verification.isAccepted()) {
            throw new IllegalStateException(verification.toString());
        }
        return verification;
    }

    /** Reading and validating with the JDK alone. */
    @Benchmark
    public CertPathValidatorResult jdk() throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> chain = new ArrayList<>(2);
        for (byte[] der : turn()) {
            chain.add(parsed(factory, der));
        }
        PKIXParameters parameters =
                new PKIXParameters(Set.of(new TrustAnchor(authority.root().certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        return CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(chain), parameters);
    }

    /** Reading one certificate. */
    @Benchmark
    public X509Certificate qsslParse() throws EncodingException {
        return CertificateTable.shared().parse(turn().get(0));
    }

    /** Reading one certificate with the JDK alone. */
    @Benchmark
    public X509Certificate jdkParse() throws GeneralSecurityException {
        return parsed(CertificateFactory.getInstance("X.509"), turn().get(0));
    }

    private List<byte[]> turn() {
        next = next + 1 == encoded.size() ? 0 : next + 1;
        return encoded.get(next);
    }

    private static X509Certificate parsed(CertificateFactory factory, byte[] der) throws GeneralSecurityException {
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    }
}
