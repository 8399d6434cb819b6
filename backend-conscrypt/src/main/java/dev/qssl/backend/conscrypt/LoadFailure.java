package dev.qssl.backend.conscrypt;

import dev.qssl.spi.Availability;
import java.util.Optional;

/** Finds out why Conscrypt could not be loaded, and what would help. */
final class LoadFailure {

    private LoadFailure() {}

    /**
     * {@return reason and remedy}
     *
     * @param failure what loading threw
     */
    static Availability.Unavailable explain(Throwable failure) {
        if (failure instanceof NoClassDefFoundError) {
            return new Availability.Unavailable(
                    "Conscrypt is not on the class path",
                    "put org.conscrypt:conscrypt-openjdk-uber beside this backend",
                    Optional.of(failure));
        }
        if (isNativeAccessDenied(failure)) {
            return new Availability.Unavailable(
                    "this JVM does not let Conscrypt load its native library",
                    "start it with --enable-native-access=ALL-UNNAMED, or with --enable-native-access=org.conscrypt"
                            + " if Conscrypt is on the module path",
                    Optional.of(failure));
        }
        return new Availability.Unavailable(
                "Conscrypt's native library cannot be loaded on " + System.getProperty("os.name") + ", "
                        + System.getProperty("os.arch") + ": " + firstLine(failure),
                "Conscrypt has one for Linux with glibc and macOS, on x86-64 and ARM 64, and for Windows on x86-64, and"
                        + " unpacks it into java.io.tmpdir, from where code must be allowed to run; elsewhere use another"
                        + " backend",
                Optional.of(failure));
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
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
