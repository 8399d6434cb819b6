package dev.qssl.backend.openssl;

import dev.qssl.spi.x509.CertificateTable;
import dev.qssl.spi.x509.EncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** Turns the library's certificates into the JDK's. */
final class Certificates {

    private Certificates() {}

    /**
     * {@return the certificates of a stack, in its order}
     *
     * @param stack may be null, which is an empty one
     * @throws EncodingException if one of them is malformed
     */
    static List<X509Certificate> ofStack(RecordCalls calls, long stack) throws EncodingException {
        int count = stack == 0 ? 0 : LibCrypto.OPENSSL_sk_num(stack);
        List<X509Certificate> certificates = new ArrayList<>(Math.max(0, count));
        for (int i = 0; i < count; i++) {
            certificates.add(of(calls, LibCrypto.OPENSSL_sk_value(stack, i)));
        }
        return certificates;
    }

    /**
     * {@return one object per certificate in the process: those that were verified before cost next to nothing}
     *
     * @throws EncodingException if it is malformed
     */
    static X509Certificate of(RecordCalls calls, long certificate) throws EncodingException {
        return CertificateTable.shared().parse(NativeDer.encode(calls, LibCrypto::i2d_X509, certificate));
    }

    /** {@return the certificate that the peer of this session showed as its own, if it showed one} */
    static Optional<X509Certificate> peerOf(RecordCalls calls, long session) throws EncodingException {
        long peer = session == 0 ? 0 : LibSsl.SSL_SESSION_get0_peer(session);
        return peer == 0 ? Optional.empty() : Optional.of(of(calls, peer));
    }

    /** {@return the names in a stack of them; malformed ones are left out} */
    static List<X500Principal> names(RecordCalls calls, long stack) {
        int count = stack == 0 ? 0 : LibCrypto.OPENSSL_sk_num(stack);
        List<X500Principal> names = new ArrayList<>(Math.max(0, count));
        for (int i = 0; i < count; i++) {
            name(NativeDer.encode(calls, LibCrypto::i2d_X509_NAME, LibCrypto.OPENSSL_sk_value(stack, i)))
                    .ifPresent(names::add);
        }
        return List.copyOf(names);
    }

    private static Optional<X500Principal> name(byte[] der) {
        try {
            return Optional.of(new X500Principal(der));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty(); // only shown to the user
        }
    }
}
