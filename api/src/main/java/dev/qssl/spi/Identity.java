package dev.qssl.spi;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;

/**
 * What one side proves itself with.
 *
 * @param chain its certificates, its own first; at least one
 * @param key the private key of the first; may be opaque (a token, a signer)
 */
public record Identity(List<X509Certificate> chain, PrivateKey key) {

    /**
     * Copies the chain.
     *
     * @param chain our own certificate first
     * @param key the first certificate's
     */
    public Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an identity has at least one certificate");
        }
    }

    /** {@return the certificate that the key belongs to} */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /**
     * {@return whether what the key signs can be verified with the certificate}
     *
     * <p>Makes a signature, which for an opaque key may mean a question to its token.
     *
     * @throws GeneralSecurityException if the key cannot sign
     */
    public boolean keyFitsCertificate() throws GeneralSecurityException {
        PublicKey publicKey = certificate().getPublicKey();
        if (!publicKey.getAlgorithm().equals(key.getAlgorithm())) {
            return isEdwards(publicKey.getAlgorithm()) && isEdwards(key.getAlgorithm()) && canVerify(publicKey);
        }
        return canVerify(publicKey);
    }

    private boolean canVerify(PublicKey publicKey) throws GeneralSecurityException {
        byte[] text = {1, 2, 3, 4, 5, 6, 7, 8};
        Signature signer = signature(publicKey);
        signer.initSign(key);
        setParameters(signer, publicKey);
        signer.update(text);
        byte[] signed = signer.sign();
        Signature verifier = signature(publicKey);
        verifier.initVerify(publicKey);
        setParameters(verifier, publicKey);
        verifier.update(text);
        try {
            return verifier.verify(signed);
        } catch (SignatureException wrongLength) {
            // What a key of another size signs need not even look like a signature.
            return false;
        }
    }

    private static Signature signature(PublicKey publicKey) throws GeneralSecurityException {
        return switch (publicKey.getAlgorithm()) {
            case "RSA" -> Signature.getInstance("SHA256withRSA");
            case "RSASSA-PSS" -> Signature.getInstance("RSASSA-PSS");
            case "EC" -> Signature.getInstance("SHA256withECDSA");
            case "DSA" -> Signature.getInstance("SHA256withDSA");
            // Ed25519, Ed448 and whatever else is its own signature algorithm, such as ML-DSA.
            default -> Signature.getInstance(publicKey.getAlgorithm());
        };
    }

    /** After the key: parameters that come first choose the provider, and a token's key needs its own. */
    private static void setParameters(Signature signature, PublicKey publicKey) throws GeneralSecurityException {
        if (publicKey.getAlgorithm().equals("RSASSA-PSS")) {
            AlgorithmParameterSpec limits = publicKey instanceof RSAKey rsa ? rsa.getParams() : null;
            signature.setParameter(
                    limits != null ? limits : new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
    }

    /** Keys on Edwards curves go by the family's name or by their own. */
    private static boolean isEdwards(String algorithm) {
        return algorithm.equals("EdDSA") || algorithm.startsWith("Ed25519") || algorithm.startsWith("Ed448");
    }
}
