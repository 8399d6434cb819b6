package dev.qssl.spi.x509;

import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads keys from the contents of a file: PEM or DER, traditional or modern. Finds out by itself which.
 *
 * <p>Pass phrases are UTF-8 bytes; an empty one means that there is none. One that is not needed is ignored. They are neither
 * kept nor wiped.
 */
public final class KeyReader {

    private static final Set<String> PRIVATE_LABELS =
            Set.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    private static final Set<String> PUBLIC_LABELS = Set.of("PUBLIC KEY", "RSA PUBLIC KEY");

    private KeyReader() {}

    /**
     * {@return the first key of a file, a private one if there is any}
     *
     * @param file its contents: PEM or DER
     * @param passPhrase UTF-8; empty for none
     * @throws EncodingException if there is no key, or it cannot be read; tells why
     */
    public static Key read(byte[] file, byte[] passPhrase) throws EncodingException {
        if (!Pem.looksLikePem(file)) {
            return readDer(file, passPhrase);
        }
        List<Pem.Block> blocks = Pem.requireBlocks(file);
        Optional<Pem.Block> block = first(blocks, PRIVATE_LABELS);
        if (block.isPresent()) {
            return privateKey(block.get(), passPhrase);
        }
        block = first(blocks, PUBLIC_LABELS);
        if (block.isPresent()) {
            return PublicKeyCodec.decode(block.get().content());
        }
        throw missing("key", blocks);
    }

    /**
     * {@return the first private key of a PEM text}
     *
     * @param pem the text
     * @param passPhrase UTF-8; empty for none
     * @throws EncodingException if there is none, or it cannot be read; tells why
     */
    public static PrivateKey privatePem(byte[] pem, byte[] passPhrase) throws EncodingException {
        List<Pem.Block> blocks = Pem.requireBlocks(pem);
        Pem.Block block = first(blocks, PRIVATE_LABELS).orElse(null);
        if (block == null) {
            throw missing("private key", blocks);
        }
        return privateKey(block, passPhrase);
    }

    /**
     * {@return a private key in DER}
     *
     * @param der any form that {@link PrivateKeyCodec} reads, or an encrypted PKCS#8 key
     * @param passPhrase UTF-8; empty for none
     * @throws EncodingException if it is none, or cannot be read; tells why
     */
    public static PrivateKey privateDer(byte[] der, byte[] passPhrase) throws EncodingException {
        if (!EncryptedPrivateKey.isEncrypted(der)) {
            return PrivateKeyCodec.decode(der);
        }
        requirePresent(passPhrase);
        return wiping(EncryptedPrivateKey.decrypt(der, passPhrase));
    }

    /**
     * {@return the first public key of a PEM text}
     *
     * @param pem the text
     * @throws EncodingException if there is none, or it cannot be read; tells why
     */
    public static PublicKey publicPem(byte[] pem) throws EncodingException {
        List<Pem.Block> blocks = Pem.requireBlocks(pem);
        Pem.Block block = first(blocks, PUBLIC_LABELS).orElse(null);
        if (block == null) {
            throw missing("public key", blocks);
        }
        return PublicKeyCodec.decode(block.content());
    }

    private static Key readDer(byte[] der, byte[] passPhrase) throws EncodingException {
        return PublicKeyCodec.looksPublic(der) ? PublicKeyCodec.decode(der) : privateDer(der, passPhrase);
    }

    private static PrivateKey privateKey(Pem.Block block, byte[] passPhrase) throws EncodingException {
        if (!PemEncryption.isEncrypted(block)) {
            return privateDer(block.content(), passPhrase);
        }
        requirePresent(passPhrase);
        return wiping(PemEncryption.decrypt(block, passPhrase));
    }

    private static PrivateKey wiping(byte[] der) throws EncodingException {
        try {
            return PrivateKeyCodec.decode(der);
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    private static void requirePresent(byte[] passPhrase) throws EncodingException {
        if (passPhrase.length == 0) {
            throw new EncodingException("the private key is encrypted, and no pass phrase was given");
        }
    }

    private static Optional<Pem.Block> first(List<Pem.Block> blocks, Set<String> labels) {
        return blocks.stream().filter(block -> labels.contains(block.label())).findFirst();
    }

    private static EncodingException missing(String wanted, List<Pem.Block> blocks) {
        List<String> labels =
                blocks.stream().map(Pem.Block::label).distinct().limit(4).toList();
        String remedy = labels.contains("OPENSSH PRIVATE KEY")
                ? "; convert a copy of OpenSSH's own form with: ssh-keygen -p -m PKCS8 -f FILE"
                : "";
        return new EncodingException("expected a " + wanted + ", found PEM blocks of " + labels + remedy);
    }
}
