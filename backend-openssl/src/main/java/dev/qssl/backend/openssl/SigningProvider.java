package dev.qssl.backend.openssl;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Map;
import java.util.TreeMap;

/**
 * A provider of OpenSSL's, in this process, whose keys sign in Java: how a key reaches the library that cannot be taken out of
 * where it is kept.
 *
 * <p>It is made of the interface that providers have had since 3.0 ({@code openssl/core_dispatch.h}): keys that answer every
 * question about their public part with the certificate's, and one signature algorithm, which is given the whole message. It
 * lives in a library context of its own, where nobody else's search for an algorithm finds it, and where the process's way of
 * ending does not lead. The connections stay in the usual context: a key brings its provider along.
 */
final class SigningProvider {

    private static final String NAME = "qssl";
    private static final String PROPERTIES = "provider=" + NAME;

    /** Each with all of its names, as the library has them itself. */
    private static final String[] KEYS = {
        "RSA:rsaEncryption:1.2.840.113549.1.1.1",
        "RSA-PSS:RSASSA-PSS:id-RSASSA-PSS:1.2.840.113549.1.1.10",
        "EC:id-ecPublicKey:1.2.840.10045.2.1",
        "ED25519:1.3.101.112",
        "ED448:1.3.101.113"
    };

    private static final int OPERATION_KEYS = 10;
    private static final int OPERATION_SIGNATURES = 12;
    private static final int PROVIDER_QUERY = 1027;

    private static final int DISPATCH_BYTES = 16;
    private static final int ALGORITHM_BYTES = 32;

    /** A pair of keys: public and private part, and all parameters. */
    private static final int KEY_PAIR = SigningCalls.PRIVATE_PART | SigningCalls.PUBLIC_PART | 0x84;

    private static final LibProvider.Init INIT = SigningProvider::init;
    private static final LibProvider.Query QUERY = SigningProvider::query;

    private SigningProvider() {}

    /** The tables and the context, made when they are first needed, for good. */
    private static final class Loaded {

        private static final long KEY_ALGORITHMS = algorithms(dispatch(SigningCalls.ofKeys()), KEYS);
        private static final long SIGNATURE_ALGORITHMS =
                algorithms(dispatch(SigningCalls.ofSignatures()), SigningCalls.SIGNATURE);
        private static final long FUNCTIONS = dispatch(Map.of(PROVIDER_QUERY, QUERY));
        private static final long CONTEXT = load();

        private static long load() {
            long context = LibProvider.OSSL_LIB_CTX_new();
            byte[] name = NativeMemory.text(NAME);
            boolean loaded = context != 0
                    && LibProvider.OSSL_PROVIDER_add_builtin(context, name, INIT) == 1
                    && LibProvider.OSSL_PROVIDER_load(context, name) != 0;
            return loaded ? context : 0;
        }
    }

    /**
     * {@return an {@code EVP_PKEY*} of which this signer is the private part; 0, with a reason in the thread's queue, if the
     * library makes none} Owned by the caller.
     *
     * @param certificate an {@code X509*} with the public part
     */
    static long key(OpaqueSigner signer, long certificate) {
        long publicKey = LibProvider.X509_get_pubkey(certificate);
        if (publicKey == 0 || Loaded.CONTEXT == 0) {
            LibCrypto.EVP_PKEY_free(publicKey);
            return 0;
        }
        long number = SigningCalls.offer(new SigningCalls.Key(signer, publicKey));
        long maker = LibProvider.EVP_PKEY_CTX_new_from_name(
                Loaded.CONTEXT,
                NativeMemory.text(NativeMemory.text(LibProvider.EVP_PKEY_get0_type_name(publicKey))),
                0);
        try (Memory parameters = NativeParameters.of(SigningCalls.NUMBER, number)) {
            long[] made = new long[1];
            boolean done = maker != 0
                    && LibProvider.EVP_PKEY_fromdata_init(maker) == 1
                    && LibProvider.EVP_PKEY_fromdata(maker, made, KEY_PAIR, Pointer.nativeValue(parameters)) == 1;
            return done ? made[0] : 0;
        } finally {
            LibProvider.EVP_PKEY_CTX_free(maker);
            SigningCalls.withdraw(number);
        }
    }

    private static int init(long handle, long core, long functions, long context) {
        try {
            NativeMemory.writeLong(functions, Loaded.FUNCTIONS);
            NativeMemory.writeLong(context, handle);
            return 1;
        } catch (Throwable neverIntoTheLibrary) {
            return 0;
        }
    }

    private static long query(long context, int operation, long mustNotCache) {
        try {
            NativeMemory.writeInt(mustNotCache, 0);
            return switch (operation) {
                case OPERATION_KEYS -> Loaded.KEY_ALGORITHMS;
                case OPERATION_SIGNATURES -> Loaded.SIGNATURE_ALGORITHMS;
                default -> 0;
            };
        } catch (Throwable neverIntoTheLibrary) {
            return 0;
        }
    }

    /** {@return the address of a table of functions by their numbers} A zero ends it. */
    private static long dispatch(Map<Integer, Callback> functions) {
        Memory table = Forever.keep(new Memory((functions.size() + 1L) * DISPATCH_BYTES));
        table.clear();
        long at = 0;
        for (Map.Entry<Integer, Callback> function : new TreeMap<>(functions).entrySet()) {
            table.setInt(at, function.getKey());
            table.setPointer(at + Long.BYTES, CallbackReference.getFunctionPointer(function.getValue()));
            at += DISPATCH_BYTES;
        }
        return Pointer.nativeValue(table);
    }

    /** {@return the address of a table of algorithms that share their functions} A zero ends it. */
    private static long algorithms(long functions, String... names) {
        long properties = Forever.text(PROPERTIES);
        Memory table = Forever.keep(new Memory((names.length + 1L) * ALGORITHM_BYTES));
        table.clear();
        long at = 0;
        for (String name : names) {
            table.setLong(at, Forever.text(name));
            table.setLong(at + Long.BYTES, properties);
            table.setLong(at + 2L * Long.BYTES, functions);
            at += ALGORITHM_BYTES;
        }
        return Pointer.nativeValue(table);
    }
}
