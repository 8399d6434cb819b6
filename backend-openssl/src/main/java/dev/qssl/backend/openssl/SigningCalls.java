package dev.qssl.backend.openssl;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import java.security.PrivateKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the keys and signatures of {@link SigningProvider} answer. One function of each kind serves all keys and lives as long as
 * the process.
 *
 * <p>What the library takes for addresses of keys and of signatures in progress are numbers, which are looked up: one that is
 * not known any more is refused. Nothing is ever thrown into the library.
 */
final class SigningCalls {

    /** The parameter that a key is made of. */
    static final String NUMBER = "qssl-number";

    /** The one signature algorithm; a name that no other provider has, so that none is asked in its place. */
    static final String SIGNATURE = "QSSL-SIGNER";

    static final int PRIVATE_PART = 0x1;
    static final int PUBLIC_PART = 0x2;

    private static final int OPERATION_SIGNATURES = 12;

    private static final String DIGEST = "digest";
    private static final String PADDING = "pad-mode";
    private static final String SALT = "saltlen";
    private static final Pattern SHA2 = Pattern.compile("SHA2?-?(256|384|512)");

    // Names, and the numbers of openssl/rsa.h.
    private static final List<String> PSS = List.of("pss", "6");
    private static final List<String> PKCS1 = List.of("pkcs1", "1");
    private static final long SALT_LIKE_DIGEST = -1;

    private static final AtomicLong NUMBERS = new AtomicLong();

    /** Keys on their way into the library, by the number that the parameter holds. */
    private static final Map<Long, Key> OFFERED = new ConcurrentHashMap<>();

    private static final Map<Long, Key> KEYS = new ConcurrentHashMap<>();
    private static final Map<Long, Task> TASKS = new ConcurrentHashMap<>();

    private SigningCalls() {}

    /**
     * A key in the library.
     *
     * @param signer who signs
     * @param publicKey an {@code EVP_PKEY*} that answers all questions about the public part; owned
     */
    record Key(OpaqueSigner signer, long publicKey) {}

    /** A signature in progress. */
    private static final class Task {
        private @Nullable Key key;
        private boolean pss;
        private int hashBits;
    }

    /** The functions' tables and texts, for good. */
    private static final class Tables {
        static final long NO_NAMES = Pointer.nativeValue(NativeParameters.names(0));
        static final long OF_KEYS = Pointer.nativeValue(
                NativeParameters.names(NativeParameters.INTEGER, "bits", "security-bits", "max-size"));
        static final long OF_SIGNATURES =
                Pointer.nativeValue(NativeParameters.names(NativeParameters.UTF8_STRING, DIGEST, PADDING, SALT));
        static final long NAME = Forever.text(SIGNATURE);
    }

    private static final LibProvider.Make NEW = context -> NUMBERS.incrementAndGet();
    private static final LibProvider.Release FREE = number -> succeeds(() -> free(number));
    private static final LibProvider.Has HAS = (number, parts) -> succeeds(() -> KEYS.containsKey(number));
    private static final LibProvider.Import IMPORT =
            (number, parts, parameters) -> succeeds(() -> take(number, parameters));
    private static final LibProvider.Look PARTS = parts -> Tables.NO_NAMES;
    private static final LibProvider.Export EXPORT =
            (number, parts, receiver, argument) -> succeeds(() -> export(number, parts, receiver, argument));
    private static final LibProvider.Parameters DESCRIBE =
            (number, parameters) -> succeeds(() -> describe(number, parameters));
    private static final LibProvider.Make DESCRIPTION = context -> Tables.OF_KEYS;
    private static final LibProvider.Look OPERATION = number -> number == OPERATION_SIGNATURES ? Tables.NAME : 0;

    private static final LibProvider.MakeOfTwo NEW_TASK = (context, properties) -> {
        long number = NUMBERS.incrementAndGet();
        return succeeds(() -> TASKS.put(number, new Task()) == null) == 1 ? number : 0;
    };
    private static final LibProvider.Release FREE_TASK = number -> succeeds(() -> TASKS.remove(number) != null);
    private static final LibProvider.SignInit SIGN_INIT =
            (number, digest, key, parameters) -> succeeds(() -> begin(number, digest, key, parameters));
    private static final LibProvider.Sign SIGN = (number, signature, bytes, room, message, messageBytes) ->
            succeeds(() -> sign(number, new Out(signature, bytes, room), message, messageBytes));
    private static final LibProvider.Parameters SET = (number, parameters) -> succeeds(() -> {
        Task task = TASKS.get(number);
        return task != null && set(task, parameters);
    });
    private static final LibProvider.MakeOfTwo SETTABLE = (number, context) -> Tables.OF_SIGNATURES;

    /** Where a signature is wanted: room for it (no address, to be told only how much is needed), and for its length. */
    private record Out(long signature, long bytes, long room) {}

    /** {@return the functions of a key, by the numbers of {@code OSSL_FUNC_keymgmt}} */
    static Map<Integer, Callback> ofKeys() {
        return Map.ofEntries(
                Map.entry(1, NEW),
                Map.entry(10, FREE),
                Map.entry(11, DESCRIBE),
                Map.entry(12, DESCRIPTION),
                Map.entry(20, OPERATION),
                Map.entry(21, HAS),
                Map.entry(40, IMPORT),
                Map.entry(41, PARTS),
                Map.entry(42, EXPORT),
                Map.entry(43, PARTS));
    }

    /** {@return the functions of a signature, by the numbers of {@code OSSL_FUNC_signature}} */
    static Map<Integer, Callback> ofSignatures() {
        return Map.ofEntries(
                Map.entry(1, NEW_TASK),
                Map.entry(8, SIGN_INIT),
                Map.entry(11, SIGN),
                Map.entry(16, FREE_TASK),
                Map.entry(20, SET),
                Map.entry(21, SETTABLE));
    }

    /** {@return the number by which the library may ask for this key once} {@link #withdraw} must follow. */
    static long offer(Key key) {
        long number = NUMBERS.incrementAndGet();
        OFFERED.put(number, key);
        return number;
    }

    /** Takes a key back that the library did not ask for. */
    static void withdraw(long number) {
        Key left = OFFERED.remove(number);
        if (left != null) {
            LibCrypto.EVP_PKEY_free(left.publicKey);
        }
    }

    /** {@return how many native keys, and signatures in progress, there are of this key} */
    static long held(PrivateKey key) {
        Stream<Key> all = Stream.concat(
                Stream.concat(KEYS.values().stream(), OFFERED.values().stream()),
                TASKS.values().stream().flatMap(task -> Stream.ofNullable(task.key)));
        return all.filter(each -> each.signer.isOf(key)).count();
    }

    private static int succeeds(BooleanSupplier answer) {
        try {
            return answer.getAsBoolean() ? 1 : 0;
        } catch (Throwable neverIntoTheLibrary) {
            return 0;
        }
    }

    private static boolean take(long number, long parameters) {
        long parameter = NativeParameters.find(parameters, NUMBER);
        Key offered = parameter == 0
                ? null
                : OFFERED.remove(NativeParameters.number(parameter).orElse(0));
        if (offered != null) {
            KEYS.put(number, offered);
        }
        return offered != null;
    }

    private static boolean free(long number) {
        Key key = KEYS.remove(number);
        if (key != null) {
            LibCrypto.EVP_PKEY_free(key.publicKey);
        }
        return key != null;
    }

    /** The public part only: another provider that was given it for the whole would sign with what is not there. */
    private static boolean export(long number, int parts, long receiver, long argument) {
        Key key = KEYS.get(number);
        return key != null
                && (parts & PRIVATE_PART) == 0
                && LibProvider.EVP_PKEY_export(key.publicKey, parts, receiver, argument) == 1;
    }

    private static boolean describe(long number, long parameters) {
        Key key = KEYS.get(number);
        return key != null && LibProvider.EVP_PKEY_get_params(key.publicKey, parameters) == 1;
    }

    private static boolean begin(long number, long digest, long keyNumber, long parameters) {
        Task task = TASKS.get(number);
        if (task == null) {
            return false;
        }
        Key key = keyNumber == 0 ? task.key : KEYS.get(keyNumber);
        task.key = key;
        if (key == null) {
            return false;
        }
        task.pss = key.signer.isForPssOnly();
        return hash(task, NativeMemory.text(digest)) && set(task, parameters);
    }

    private static boolean hash(Task task, String name) {
        if (name.isEmpty()) {
            task.hashBits = 0;
            return true;
        }
        Matcher digest = SHA2.matcher(name);
        if (!digest.matches()) {
            return false;
        }
        task.hashBits = Integer.parseInt(digest.group(1));
        return true;
    }

    /** What it does not know is not asked of it; what it knows must be something that TLS signs with. */
    private static boolean set(Task task, long parameters) {
        long digest = NativeParameters.find(parameters, DIGEST);
        if (digest != 0 && !hash(task, NativeParameters.text(digest))) {
            return false;
        }
        long padding = NativeParameters.find(parameters, PADDING);
        if (padding != 0) {
            String name = NativeParameters.isText(padding)
                    ? NativeParameters.text(padding)
                    : String.valueOf(NativeParameters.number(padding).orElse(0));
            task.pss = PSS.contains(name);
            if (!task.pss && !PKCS1.contains(name)) {
                return false;
            }
        }
        long salt = NativeParameters.find(parameters, SALT);
        if (salt == 0) {
            return true;
        }
        return NativeParameters.isText(salt)
                ? List.of("digest", "-1", String.valueOf(task.hashBits / Byte.SIZE))
                        .contains(NativeParameters.text(salt))
                : NativeParameters.number(salt).orElse(0) == SALT_LIKE_DIGEST;
    }

    private static boolean sign(long number, Out out, long message, long messageBytes) {
        Task task = TASKS.get(number);
        Key key = task == null ? null : task.key;
        if (task == null || key == null) {
            return false;
        }
        if (out.signature == 0) {
            NativeMemory.writeLong(out.bytes, LibProvider.EVP_PKEY_get_size(key.publicKey));
            return true;
        }
        try {
            byte[] signature =
                    key.signer.sign(task.pss, task.hashBits, NativeMemory.read(message, Math.toIntExact(messageBytes)));
            if (signature.length > out.room) {
                throw new SigningFailure("the private key of " + key.signer.subject() + " made a signature of "
                        + signature.length + " bytes, and " + out.room + " is the most");
            }
            NativeMemory.write(out.signature, signature);
            NativeMemory.writeLong(out.bytes, signature.length);
            return true;
        } catch (SigningFailure why) {
            key.signer.failed(why);
            return false;
        }
    }
}
