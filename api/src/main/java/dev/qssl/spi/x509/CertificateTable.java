package dev.qssl.spi.x509;

import java.io.ByteArrayInputStream;
import java.lang.ref.SoftReference;
import java.security.NoSuchProviderException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Turns DER into certificates, and equal DER into the same object as long as it is remembered. Thread-safe, without locks.
 *
 * <p>The JDK's certificate objects remember the last signature that was verified on them, so a chain that was seen before is
 * verified at a hundredth of the cost, if it is made of the same objects. Everything that receives certificates from a
 * library passes them through {@link #shared()}.
 *
 * <p>Bounded: 4 entries in each of a fixed number of rows, found by a seeded hash, so that a peer can neither choose its row
 * nor make a search longer. What does not fit replaces the entry of its row that was put there first. Certificates of more
 * than {@value #MAXIMUM_REMEMBERED_BYTES} bytes are parsed but not remembered; the garbage collector may take any entry when
 * memory is short.
 */
public final class CertificateTable {

    /** The largest certificate that is remembered, in bytes of DER. Enough for post-quantum keys and signatures. */
    public static final int MAXIMUM_REMEMBERED_BYTES = 16_384;

    /**
     * The largest certificate that is parsed at all, in bytes of DER: enough for ten thousand names. Reading and
     * verifying one can take two hundred times as much memory for a while.
     */
    public static final int MAXIMUM_CERTIFICATE_BYTES = 1 << 18;

    private static final int ENTRIES_PER_ROW = 4;
    private static final CertificateTable SHARED = new CertificateTable(1024);

    private final AtomicReferenceArray<@Nullable Row> rows;
    private final int seed = new SecureRandom().nextInt() | 1;

    /**
     * Creates an empty table of its own, for tests and tools; others use {@link #shared()}.
     *
     * @param capacity how many certificates it remembers at most: a power of two, at least 4
     */
    public CertificateTable(int capacity) {
        if (capacity < ENTRIES_PER_ROW || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("expected a power of two, at least 4, not " + capacity);
        }
        rows = new AtomicReferenceArray<>(capacity / ENTRIES_PER_ROW);
    }

    /** {@return the table of this process} */
    public static CertificateTable shared() {
        return SHARED;
    }

    /**
     * {@return the certificate of these bytes}
     *
     * @param der exactly one certificate; copied if it is kept
     * @throws EncodingException if it is none, or the JDK cannot read it
     */
    public X509Certificate parse(byte[] der) throws EncodingException {
        int hash = hash(der);
        X509Certificate known = find(hash, der);
        if (known != null) {
            return known;
        }
        return remember(hash, decode(der));
    }

    /**
     * {@return the one object that stands for this certificate: an equal one seen before, or the JDK's reading of its bytes}
     *
     * @param certificate from any library
     * @throws EncodingException if its bytes cannot be had, or the JDK cannot read them
     */
    public X509Certificate intern(X509Certificate certificate) throws EncodingException {
        try {
            return parse(certificate.getEncoded());
        } catch (CertificateEncodingException unavailable) {
            throw new EncodingException(
                    "a certificate of class " + certificate.getClass().getName() + " does not give its bytes",
                    unavailable);
        }
    }

    /** {@return whether it is not too large to be remembered, here and by what keeps things made of certificates} */
    static boolean isSmall(X509Certificate certificate) {
        try {
            return certificate.getEncoded().length <= MAXIMUM_REMEMBERED_BYTES;
        } catch (CertificateEncodingException unavailable) {
            return false;
        }
    }

    private @Nullable X509Certificate find(int hash, byte[] der) {
        Row row = rows.get(index(hash));
        return row == null ? null : row.find(hash, der);
    }

    private X509Certificate remember(int hash, X509Certificate certificate) throws EncodingException {
        byte[] der;
        try {
            der = certificate.getEncoded();
        } catch (CertificateEncodingException impossible) {
            throw new EncodingException("a parsed certificate does not give its bytes", impossible);
        }
        if (der.length > MAXIMUM_REMEMBERED_BYTES) {
            return certificate;
        }
        Entry entry = new Entry(hash, new SoftReference<>(new Remembered(der, certificate)));
        int index = index(hash);
        while (true) {
            Row row = rows.get(index);
            X509Certificate known = row == null ? null : row.find(hash, der);
            if (known != null) {
                return known;
            }
            if (rows.compareAndSet(index, row, row == null ? new Row(entry) : row.with(entry))) {
                return certificate;
            }
        }
    }

    private static X509Certificate decode(byte[] der) throws EncodingException {
        if (der.length > MAXIMUM_CERTIFICATE_BYTES) {
            throw new EncodingException(
                    "expected a certificate, found " + der.length + " bytes, more than " + MAXIMUM_CERTIFICATE_BYTES);
        }
        try {
            CertificateStructure.requireSafe(der);
            return (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der));
        } catch (EncodingException | CertificateException | RuntimeException malformed) {
            throw new EncodingException("expected an X.509 certificate: " + printable(malformed), malformed);
        }
    }

    /** The JDK quotes names, and a peer's name may be made to forge a line in a log. */
    private static String printable(Exception malformed) {
        String message = String.valueOf(malformed.getMessage());
        return message.substring(0, Math.min(message.length(), 200)).replaceAll("[^ -~]", "?");
    }

    // Not the most preferred provider's factory: only the JDK's own objects remember which signature was verified.
    private static CertificateFactory factory() throws CertificateException {
        try {
            return CertificateFactory.getInstance("X.509", "SUN");
        } catch (NoSuchProviderException otherRuntime) {
            return CertificateFactory.getInstance("X.509");
        }
    }

    private int hash(byte[] der) {
        int hash = der.length;
        for (byte octet : der) {
            hash = hash * seed + octet;
        }
        return hash ^ hash >>> 15;
    }

    private int index(int hash) {
        return hash & rows.length() - 1;
    }

    /** A certificate and the bytes it was read from, which are compared: its own encoding may be rebuilt. */
    private static final class Remembered {
        private final byte[] der;
        private final X509Certificate certificate;

        Remembered(byte[] der, X509Certificate certificate) {
            this.der = der;
            this.certificate = certificate;
        }
    }

    private record Entry(int hash, SoftReference<Remembered> reference) {}

    /** Up to four entries, newest first. Immutable. */
    private static final class Row {

        private final Entry[] entries;

        Row(Entry... entries) {
            this.entries = entries;
        }

        @Nullable X509Certificate find(int hash, byte[] der) {
            for (Entry entry : entries) {
                Remembered remembered = entry.hash == hash ? entry.reference.get() : null;
                if (remembered != null && Arrays.equals(remembered.der, der)) {
                    return remembered.certificate;
                }
            }
            return null;
        }

        Row with(Entry newest) {
            Entry[] kept = new Entry[Math.min(entries.length + 1, ENTRIES_PER_ROW)];
            kept[0] = newest;
            System.arraycopy(entries, 0, kept, 1, kept.length - 1);
            return new Row(kept);
        }
    }
}
