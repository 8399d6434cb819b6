package dev.qssl.backend.openssl;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * OpenSSL, loaded into this process. There is one for each class loader of this backend, because native methods belong to
 * their class.
 */
final class OpenSsl {

    /** System property: {@code jni} or {@code jna} forces one way to make calls; otherwise the faster one that works. */
    static final String CALLS = "qssl.openssl.calls";

    /** The version whose headers this backend was written by. */
    static final long BUILD_NUMBER = 0x3000_0000L;

    /** That version in words. */
    static final String BUILD_VERSION = "OpenSSL 3.0.0";

    private static final System.Logger LOG = System.getLogger("dev.qssl");
    private static final long OLDEST = 0x1010_1000L;
    private static final long FIRST_UNKNOWN = 0x4000_0000L;
    private static final int RTLD_LAZY_AND_LOCAL = 1;

    /** Threads that are still in OpenSSL when the JVM exits must not lose what they stand on. */
    private static final long INIT_NO_ATEXIT = 0x0008_0000L;

    private final LibraryFiles files;
    private final long version;
    private final String text;
    private final RecordCalls calls;

    private OpenSsl(LibraryFiles files, long version, String text, RecordCalls calls) {
        this.files = files;
        this.version = version;
        this.text = text;
        this.calls = calls;
    }

    /** What became of the one attempt; made when it is first asked for. */
    private static final class Loaded {

        private static final Outcome OUTCOME = attempt();

        private static Outcome attempt() {
            try {
                requireJna();
                return new Outcome(search(LibrarySearch.ofSystem()), null);
            } catch (UnavailableException why) {
                return new Outcome(null, why);
            } catch (LinkageError | RuntimeException unexpected) {
                return new Outcome(null, LoadFailure.explain(unexpected));
            }
        }
    }

    private record Outcome(
            @Nullable OpenSsl library, @Nullable UnavailableException why) {}

    /**
     * {@return the library, loaded when this is called first}
     *
     * @throws UnavailableException if it cannot be had, the same each time
     */
    static OpenSsl load() throws UnavailableException {
        Outcome outcome = Loaded.OUTCOME;
        if (outcome.library != null) {
            return outcome.library;
        }
        throw outcome.why != null ? outcome.why : new UnavailableException("OpenSSL was not loaded", "report this");
    }

    /** Has JNA load its own native part, whose failure is not OpenSSL's. */
    private static void requireJna() throws UnavailableException {
        if (Native.POINTER_SIZE != Long.BYTES) {
            throw new UnavailableException(
                    "this is a process of " + Native.POINTER_SIZE * Byte.SIZE + " bits", "run a JVM of 64 bits");
        }
    }

    private static OpenSsl search(LibrarySearch search) throws UnavailableException {
        List<UnavailableException> failures = new ArrayList<>();
        for (LibraryFiles candidate : search.candidates()) {
            try {
                return open(candidate);
            } catch (UnavailableException next) {
                failures.add(next);
            }
        }
        if (failures.isEmpty()) {
            throw new UnavailableException(
                    "OpenSSL's libraries libssl and libcrypto were not found in "
                            + search.directories().stream()
                                    .map(Object::toString)
                                    .collect(Collectors.joining(", ")),
                    "install OpenSSL 3 (the package libssl3 or openssl-libs), or set the system properties "
                            + LibrarySearch.SSL + " and " + LibrarySearch.CRYPTO + " to its two files");
        }
        throw failures.get(0);
    }

    private static OpenSsl open(LibraryFiles files) throws UnavailableException {
        try {
            Map<String, Object> options = Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY_AND_LOCAL);
            NativeLibrary crypto = NativeLibrary.getInstance(files.crypto().toString(), options);
            NativeLibrary ssl = NativeLibrary.getInstance(files.ssl().toString(), options);
            long version = crypto.getFunction("OpenSSL_version_num").invokeLong(new Object[0]);
            requireSupported(version, files);
            LibCrypto.bind(crypto);
            LibSsl.bind(ssl);
            if (version >= BUILD_NUMBER) {
                LibSsl3.bind(ssl, crypto);
            }
            LibCrypto.OPENSSL_init_crypto(INIT_NO_ATEXIT, 0);
            return new OpenSsl(files, version, NativeMemory.text(LibCrypto.OpenSSL_version(0)), calls(files));
        } catch (LinkageError | RuntimeException failure) {
            throw LoadFailure.explain(failure, files);
        }
    }

    private static void requireSupported(long version, LibraryFiles files) throws UnavailableException {
        if (version < OLDEST || version >= FIRST_UNKNOWN) {
            throw new UnavailableException(
                    files.ssl() + " is version 0x" + Long.toHexString(version) + " of OpenSSL, "
                            + (version < OLDEST ? "older than 1.1.1" : "which this backend does not know"),
                    "install OpenSSL 3, or set the system properties " + LibrarySearch.SSL + " and "
                            + LibrarySearch.CRYPTO + " to its two files");
        }
    }

    private static RecordCalls calls(LibraryFiles files) throws UnavailableException {
        String forced = System.getProperty(CALLS, "");
        switch (forced) {
            case "jna" -> {
                return new JnaCalls();
            }
            case "jni" -> {
                return WildflyCalls.open(files);
            }
            case "" -> {
                try {
                    return WildflyCalls.open(files);
                } catch (LinkageError | RuntimeException notHere) {
                    LOG.log(Level.DEBUG, "OpenSSL is called through JNA: {0}", notHere.toString());
                    return new JnaCalls();
                }
            }
            default ->
                throw new UnavailableException(
                        "the system property " + CALLS + " is " + forced + ", which is no way to call OpenSSL",
                        "set it to jni or jna, or not at all");
        }
    }

    /** {@return the two files it was loaded from} */
    LibraryFiles files() {
        return files;
    }

    /** {@return its version as one number, such as 0x30000160 for 3.0.22} */
    long version() {
        return version;
    }

    /** {@return its version in its own words} */
    String text() {
        return text;
    }

    /** {@return how records are moved} */
    RecordCalls calls() {
        return calls;
    }

    /** {@return whether it is version 3.0 or newer} */
    boolean isVersion3() {
        return version >= BUILD_NUMBER;
    }
}
