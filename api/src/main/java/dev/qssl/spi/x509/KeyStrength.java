package dev.qssl.spi.x509;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which keys and signatures of certificates are strong enough. Immutable; begin with {@link #DEFAULT} and change what differs:
 *
 * <pre>{@code
 * KeyStrength strict = KeyStrength.DEFAULT
 *         .withMinimumRsaBits(3072)
 *         .withCurves(List.of("secp384r1", "secp521r1"))
 *         .withDigests(List.of("SHA-384", "SHA-512"));
 * }</pre>
 *
 * <p>The limits on keys hold for every certificate of a path, the trusted one included; that on digests for all but the
 * trusted one, whose signature proves nothing. What Java's own {@code jdk.certpath.disabledAlgorithms} forbids stays
 * forbidden.
 */
public final class KeyStrength {

    private static final int LEAST_RSA_BITS = 1024;
    private static final int LEAST_EC_BITS = 224;
    private static final int MOST_BITS = 16_384;

    /** The curves that have a name here, by their identifiers (SEC 2, RFC 5639, RFC 8410). */
    private static final Map<String, String> CURVES = Map.ofEntries(
            Map.entry("1.3.132.0.32", "secp224k1"),
            Map.entry("1.3.132.0.33", "secp224r1"),
            Map.entry("1.3.132.0.10", "secp256k1"),
            Map.entry("1.2.840.10045.3.1.7", "secp256r1"),
            Map.entry("1.3.132.0.34", "secp384r1"),
            Map.entry("1.3.132.0.35", "secp521r1"),
            Map.entry("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
            Map.entry("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
            Map.entry("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
            Map.entry("1.3.101.112", "Ed25519"),
            Map.entry("1.3.101.113", "Ed448"));

    /** Those that nobody can find two messages for, and SHA-1, which only {@link #withDigests} allows. */
    private static final Set<String> KNOWN_DIGESTS = Set.of(
            "SHA-1",
            "SHA-224",
            "SHA-256",
            "SHA-384",
            "SHA-512",
            "SHA-512/224",
            "SHA-512/256",
            "SHA3-224",
            "SHA3-256",
            "SHA3-384",
            "SHA3-512");

    /**
     * At least 112 bits of security, the level of NIST SP 800-131A: RSA and DSA keys of 2048 bits or more, EC keys of 224 bits
     * or more on any curve, every key of a newer kind; signatures over any digest but MD2, MD4, MD5, RIPEMD-160 and SHA-1.
     */
    public static final KeyStrength DEFAULT =
            new KeyStrength(2048, LEAST_EC_BITS, Set.of(), without(KNOWN_DIGESTS, "SHA-1"));

    private final int minimumRsaBits;
    private final int minimumEcBits;
    private final Set<String> curves;
    private final Set<String> digests;

    private KeyStrength(int minimumRsaBits, int minimumEcBits, Set<String> curves, Set<String> digests) {
        this.minimumRsaBits = minimumRsaBits;
        this.minimumEcBits = minimumEcBits;
        this.curves = curves;
        this.digests = digests;
    }

    /**
     * {@return these rules with another limit for RSA and DSA keys}
     *
     * @param bits of the modulus or prime, 1024 to 16,384
     * @throws IllegalArgumentException if it is out of range
     */
    public KeyStrength withMinimumRsaBits(int bits) {
        return new KeyStrength(within(LEAST_RSA_BITS, bits), minimumEcBits, curves, digests);
    }

    /**
     * {@return these rules with another limit for EC keys}
     *
     * @param bits of the curve's order, 224 to 16,384
     * @throws IllegalArgumentException if it is out of range
     */
    public KeyStrength withMinimumEcBits(int bits) {
        return new KeyStrength(minimumRsaBits, within(LEAST_EC_BITS, bits), curves, digests);
    }

    /**
     * {@return these rules with other curves for EC and Edwards keys}
     *
     * @param names of the only curves that are allowed, as the JDK and the TLS registry write them, such as {@code secp256r1},
     *     {@code brainpoolP256r1}, {@code Ed25519}; empty for any
     * @throws IllegalArgumentException if there is no curve of that name
     */
    public KeyStrength withCurves(Collection<String> names) {
        names.forEach(name -> requireKnown("curve", name, CURVES.values()));
        return new KeyStrength(minimumRsaBits, minimumEcBits, Set.copyOf(names), digests);
    }

    /**
     * {@return these rules with other digests for signatures}
     *
     * <p>Algorithms that leave no choice of the digest, such as Ed25519 and ML-DSA, are not concerned.
     *
     * @param names of the only digests that are allowed, as the JDK writes them: {@code SHA-1}, {@code SHA-224} to
     *     {@code SHA-512}, {@code SHA-512/256}, {@code SHA3-224} to {@code SHA3-512}; at least one
     * @throws IllegalArgumentException if there is none, or none of that name, or if it can be forged at will, as MD5
     */
    public KeyStrength withDigests(Collection<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("expected at least one digest for signatures");
        }
        names.forEach(name -> requireKnown("digest", name, KNOWN_DIGESTS));
        return new KeyStrength(minimumRsaBits, minimumEcBits, curves, Set.copyOf(names));
    }

    /** {@return how many bits an RSA or DSA key must have} */
    public int minimumRsaBits() {
        return minimumRsaBits;
    }

    /** {@return how many bits the order of an EC key's curve must have} */
    public int minimumEcBits() {
        return minimumEcBits;
    }

    /** {@return the only curves that are allowed; empty for any} */
    public Set<String> curves() {
        return curves;
    }

    /** {@return the only digests that signatures may use} */
    public Set<String> digests() {
        return digests;
    }

    /** {@return why the key is too weak to prove anything, if it is} */
    Optional<String> weakness(CertifiedKey key) {
        return switch (key.kind()) {
            case RSA, DSA -> tooShort(key, minimumRsaBits);
            case EC -> tooShort(key, minimumEcBits).or(() -> wrongCurve(key));
            case EDWARDS -> wrongCurve(key);
            case OTHER -> Optional.empty();
        };
    }

    private static Optional<String> tooShort(CertifiedKey key, int minimum) {
        return key.bits() >= minimum
                ? Optional.empty()
                : Optional.of(
                        "the " + key.kind() + " key has " + key.bits() + " bits; at least " + minimum + " are needed");
    }

    private Optional<String> wrongCurve(CertifiedKey key) {
        String name = CURVES.getOrDefault(key.curve(), key.curve());
        return curves.isEmpty() || curves.contains(name)
                ? Optional.empty()
                : Optional.of("the key is on the curve \"" + name + "\"; allowed are " + new TreeSet<>(curves));
    }

    /** {@return whether a signature over this digest, if it has one to choose, is trustworthy} */
    boolean allows(Optional<String> digest) {
        return digest.isEmpty() || digests.contains(digest.get());
    }

    private static Set<String> without(Set<String> names, String name) {
        Set<String> rest = new TreeSet<>(names);
        rest.remove(name);
        return Set.copyOf(rest);
    }

    private static int within(int least, int bits) {
        if (bits < least || bits > MOST_BITS) {
            throw new IllegalArgumentException("expected " + least + " to " + MOST_BITS + " bits, not " + bits);
        }
        return bits;
    }

    private static void requireKnown(String what, String name, Collection<String> known) {
        if (!known.contains(name)) {
            throw new IllegalArgumentException(
                    "expected a " + what + " of " + new TreeSet<>(known) + ", not \"" + name + "\"");
        }
    }

    private Object[] fields() {
        return new Object[] {minimumRsaBits, minimumEcBits, curves, digests};
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof KeyStrength that && Arrays.equals(fields(), that.fields()));
    }

    @Override
    public int hashCode() {
        return Objects.hash(fields());
    }

    /** {@return the rules in one line} */
    @Override
    public String toString() {
        return "KeyStrength[RSA " + minimumRsaBits + ", EC " + minimumEcBits + ", curves "
                + (curves.isEmpty() ? "any" : new TreeSet<>(curves)) + ", digests " + new TreeSet<>(digests) + "]";
    }
}
