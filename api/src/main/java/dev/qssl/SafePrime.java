package dev.qssl;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether a prime p is safe for Diffie-Hellman: (p-1)/2 is prime, too. Bounded in time, unlike
 * {@link BigInteger#isProbablePrime}, which takes ten seconds for 8192 bits.
 */
final class SafePrime {

    /** The largest prime that is tested; of those above only the standard ones are accepted. */
    static final int MAXIMUM_TESTED_BITS = 4096;

    /** Each lets a composite number pass with a chance of at most 1 in 4, whoever made it, since nobody knows the bases. */
    private static final int ROUNDS = 16;

    private static final BigInteger THREE = BigInteger.valueOf(3);

    /** The SHA-256 digests of the primes that need no test. */
    private static final Set<String> STANDARD = Set.of(
            // RFC 7919, appendix A: ffdhe2048, 3072, 4096, 6144, 8192
            "38bf25a6924daa0d4190acfaeeb58fc881c6780c60024bedfd3ba33dc3f1f1a1",
            "bda4560e982d7169bd8e5ba9dd4d7e974faf9d560095cb06080c213ba899f87a",
            "2f409715430030693294c7be4daf3d24e986efeb95e6b741d8ab4c83db4f6aed",
            "7c898a0950d458aee844aba6015d9666d4ab0e4223aec3ed2c1e301749174756",
            "810f9ea83be38d799fabdaf9fbfd89e11d70af30c8c8f4d2b367dc92c84a0f9d",
            // RFC 3526, sections 3 to 7: groups 14, 15, 16, 17, 18
            "34dddbee1c77d87976bacda0bc8cfb76845661c412093d81eee947fb0c68e649",
            "b28bc90ba9cb908924dc77c554a5fe9225ce147d98fd5d10a40b6d568a1425b2",
            "11a0cf80b704d30c4b46d38f294a2696815bee130b6d5684fc5ab48005e5c081",
            "2d8967278b99531188d17f83fe3fc7d123012184fe82e97e7e5d6fd876d9dd77",
            "7876cd8ce18e37f74ca4cae09ebe8805a75722cb1c8c74659d12839e613ad60e");

    private SafePrime() {}

    /** {@return whether it is the prime of a standard group} */
    static boolean isStandard(BigInteger p) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(p.toByteArray());
            return STANDARD.contains(HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }

    /**
     * {@return why it is no safe prime, for people; empty if it is one}
     *
     * @param p above 7
     */
    static Optional<String> defect(BigInteger p) {
        // If (p-1)/2 is prime, this and the division by 3 prove p prime (Pocklington); if not, its text is still right.
        boolean fermat = BigInteger.TWO.modPow(p.subtract(BigInteger.ONE), p).equals(BigInteger.ONE);
        if (!fermat || p.mod(THREE).signum() == 0) {
            return Optional.of("p is not prime");
        }
        return isProbablyPrime(p.shiftRight(1))
                ? Optional.empty()
                : Optional.of("(p-1)/2 is not prime: p is no safe prime (RFC 7919, section 2.1)");
    }

    /** Miller and Rabin's test with random bases (FIPS 186-5, appendix B.3.1). */
    private static boolean isProbablyPrime(BigInteger q) {
        if (!q.testBit(0)) {
            return false;
        }
        SecureRandom random = new SecureRandom();
        BigInteger minusOne = q.subtract(BigInteger.ONE);
        int twos = minusOne.getLowestSetBit();
        BigInteger odd = minusOne.shiftRight(twos);
        for (int round = 0; round < ROUNDS; round++) {
            BigInteger base = new BigInteger(q.bitLength() - 1, random).setBit(1);
            if (!passes(base.modPow(odd, q), minusOne, twos, q)) {
                return false;
            }
        }
        return true;
    }

    private static boolean passes(BigInteger power, BigInteger minusOne, int twos, BigInteger q) {
        BigInteger value = power;
        if (value.equals(BigInteger.ONE)) {
            return true;
        }
        for (int i = 0; i < twos; i++) {
            if (value.equals(minusOne)) {
                return true;
            }
            value = value.multiply(value).mod(q);
        }
        return false;
    }
}
