package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A private key that cannot be taken out of where it is kept, a token's or a key service's, with the ways in which it was seen
 * to sign. Thread-safe as far as the key's provider is.
 *
 * <p>Which schemes such a key has, nobody tells: a token may lack PSS, a service may bind a key to one hash. So each one that
 * is wanted is tried once, with every provider that has it, and what comes out is verified with the certificate, which proves
 * as well that the two belong together.
 */
final class OpaqueSigner {

    /** Nothing that a signature could be of use for. */
    private static final byte[] TRIAL =
            "QSSL asks whether this key belongs to its certificate.".getBytes(StandardCharsets.US_ASCII);

    /** What this thread's last call of the library was not signed for. */
    private static final ThreadLocal<@Nullable Unsigned> UNSIGNED = new ThreadLocal<>();

    private final String subject;
    private final PrivateKey key;
    private final PublicKey publicKey;
    private final Map<SigningScheme, Way> ways = new EnumMap<>(SigningScheme.class);
    private boolean disproved;
    private @Nullable Exception unable;

    /** How a scheme is had: an algorithm of a provider that takes the key. */
    private record Way(String name, Provider provider, Optional<AlgorithmParameterSpec> parameters) {

        byte[] sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
            Signature signer = Signature.getInstance(name, provider);
            if (parameters.isPresent()) {
                signer.setParameter(parameters.get());
            }
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        }

        /** By the usual name, and by whichever provider takes public keys: a keeper may only sign. */
        boolean verifies(SigningScheme scheme, PublicKey key, byte[] message, byte[] signature)
                throws GeneralSecurityException {
            Signature verifier = Signature.getInstance(scheme.names().get(0));
            if (parameters.isPresent()) {
                verifier.setParameter(parameters.get());
            }
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        }
    }

    private record Unsigned(OpaqueSigner signer, SigningFailure why) {}

    private OpaqueSigner(Identity identity) {
        this.subject = identity.certificate().getSubjectX500Principal().getName();
        this.key = identity.key();
        this.publicKey = identity.certificate().getPublicKey();
    }

    /** {@return whether OpenSSL cannot be given this key, because there is nothing to give} */
    static boolean isNeededFor(PrivateKey key) {
        return key.getEncoded() == null || !"PKCS#8".equals(key.getFormat());
    }

    /**
     * {@return the identity's key, tried} Makes a signature for each scheme, which may each mean a question to a token.
     *
     * @param wanted the IANA names of the schemes that may be used; empty for all
     * @throws TlsException if it signs in none of them, or does not belong to the certificate
     */
    static OpaqueSigner of(Identity identity, List<String> wanted, Refusals refusals) throws TlsException {
        OpaqueSigner signer = new OpaqueSigner(identity);
        for (SigningScheme scheme : SigningScheme.values()) {
            if (scheme.isFor(signer.publicKey) && (wanted.isEmpty() || wanted.contains(scheme.iana()))) {
                signer.attempt(scheme);
            }
        }
        if (signer.ways.isEmpty()) {
            throw signer.disproved
                    ? refusals.invalid("the private key does not belong to the certificate of " + signer.subject)
                    : signer.useless(wanted, refusals);
        }
        return signer;
    }

    private TlsException useless(List<String> wanted, Refusals refusals) {
        String what = "the private key for the certificate of " + subject + ", which cannot be taken out of where it is"
                + " kept, cannot sign" + (wanted.isEmpty() ? "" : " by any of the signatureSchemes " + wanted);
        return unable == null
                ? refusals.invalid(what + ": no provider has a signature for such keys")
                : refusals.invalid(what + ": " + unable, unable);
    }

    private void attempt(SigningScheme scheme) {
        for (String name : scheme.names()) {
            Provider[] providers = Security.getProviders("Signature." + name);
            for (Provider provider : providers == null ? new Provider[0] : providers) {
                Way way = new Way(name, provider, scheme.parameters());
                if (!ways.containsKey(scheme) && works(scheme, way)) {
                    ways.put(scheme, way);
                }
            }
        }
    }

    private boolean works(SigningScheme scheme, Way way) {
        byte[] signature;
        try {
            signature = way.sign(key, TRIAL);
        } catch (GeneralSecurityException | RuntimeException otherKindOfKey) {
            unable = unable == null || !(otherKindOfKey instanceof InvalidKeyException) ? otherKindOfKey : unable;
            return false;
        }
        try {
            boolean fits = way.verifies(scheme, publicKey, TRIAL, signature);
            disproved |= !fits;
            return fits;
        } catch (SignatureException wrongLength) {
            // What a key of another size signs need not even look like a signature.
            disproved = true;
            return false;
        } catch (GeneralSecurityException | RuntimeException unverifiable) {
            unable = unverifiable;
            return false;
        }
    }

    /** {@return the IANA names of the schemes that it signs by, best first} */
    List<String> schemes() {
        return ways.keySet().stream().map(SigningScheme::iana).toList();
    }

    /** {@return whether handshakes of this version can be signed} */
    boolean signs(SslProtocol protocol) {
        return ways.keySet().stream().anyMatch(scheme -> scheme.signs(protocol, publicKey));
    }

    /** {@return whether it signs with this key} */
    boolean isOf(PrivateKey other) {
        return key == other;
    }

    /** {@return whether it is a key of RSA that may sign by PSS only} */
    boolean isForPssOnly() {
        return publicKey.getAlgorithm().equals("RSASSA-PSS");
    }

    /** {@return whose key it is} */
    String subject() {
        return subject;
    }

    /**
     * {@return a signature} May take as long as the key's keeper does.
     *
     * @param pss whether RSA pads by PSS
     * @param hashBits the hash's; 0 for a scheme without
     * @throws SigningFailure whatever goes wrong
     */
    byte[] sign(boolean pss, int hashBits, byte[] message) {
        for (Map.Entry<SigningScheme, Way> each : ways.entrySet()) {
            if (each.getKey().matches(pss, hashBits)) {
                return sign(each.getKey(), each.getValue(), message);
            }
        }
        throw new SigningFailure("the private key of " + subject + " signs by " + schemes()
                + " only, and was asked for " + (pss ? "PSS with " : "") + "SHA-" + hashBits);
    }

    private byte[] sign(SigningScheme scheme, Way way, byte[] message) {
        try {
            return way.sign(key, message);
        } catch (Throwable thrown) {
            throw new SigningFailure(
                    "the private key of " + subject + " did not sign " + scheme.iana() + ": " + thrown, thrown);
        }
    }

    /** Keeps what went wrong inside of the library's call, for the one who made the call on this thread. */
    void failed(SigningFailure why) {
        UNSIGNED.set(new Unsigned(this, why));
    }

    /** {@return what went wrong inside of this thread's last call, once; or null} */
    @Nullable SigningFailure takeFailure() {
        Unsigned taken = UNSIGNED.get();
        if (taken == null || taken.signer != this) {
            return null;
        }
        UNSIGNED.remove();
        return taken.why;
    }
}
