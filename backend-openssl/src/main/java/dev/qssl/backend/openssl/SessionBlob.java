package dev.qssl.backend.openssl;

import dev.qssl.spi.x509.CertificateTable;
import dev.qssl.spi.x509.EncodingException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A session outside of the process: four bytes that say whose form this is, then OpenSSL's own DER, the stapled response (of no
 * bytes if there is none) and the server's chain, each part behind its length. OpenSSL's DER holds the first certificate only,
 * and the peer of a resumed session is judged again.
 *
 * @param session OpenSSL's own form ({@code i2d_SSL_SESSION})
 * @param shown by the server
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SessionBlob(byte[] session, Shown shown) {

    private static final int MAGIC = 0x514F_5332; // "QOS2"
    private static final int MOST_CERTIFICATES = 100;

    /** {@return it as bytes} */
    byte[] encode() {
        byte[] staple =
                shown.staples().isEmpty() ? new byte[0] : shown.staples().get(0);
        byte[] certificates = encode(shown.chain());
        return ByteBuffer.allocate(12 + session.length + staple.length + certificates.length)
                .putInt(MAGIC)
                .putInt(session.length)
                .put(session)
                .putInt(staple.length)
                .put(staple)
                .put(certificates)
                .array();
    }

    /** {@return what these bytes hold; empty if they are not of this form} */
    static Optional<SessionBlob> decode(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (in.getInt() != MAGIC) {
                return Optional.empty();
            }
            byte[] session = part(in);
            byte[] staple = part(in);
            List<byte[]> staples = staple.length == 0 ? List.of() : List.of(staple);
            return Optional.of(new SessionBlob(session, new Shown(decodeChain(in), staples)));
        } catch (BufferUnderflowException | EncodingException foreign) {
            return Optional.empty();
        }
    }

    /** {@return certificates one behind the other} */
    static byte[] encode(List<X509Certificate> chain) {
        List<byte[]> parts = new ArrayList<>(chain.size());
        int bytes = 0;
        for (X509Certificate certificate : chain) {
            byte[] der = encoded(certificate);
            parts.add(der);
            bytes += 4 + der.length;
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        parts.forEach(der -> out.putInt(der.length).put(der));
        return out.array();
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException impossible) {
            throw new AssertionError("a certificate that was read has no encoding", impossible);
        }
    }

    /** {@return certificates that lie one behind the other; empty if they do not} */
    static List<X509Certificate> decodeChain(byte[] bytes) {
        try {
            return decodeChain(ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException | EncodingException foreign) {
            return List.of();
        }
    }

    private static List<X509Certificate> decodeChain(ByteBuffer in) throws EncodingException {
        List<X509Certificate> chain = new ArrayList<>();
        while (in.hasRemaining() && chain.size() < MOST_CERTIFICATES) {
            chain.add(CertificateTable.shared().parse(part(in)));
        }
        return List.copyOf(chain);
    }

    private static byte[] part(ByteBuffer in) {
        int bytes = in.getInt();
        if (bytes < 0 || bytes > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] part = new byte[bytes];
        in.get(part);
        return part;
    }
}
