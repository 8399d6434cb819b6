package dev.qssl.backend.openssl;

/** Finds out why OpenSSL could not be loaded, and what would help. */
final class LoadFailure {

    private LoadFailure() {}

    /**
     * {@return reason and remedy}
     *
     * @param failure what loading threw
     * @param files what was to be loaded
     */
    static UnavailableException explain(Throwable failure, LibraryFiles files) {
        if (isNativeAccessDenied(failure) || failure instanceof NoClassDefFoundError) {
            return explain(failure);
        }
        return new UnavailableException(
                files.ssl() + " cannot be used: " + firstLine(failure),
                "install OpenSSL 1.1.1 or 3 for " + System.getProperty("os.name") + ", " + System.getProperty("os.arch")
                        + ", or set the system properties " + LibrarySearch.SSL + " and " + LibrarySearch.CRYPTO
                        + " to its two files",
                failure);
    }

    /**
     * {@return reason and remedy}
     *
     * @param failure what happened before any library was looked at
     */
    static UnavailableException explain(Throwable failure) {
        if (isNativeAccessDenied(failure)) {
            return new UnavailableException(
                    "this JVM does not let JNA load its native library",
                    "start it with --enable-native-access=ALL-UNNAMED, or with"
                            + " --enable-native-access=dev.qssl.backend.openssl,com.sun.jna if they are on the module path",
                    failure);
        }
        if (failure instanceof NoClassDefFoundError && isMissingClass(failure)) {
            return new UnavailableException(
                    "JNA is not on the class path", "put net.java.dev.jna:jna beside this backend", failure);
        }
        return new UnavailableException(
                "JNA cannot load its native library on " + System.getProperty("os.name") + ", "
                        + System.getProperty("os.arch") + ": " + firstLine(failure),
                "JNA unpacks it into java.io.tmpdir, from where code must be allowed to run; the system property"
                        + " jna.tmpdir names another directory",
                failure);
    }

    private static boolean isMissingClass(Throwable failure) {
        return failure.getCause() instanceof ClassNotFoundException;
    }

    /** JDK 24 and later deny it where they were told to (JEP 472). */
    private static boolean isNativeAccessDenied(Throwable failure) {
        if (failure instanceof IllegalCallerException) {
            return true;
        }
        for (Throwable attempt : failure.getSuppressed()) {
            if (isNativeAccessDenied(attempt)) {
                return true;
            }
        }
        return failure.getCause() != null && isNativeAccessDenied(failure.getCause());
    }

    private static String firstLine(Throwable failure) {
        String said = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return said.isEmpty() ? failure.getClass().getSimpleName() : said;
    }
}
