package dev.qssl.tck.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.SslError;
import dev.qssl.spi.Identity;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The first problem of a chain is the one that {@code openssl verify} reports first, at the same depth. */
final class OpenSslAgreementTest {

    private static final Pattern FIRST_ERROR = Pattern.compile("error (\\d+) at (\\d+) depth");

    /** X509_V_ERR numbers of OpenSSL, and what Qt makes of them. */
    private static final Map<Integer, SslError> CODES = Map.ofEntries(
            Map.entry(7, SslError.CERTIFICATE_SIGNATURE_FAILED),
            Map.entry(9, SslError.CERTIFICATE_NOT_YET_VALID),
            Map.entry(10, SslError.CERTIFICATE_EXPIRED),
            Map.entry(18, SslError.SELF_SIGNED_CERTIFICATE),
            Map.entry(19, SslError.SELF_SIGNED_CERTIFICATE_IN_CHAIN),
            Map.entry(20, SslError.UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE),
            Map.entry(25, SslError.PATH_LENGTH_EXCEEDED),
            Map.entry(26, SslError.INVALID_PURPOSE),
            Map.entry(47, SslError.INVALID_PURPOSE), // permitted subtree violation
            Map.entry(48, SslError.INVALID_PURPOSE), // excluded subtree violation
            Map.entry(79, SslError.INVALID_CA_CERTIFICATE));

    private final TestAuthority authority = TestAuthority.shared();

    @Test
    void firstProblem_isOpenSslsFirstProblem() throws Exception {
        try (PemDirectory directory = PemDirectory.create()) {
            for (Map.Entry<String, Identity> each : cases().entrySet()) {
                assertThat(ours(each.getValue())).as(each.getKey()).isEqualTo(openssl(each.getValue(), directory));
            }
        }
    }

    private Map<String, Identity> cases() {
        Map<String, Identity> cases = new LinkedHashMap<>();
        cases.put("good", authority.server("localhost"));
        cases.put("good RSA", authority.rsaServer("localhost"));
        cases.put("good via intermediate", authority.viaIntermediate("localhost"));
        cases.put("missing intermediate", authority.missingIntermediate("localhost"));
        cases.put("unknown root", authority.issuedByUnknownRoot("localhost"));
        cases.put("unknown root in the chain", authority.withUnknownRoot("localhost"));
        cases.put("self-signed", authority.selfSigned("localhost"));
        cases.put("self-signed and expired", authority.selfSignedExpired("localhost"));
        cases.put("expired", authority.expired("localhost"));
        cases.put("not yet valid", authority.notYetValid("localhost"));
        cases.put("wrong purpose", authority.serverWithClientPurpose("localhost"));
        cases.put("no authority", authority.viaFakeIntermediate("localhost"));
        Identity deep = authority
                .certificate("too deep")
                .authority()
                .issuedBy(authority.intermediate())
                .identity();
        cases.put(
                "path too long",
                authority.serverRecipe("localhost").issuedBy(deep).identity());
        Identity unknown = authority
                .certificate("below the unknown root")
                .authority()
                .issuedBy(authority.unknownRoot())
                .identity();
        cases.put(
                "intermediate of an unknown root",
                authority.serverRecipe("localhost").issuedBy(unknown).identity());
        Identity constrained = authority
                .certificate("constrained")
                .authority()
                .permittingNames("example.com")
                .identity();
        cases.put(
                "outside the permitted names",
                authority.serverRecipe("localhost").issuedBy(constrained).identity());
        Identity excluding = authority
                .certificate("excluding")
                .authority()
                .excludingNames("localhost")
                .identity();
        cases.put(
                "among the excluded names",
                authority.serverRecipe("localhost").issuedBy(excluding).identity());
        return cases;
    }

    private String ours(Identity server) {
        return ChainVerifier.trusting(authority.trust())
                .verifyServer(server.chain(), Optional.empty(), authority.now())
                .problems()
                .stream()
                .findFirst()
                .map(problem -> problem.depth() + " " + problem.code())
                .orElse("accepted");
    }

    private String openssl(Identity server, PemDirectory directory) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "verify",
                "-purpose",
                "sslserver",
                "-CAfile",
                directory.trust("trust.pem", authority.trust()).toString()));
        if (server.chain().size() > 1) {
            command.add("-untrusted");
            command.add(directory
                    .certificates(
                            "others.pem",
                            server.chain().subList(1, server.chain().size()))
                    .toString());
        }
        command.add(directory
                .certificates("leaf.pem", List.of(server.certificate()))
                .toString());
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException absent) {
            Assumptions.abort("there is no openssl here");
            throw absent;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = FIRST_ERROR.matcher(output);
        if (process.waitFor() == 0 && !matcher.find()) {
            return "accepted";
        }
        assertThat(matcher.reset().find()).as(output).isTrue();
        return matcher.group(2) + " " + CODES.get(Integer.valueOf(matcher.group(1)));
    }
}
