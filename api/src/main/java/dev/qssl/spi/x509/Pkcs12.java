package dev.qssl.spi.x509;

import dev.qssl.spi.Identity;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads PKCS #12 files (RFC 7292): a private key, its certificate, and all other certificates, linked to the key or not.
 *
 * <p>Written out because the JDK's key store hides certificates that belong to no key, and confuses an empty pass phrase with
 * none. Reads DER and BER; the schemes of {@link PasswordEncryption}; MACs as in RFC 7292 and RFC 9579. A file without a MAC, as
 * RFC 7292 allows, is read: that nobody changed it is then for the caller to know. Files that are signed or encrypted with
 * public keys are refused.
 */
public final class Pkcs12 {

    /** Larger than any file of a key and its certificates. */
    static final int MAXIMUM_BYTES = 16 << 20;

    private static final String DATA = "1.2.840.113549.1.7.1";
    private static final String ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
    private static final String KEY_BAG = "1.2.840.113549.1.12.10.1.1";
    private static final String SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
    private static final String CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
    private static final String NESTED_BAG = "1.2.840.113549.1.12.10.1.6";
    private static final String X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
    private static final String LOCAL_KEY_ID = "1.2.840.113549.1.9.21";

    private static final int MAXIMUM_NESTING = 8;

    /** Each may be encrypted with a key of its own; usual files have two. */
    private static final int MAXIMUM_PARTS = 64;

    /** More than any chain, or any list of authorities that somebody would keep with a key. */
    private static final int MAXIMUM_CERTIFICATES = 1024;

    /** How many signatures may be tried to find the certificate of a key. */
    private static final int MAXIMUM_TRIALS = 8;

    private final PasswordEncryption encryption;
    private final List<Certified> certificates = new ArrayList<>();
    private @Nullable PrivateKey key;
    private byte[] keyId = {};

    /**
     * What a file holds.
     *
     * @param key its first private key
     * @param certificate the key's certificate; empty if none belongs to the key
     * @param others all other certificates, in order
     */
    public record Contents(PrivateKey key, Optional<X509Certificate> certificate, List<X509Certificate> others) {

        /**
         * Copies the list.
         *
         * @param key the first private key
         * @param certificate the key's, if there is one
         * @param others all others
         */
        public Contents {
            others = List.copyOf(others);
        }
    }

    private static final class Certified {

        private final X509Certificate certificate;
        private final byte[] keyId;

        Certified(X509Certificate certificate, byte[] keyId) {
            this.certificate = certificate;
            this.keyId = keyId;
        }
    }

    private Pkcs12(PasswordEncryption encryption) {
        this.encryption = encryption;
    }

    /**
     * {@return what the file holds}
     *
     * @param file DER or BER, at most 16 MiB
     * @param passPhrase UTF-8; empty for none or an empty one, both are tried. Neither kept nor wiped
     * @throws EncodingException if it is no such file, or damaged, or asks for too much work, or holds no private key, or the
     *     pass phrase is wrong; tells which
     */
    public static Contents read(byte[] file, byte[] passPhrase) throws EncodingException {
        if (file.length > MAXIMUM_BYTES) {
            throw new EncodingException("expected a PKCS #12 file, found " + file.length + " bytes");
        }
        DerReader pfx = new DerReader(Ber.toDer(file)).sequence();
        if (pfx.integer(Integer.MAX_VALUE) != 3) {
            throw new EncodingException("expected version 3 of PKCS #12 (RFC 7292, section 4)");
        }
        byte[] safe = data(pfx.sequence());
        WorkLimit limit = new WorkLimit();
        Password password = pfx.hasMore() ? authenticated(pfx, safe, passPhrase, limit) : Password.of(passPhrase);
        Pkcs12 contents = new Pkcs12(new PasswordEncryption(password, limit));
        DerReader parts = new DerReader(Ber.toDer(safe)).sequence();
        for (int count = 0; parts.hasMore(); count++) {
            if (count == MAXIMUM_PARTS) {
                throw new EncodingException("a PKCS #12 file has more than " + MAXIMUM_PARTS + " parts");
            }
            contents.readPart(parts.sequence());
        }
        return contents.result();
    }

    /** {@return the form of the pass phrase that the MAC confirms} */
    private static Password authenticated(DerReader pfx, byte[] safe, byte[] passPhrase, WorkLimit limit)
            throws EncodingException {
        Pkcs12Mac mac = Pkcs12Mac.read(pfx.sequence());
        pfx.end();
        List<Password> forms = passPhrase.length == 0
                ? List.of(Password.none(), Password.of(passPhrase))
                : List.of(Password.of(passPhrase));
        for (Password form : forms) {
            if (mac.confirms(form, safe, limit)) {
                return form;
            }
        }
        throw new EncodingException(
                passPhrase.length == 0
                        ? "the PKCS #12 file is protected, and no pass phrase was given"
                        : "the pass phrase is wrong, or the PKCS #12 file is damaged");
    }

    private static byte[] data(DerReader info) throws EncodingException {
        String type = info.objectIdentifier();
        if (!type.equals(DATA)) {
            throw new EncodingException("a PKCS #12 file has contents of the unsupported type " + type
                    + "; only pass phrases are supported for integrity");
        }
        return info.enter(Der.context(0)).octetString();
    }

    private void readPart(DerReader info) throws EncodingException {
        String type = info.objectIdentifier();
        DerReader content = info.enter(Der.context(0));
        switch (type) {
            case DATA -> readBags(content.octetString(), 0);
            case ENCRYPTED_DATA -> {
                DerReader encrypted = content.sequence();
                encrypted.integer(Integer.MAX_VALUE);
                DerReader inner = encrypted.sequence();
                inner.skip(); // the type of what is encrypted, always data
                DerReader scheme = inner.sequence();
                byte[] plaintext = encryption.decrypt(scheme, inner.content(Der.contextPrimitive(0)));
                try {
                    readBags(plaintext, 0);
                } finally {
                    Arrays.fill(plaintext, (byte) 0);
                }
            }
            default -> throw new EncodingException("a PKCS #12 file has a part of the unsupported type " + type);
        }
    }

    private void readBags(byte[] contents, int depth) throws EncodingException {
        if (depth > MAXIMUM_NESTING) {
            throw new EncodingException("the bags of a PKCS #12 file nest more than " + MAXIMUM_NESTING + " deep");
        }
        DerReader bags = new DerReader(Ber.toDer(contents)).sequence();
        while (bags.hasMore()) {
            DerReader bag = bags.sequence();
            String type = bag.objectIdentifier();
            DerReader value = bag.enter(Der.context(0));
            switch (type) {
                case KEY_BAG -> readKey(value.element(), bag);
                case SHROUDED_KEY_BAG -> readShroudedKey(value.sequence(), bag);
                case CERTIFICATE_BAG -> readCertificate(value.sequence(), bag);
                case NESTED_BAG -> readBags(value.element(), depth + 1);
                default -> {} // revocation lists and secrets are not asked for
            }
        }
    }

    private void readShroudedKey(DerReader info, DerReader bag) throws EncodingException {
        if (key == null) {
            DerReader scheme = info.sequence();
            byte[] plaintext = encryption.decrypt(scheme, info.octetString());
            try {
                readKey(plaintext, bag);
            } finally {
                Arrays.fill(plaintext, (byte) 0);
            }
        }
    }

    private void readKey(byte[] pkcs8, DerReader bag) throws EncodingException {
        if (key == null) {
            key = PrivateKeyCodec.pkcs8(pkcs8);
            keyId = localKeyId(bag);
        }
    }

    private void readCertificate(DerReader certificate, DerReader bag) throws EncodingException {
        if (certificates.size() == MAXIMUM_CERTIFICATES) {
            throw new EncodingException("a PKCS #12 file has more than " + MAXIMUM_CERTIFICATES + " certificates");
        }
        if (certificate.objectIdentifier().equals(X509_CERTIFICATE)) {
            byte[] der = certificate.enter(Der.context(0)).octetString();
            certificates.add(new Certified(CertificateTable.shared().parse(der), localKeyId(bag)));
        }
    }

    private static byte[] localKeyId(DerReader bag) throws EncodingException {
        if (bag.isNext(Der.SET)) {
            DerReader attributes = bag.enter(Der.SET);
            while (attributes.hasMore()) {
                DerReader attribute = attributes.sequence();
                if (attribute.objectIdentifier().equals(LOCAL_KEY_ID)) {
                    DerReader values = attribute.enter(Der.SET);
                    return values.hasMore() ? values.octetString() : new byte[0];
                }
            }
        }
        return new byte[0];
    }

    private Contents result() throws EncodingException {
        PrivateKey found = key;
        if (found == null) {
            throw new EncodingException("the PKCS #12 file holds no private key");
        }
        int own = ownCertificate(found);
        List<X509Certificate> others = new ArrayList<>();
        for (int i = 0; i < certificates.size(); i++) {
            if (i != own) {
                others.add(certificates.get(i).certificate);
            }
        }
        return new Contents(found, own < 0 ? Optional.empty() : Optional.of(certificates.get(own).certificate), others);
    }

    /** Those that claim to belong to the key are tried first; the claim alone proves nothing. */
    private int ownCertificate(PrivateKey found) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < certificates.size(); i++) {
            boolean claims = keyId.length > 0 && Arrays.equals(keyId, certificates.get(i).keyId);
            order.add(claims ? 0 : order.size(), i);
        }
        int trials = 0;
        for (int i : order) {
            X509Certificate candidate = certificates.get(i).certificate;
            if (found instanceof RSAKey mine) {
                if (candidate.getPublicKey() instanceof RSAKey its
                        && mine.getModulus().equals(its.getModulus())) {
                    return i;
                }
            } else if (trials++ < MAXIMUM_TRIALS && signs(found, candidate)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean signs(PrivateKey found, X509Certificate candidate) {
        try {
            return new Identity(List.of(candidate), found).keyFitsCertificate();
        } catch (GeneralSecurityException | RuntimeException cannot) {
            // A key that only agrees on secrets has no certificate that could be told this way.
            return false;
        }
    }
}
