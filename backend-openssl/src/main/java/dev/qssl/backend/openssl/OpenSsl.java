package dev.qssl.backend.openssl;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    static final long BUILD_NUMBER = LibraryVersion.FIRST_3;

    /** That version in words. */
    static final String BUILD_VERSION = "OpenSSL 3.0.0";

    private static final System.Logger LOG = System.getLogger("dev.qssl");
    private static final String VERSION_FUNCTION = "OpenSSL_version_num";
    private static final int RTLD_LAZY_AND_LOCAL = 1;

    /** Threads that are still in OpenSSL when the JVM exits must not lose what they stand on. */
    private static final long INIT_NO_ATEXIT = 0x0008_0000L;

    private final LibraryFiles files;
    private final LibraryVersion version;
    private final RecordCalls calls;

    private OpenSsl(LibraryFiles files, LibraryVersion version, RecordCalls calls) {
        this.files = files;
        this.version = version;
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

    /**
     * {@return these files, loaded} What is not known is refused before anything of it is called.
     *
     * @throws UnavailableException if they cannot be used
     */
    static OpenSsl open(LibraryFiles files) throws UnavailableException {
        try {
            Map<String, Object> options = Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY_AND_LOCAL);
            NativeLibrary crypto = NativeLibrary.getInstance(files.crypto().toString(), options);
            LibraryVersion version = LibraryVersion.of(crypto);
            requireSupported(version, files);
            NativeLibrary ssl = NativeLibrary.getInstance(files.ssl().toString(), options);
            requireOneCrypto(ssl, crypto, files);
            LibCrypto.bind(crypto);
            LibSsl.bind(ssl);
            if (version.is3()) {
                LibSsl3.bind(ssl, crypto);
            }
            LibCrypto.OPENSSL_init_crypto(INIT_NO_ATEXIT, 0);
            return new OpenSsl(files, version, calls(files));
        } catch (LinkageError | RuntimeException failure) {
            throw LoadFailure.explain(failure, files);
        }
    }

    private static void requireSupported(LibraryVersion version, LibraryFiles files) throws UnavailableException {
        Optional<String> objection = version.objection();
        if (objection.isPresent()) {
            throw new UnavailableException(
                    files.crypto() + " " + objection.get(),
                    "install OpenSSL 3, or set the system properties " + LibrarySearch.SSL + " and "
                            + LibrarySearch.CRYPTO + " to its two files");
        }
    }

    /**
     * A libssl is given the libcrypto that its process has loaded under that name already, whatever lies beside it. Two that
     * are not the same would be handed each other's objects, and crash. Where a library does not show what it depends on
     * (Windows) this cannot be seen.
     */
    private static void requireOneCrypto(NativeLibrary ssl, NativeLibrary crypto, LibraryFiles files)
            throws UnavailableException {
        Function used;
        try {
            used = ssl.getFunction(VERSION_FUNCTION);
        } catch (UnsatisfiedLinkError notShown) {
            return;
        }
        if (!used.equals(crypto.getFunction(VERSION_FUNCTION))) {
            throw new UnavailableException(
                    files.ssl() + " does not use " + files.crypto()
                            + ", but another libcrypto that this process has loaded before",
                    "set the system properties " + LibrarySearch.SSL + " and " + LibrarySearch.CRYPTO
                            + " to the two files of the OpenSSL that is loaded first");
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

    /** {@return which one it is} */
    LibraryVersion version() {
        return version;
    }

    /** {@return how records are moved} */
    RecordCalls calls() {
        return calls;
    }

    /** {@return whether it is version 3.0 or newer} */
    boolean isVersion3() {
        return version.is3();
    }
}
