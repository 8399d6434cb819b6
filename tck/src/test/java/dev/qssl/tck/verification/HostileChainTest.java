package dev.qssl.tck.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.Identity;
import dev.qssl.spi.x509.CaStore;
import dev.qssl.spi.x509.CertificateTable;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.EncodingException;
import dev.qssl.spi.x509.Verification;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.fixture.TestKeys;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a peer sends, the answer comes after a bounded amount of work, and without an exception. */
final class HostileChainTest {

    /** Generous: the bound itself is the verifier's affair; without one these bags cost millions of checks. */
    private static final int MOST_SIGNATURE_CHECKS = 128;

    private final TestAuthority authority = TestAuthority.shared();

    @Test
    void hundredCertificatesThatAllSignEachOther_areGivenUp() {
        List<KeyPair> keys = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            keys.add(TestKeys.ec("member " + i + " of the clique"));
        }
        List<X509Certificate> clique = new ArrayList<>();
        for (int subject = 0; subject < keys.size(); subject++) {
            for (int issuer = 0; issuer < keys.size(); issuer++) {
                if (subject != issuer) {
                    clique.add(member(subject, issuer, keys));
                }
            }
        }
        Identity leaf = authority
                .serverRecipe("localhost")
                .issuedBy(new Identity(List.of(clique.get(0)), keys.get(0).getPrivate()))
                .identity();
        List<X509Certificate> chain = new ArrayList<>(clique);
        chain.add(0, leaf.certificate());

        Verification verification = verify(chain);

        assertThat(verification.isAccepted()).isFalse();
        assertThat(verification.signatureChecks()).isLessThanOrEqualTo(MOST_SIGNATURE_CHECKS);
    }

    @Test
    void hundredIssuersOfOneName_areGivenUp() {
        List<X509Certificate> chain = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            chain.add(authority
                    .certificate("one of many")
                    .keys(TestKeys.ec("one of many " + i))
                    .authority()
                    .extension("2.5.29.14", new byte[] {4, 1, 7})
                    .issuedBy(authority.unknownRoot())
                    .identity()
                    .certificate());
        }
        Identity leaf = authority
                .serverRecipe("localhost")
                .issuedBy(new Identity(
                        List.of(chain.get(99)), TestKeys.ec("forger of many").getPrivate()))
                .extension("2.5.29.35", new byte[] {0x30, 3, (byte) 0x80, 1, 7})
                .identity();
        chain.add(0, leaf.certificate());

        Verification verification = verify(chain);

        assertThat(verification.isAccepted()).isFalse();
        assertThat(verification.signatureChecks()).isLessThanOrEqualTo(MOST_SIGNATURE_CHECKS);
    }

    @Test
    void twoAuthoritiesThatSignEachOther_endTheSearch() {
        List<KeyPair> keys = List.of(TestKeys.ec("left of two"), TestKeys.ec("right of two"));
        X509Certificate left = member(0, 1, keys);
        X509Certificate right = member(1, 0, keys);
        Identity leaf = authority
                .serverRecipe("localhost")
                .issuedBy(new Identity(List.of(left), keys.get(0).getPrivate()))
                .identity();

        Verification verification = verify(List.of(leaf.certificate(), left, right));

        assertThat(verification.isAccepted()).isFalse();
        assertThat(verification.path()).containsExactly(leaf.certificate(), left, right);
    }

    @Test
    void endlessChain_isCut() {
        List<X509Certificate> chain = new ArrayList<>();
        Identity above = authority.root();
        for (int i = 0; i < 40; i++) {
            above = new Identity(
                    List.of(authority
                            .certificate("step " + i)
                            .authority()
                            .issuedBy(above)
                            .identity()
                            .certificate()),
                    TestKeys.ec("step " + i).getPrivate());
            chain.add(0, above.certificate());
        }
        chain.add(
                0,
                authority.serverRecipe("localhost").issuedBy(above).identity().certificate());

        assertThat(verify(chain).isAccepted()).isFalse();
    }

    @Test
    void shuffledBags_areJudgedLikeTheOrderedChain() {
        Identity server = authority.viaIntermediate("localhost");
        List<X509Certificate> bag = new ArrayList<>();
        bag.add(authority.intermediate().certificate());
        for (int i = 0; i < 60; i++) {
            bag.add(authority
                    .certificate("padding " + i)
                    .keys(TestKeys.ec("padding"))
                    .identity()
                    .certificate());
        }
        Random random = new Random(7);
        for (int i = 0; i < 10; i++) {
            Collections.shuffle(bag, random);
            List<X509Certificate> chain = new ArrayList<>(bag);
            chain.add(0, server.certificate());

            Verification verification = verify(chain);

            assertThat(verification.isAccepted()).isTrue();
            assertThat(verification.signatureChecks()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void damagedCertificates_areUnreadableOrRefused() throws Exception {
        byte[] good = authority.server("localhost").certificate().getEncoded();
        Random random = new Random(20261121);

        for (int i = 0; i < 500; i++) {
            byte[] damaged = good.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            X509Certificate certificate;
            try {
                certificate = CertificateTable.shared().parse(damaged);
            } catch (EncodingException unreadable) {
                continue;
            }
            assertThat(verify(List.of(certificate)).isAccepted()).isFalse();
        }
    }

    @Test
    void trustingNobody_refusesEverybody() {
        Verification verification = ChainVerifier.trusting(CaStore.EMPTY)
                .verifyServer(authority.server("localhost").chain(), Optional.empty(), authority.now());

        assertThat(verification.isAccepted()).isFalse();
    }

    private X509Certificate member(int subject, int issuer, List<KeyPair> keys) {
        Identity signer = authority
                .certificate("member " + issuer)
                .keys(keys.get(issuer))
                .authority()
                .selfSigned()
                .identity();
        return authority
                .certificate("member " + subject)
                .keys(keys.get(subject))
                .authority()
                .issuedBy(signer)
                .identity()
                .certificate();
    }

    private Verification verify(List<X509Certificate> chain) {
        return ChainVerifier.trusting(authority.trust()).verifyServer(chain, Optional.empty(), authority.now());
    }
}
