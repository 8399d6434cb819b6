package dev.qssl.backend.openssl;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** The functions of libssl and libcrypto that came with OpenSSL 3.0. Bound apart, because 1.1.1 lacks them. */
@SuppressWarnings("MemberName") // the names are OpenSSL's
final class LibSsl3 {

    private LibSsl3() {}

    /** Binds them all; libssl finds those of libcrypto through its own dependency on it. */
    static void bind(NativeLibrary ssl, NativeLibrary crypto) {
        Native.register(LibSsl3.class, ssl);
        Native.register(Crypto.class, crypto);
        LibProvider.bind(crypto);
    }

    static native int SSL_new_session_ticket(long ssl);

    static native int SSL_CTX_set_tlsext_ticket_key_evp_cb(long context, LibSsl.TicketKeyCallback callback);

    /** Those of libcrypto. */
    @SuppressWarnings("MemberName")
    static final class Crypto {

        private Crypto() {}

        static native long EVP_aes_256_cbc();

        static native int EVP_MD_get_size(long digest);

        static native long EVP_PKEY_get1_encoded_public_key(long key, long[] bytes);

        static native int EVP_EncryptInit_ex(long context, long cipher, long engine, byte[] key, long iv);

        static native int EVP_DecryptInit_ex(long context, long cipher, long engine, byte[] key, long iv);

        static native int RAND_bytes(long out, int bytes);

        static native int EVP_MAC_CTX_set_params(long context, long parameters);
    }
}
