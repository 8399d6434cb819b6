package dev.qssl.backend.openssl;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of libcrypto for a provider that lives in this process, and the forms of those that a provider is made of
 * ({@code openssl/core_dispatch.h}). Since OpenSSL 3.0.
 */
@SuppressWarnings("MemberName") // the names are OpenSSL's
final class LibProvider {

    private LibProvider() {}

    /** Binds them all. Throws {@link UnsatisfiedLinkError} if one is missing. */
    static void bind(NativeLibrary crypto) {
        Native.register(LibProvider.class, crypto);
    }

    /** Begins: gives the table of what the provider can be asked. */
    interface Init extends Callback {
        int invoke(long handle, long core, long functions, long context);
    }

    /** Gives the implementations of one kind of operation. */
    interface Query extends Callback {
        long invoke(long context, int operation, long mustNotCache);
    }

    /** Makes something, or gives a table, for a context. */
    interface Make extends Callback {
        long invoke(long context);
    }

    /** Makes something, or gives a table, for two. */
    interface MakeOfTwo extends Callback {
        long invoke(long one, long other);
    }

    /** Gives a text or a table for a number. */
    interface Look extends Callback {
        long invoke(int number);
    }

    /** Ends something. */
    interface Release extends Callback {
        void invoke(long made);
    }

    /** Tells whether a key has its parts. */
    interface Has extends Callback {
        int invoke(long key, int parts);
    }

    /** Reads or writes parameters. */
    interface Parameters extends Callback {
        int invoke(long made, long parameters);
    }

    /** Makes a key of parameters. */
    interface Import extends Callback {
        int invoke(long key, int parts, long parameters);
    }

    /** Hands a key's parts on. */
    interface Export extends Callback {
        int invoke(long key, int parts, long receiver, long argument);
    }

    /** Begins to sign. */
    interface SignInit extends Callback {
        int invoke(long context, long digest, long key, long parameters);
    }

    /** Signs. */
    interface Sign extends Callback {
        int invoke(long context, long signature, long bytes, long room, long message, long messageBytes);
    }

    static native long OSSL_LIB_CTX_new();

    static native int OSSL_PROVIDER_add_builtin(long library, byte[] name, Init init);

    static native long OSSL_PROVIDER_load(long library, byte[] name);

    static native long X509_get_pubkey(long certificate);

    static native long EVP_PKEY_get0_type_name(long key);

    static native int EVP_PKEY_get_size(long key);

    static native int EVP_PKEY_get_params(long key, long parameters);

    static native int EVP_PKEY_export(long key, int parts, long receiver, long argument);

    static native long EVP_PKEY_CTX_new_from_name(long library, byte[] name, long properties);

    static native void EVP_PKEY_CTX_free(long context);

    static native int EVP_PKEY_fromdata_init(long context);

    static native int EVP_PKEY_fromdata(long context, long[] key, int parts, long parameters);
}
