package dev.qssl.spi.x509;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PSSParameterSpec;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * How something other than a certificate was signed: an AlgorithmIdentifier (RFC 5280, section 4.1.1.2), of the strong ones.
 *
 * @param name the JDK's name for it
 * @param digest what it is made over; empty if it leaves no choice
 * @param pss the parameters, encoded, in hexadecimal, if it is RSASSA-PSS; else empty
 */
record SignatureAlgorithm(String name, Optional<String> digest, String pss) {

    private static final String RSASSA_PSS = "1.2.840.113549.1.1.10";
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("1.2.840.113549.1.1.11", "SHA256withRSA"),
            Map.entry("1.2.840.113549.1.1.12", "SHA384withRSA"),
            Map.entry("1.2.840.113549.1.1.13", "SHA512withRSA"),
            Map.entry(RSASSA_PSS, "RSASSA-PSS"),
            Map.entry("1.2.840.10045.4.3.2", "SHA256withECDSA"),
            Map.entry("1.2.840.10045.4.3.3", "SHA384withECDSA"),
            Map.entry("1.2.840.10045.4.3.4", "SHA512withECDSA"),
            Map.entry("1.3.101.112", "Ed25519"),
            Map.entry("1.3.101.113", "Ed448"));

    /**
     * {@return the algorithm}
     *
     * @param identifier an AlgorithmIdentifier, encoded
     * @throws EncodingException if it is malformed, unknown or too weak
     */
    static SignatureAlgorithm read(byte[] identifier) throws EncodingException {
        DerReader sequence = new DerReader(identifier).sequence();
        String oid = sequence.objectIdentifier();
        String name = NAMES.get(oid);
        if (name == null) {
            throw new EncodingException("the signature algorithm " + oid + " is unknown or too weak");
        }
        if (!oid.equals(RSASSA_PSS)) {
            return new SignatureAlgorithm(name, SignatureDigests.of(oid, null), "");
        }
        byte[] parameters = sequence.element();
        Optional<String> digest = SignatureDigests.of(oid, parameters);
        if (!KeyStrength.DEFAULT.allows(digest)) {
            throw new EncodingException("RSASSA-PSS with a hash that can be forged");
        }
        return new SignatureAlgorithm(name, digest, HexFormat.of().formatHex(parameters));
    }

    /** {@return whether the key's owner signed the data} */
    boolean verify(PublicKey key, byte[] data, byte[] signature) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(name);
        verifier.initVerify(key);
        if (!pss.isEmpty()) {
            verifier.setParameter(parameters());
        }
        verifier.update(data);
        return verifier.verify(signature);
    }

    private PSSParameterSpec parameters() throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
        try {
            parameters.init(HexFormat.of().parseHex(pss));
        } catch (IOException malformed) {
            throw new GeneralSecurityException("malformed parameters of RSASSA-PSS", malformed);
        }
        return parameters.getParameterSpec(PSSParameterSpec.class);
    }
}
