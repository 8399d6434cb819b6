package dev.qssl.spi;

import java.util.Optional;

/** Whether a backend can run in this process and, if not, why and what would help. */
public sealed interface Availability {

    /**
     * It can run.
     *
     * @param versionNumber the library's version as one number that grows with it, above 0
     * @param version the library's name and version at run time, such as {@code OpenSSL 3.0.19 27 Jan 2026}
     * @param buildVersionNumber the same number for the library this backend was built against, above 0
     * @param buildVersion that library's name and version
     * @param path where the library was loaded from; empty if it is part of the JDK
     */
    record Available(
            long versionNumber, String version, long buildVersionNumber, String buildVersion, Optional<String> path)
            implements Availability {

        /**
         * It can run, with the very version it was built against, or with one for which no other number is known.
         *
         * @param versionNumber the library's version as one number that grows with it, above 0
         * @param version the library's name and version at run time
         * @param buildVersion that of the library this backend was built against
         * @param path where the library was loaded from; empty if it is part of the JDK
         */
        public Available(long versionNumber, String version, String buildVersion, Optional<String> path) {
            this(versionNumber, version, versionNumber, buildVersion, path);
        }
    }

    /**
     * It cannot run.
     *
     * @param reason one sentence: what is missing or wrong
     * @param remedy one sentence: what the user can do about it
     * @param cause the library's own failure, if there was one
     */
    record Unavailable(String reason, String remedy, Optional<Throwable> cause) implements Availability {}
}
