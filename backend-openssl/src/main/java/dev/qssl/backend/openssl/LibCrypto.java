package dev.qssl.backend.openssl;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libcrypto, by their own names. Pointers are {@code long}: 64-bit processes only.
 *
 * <p>Where C says {@code long}, Windows gives back 32 bits: take the lower half of such results. Arrays are copied for the
 * duration of the call.
 */
@SuppressWarnings("MemberName") // the names are OpenSSL's
final class LibCrypto {

    private LibCrypto() {}

    /** Binds them all. Throws {@link UnsatisfiedLinkError} if one is missing. */
    static void bind(NativeLibrary library) {
        Native.register(LibCrypto.class, library);
    }

    static native int OPENSSL_init_crypto(long options, long settings);

    static native long OpenSSL_version_num();

    static native long OpenSSL_version(int what);

    static native long CRYPTO_malloc(long bytes, long file, int line);

    static native void CRYPTO_free(long memory, long file, int line);

    static native void ERR_clear_error();

    static native long ERR_get_error();

    static native long ERR_reason_error_string(long error);

    static native long BIO_s_mem();

    static native long BIO_new(long method);

    static native long BIO_new_mem_buf(long data, int bytes);

    static native int BIO_free(long bio);

    static native int BIO_read(long bio, long data, int room);

    static native long BIO_ctrl(long bio, int command, long number, long @Nullable [] pointer);

    static native long BIO_ctrl_pending(long bio);

    static native long d2i_X509(long reused, long[] der, long bytes);

    static native int i2d_X509(long certificate, long @Nullable [] der);

    static native void X509_free(long certificate);

    static native int i2d_X509_NAME(long name, long @Nullable [] der);

    static native long d2i_AutoPrivateKey(long reused, long[] der, long bytes);

    static native void EVP_PKEY_free(long key);

    static native int i2d_PUBKEY(long key, long @Nullable [] der);

    static native long d2i_DHparams(long reused, long[] der, long bytes);

    static native void DH_free(long parameters);

    static native long X509_STORE_CTX_get_ex_data(long context, int index);

    static native void X509_STORE_CTX_set_error(long context, int error);

    static native long X509_STORE_CTX_get0_untrusted(long context);

    static native int OPENSSL_sk_num(long stack);

    static native long OPENSSL_sk_value(long stack, int index);

    static native long OBJ_nid2sn(int nid);
}
