package dev.qssl.spi.x509;

import java.security.PublicKey;
import java.util.Arrays;

/** A public key of an algorithm that this JDK does not know: nothing but its bytes. Immutable; equal by its bytes. */
final class EncodedPublicKey implements PublicKey {

    private static final long serialVersionUID = 1L;

    private final String objectIdentifier;
    private final byte[] subjectPublicKeyInfo;

    EncodedPublicKey(String objectIdentifier, byte[] subjectPublicKeyInfo) {
        this.objectIdentifier = objectIdentifier;
        this.subjectPublicKeyInfo = subjectPublicKeyInfo;
    }

    @Override
    public String getAlgorithm() {
        return objectIdentifier;
    }

    @Override
    public String getFormat() {
        return "X.509";
    }

    @Override
    public byte[] getEncoded() {
        return subjectPublicKeyInfo.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncodedPublicKey that && Arrays.equals(subjectPublicKeyInfo, that.subjectPublicKeyInfo);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(subjectPublicKeyInfo);
    }
}
