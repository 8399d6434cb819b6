package dev.qssl.cli;

import dev.qssl.BackendInfo;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Availability.Unavailable;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The name of a backend, and where it was written.
 *
 * @param name maybe of one that is not there
 * @param source what a person wrote to name it; empty if nobody named one, and it is the first available
 */
record NamedBackend(String name, String source) {

    /** Certificates and keys without TLS: the one backend that is always there and never of use here. */
    static final String CERTIFICATES_ONLY = "cert-only";

    private static final String PROPERTY = "qssl.backend";
    private static final String VARIABLE = "QSSL_BACKEND";

    /**
     * {@return the backend that a command is to use}
     *
     * @param option the value of {@code --backend}; empty if it was not given
     */
    static NamedBackend of(String option) {
        return option.isEmpty() ? active() : new NamedBackend(option, "--backend " + option);
    }

    /** {@return the backend of commands whose options name none} */
    static NamedBackend active() {
        String name = QSslSocket.activeBackend();
        if (isIn(name, System.getProperty(PROPERTY))) {
            return new NamedBackend(name, "system property " + PROPERTY + "=" + name);
        }
        return new NamedBackend(name, isIn(name, System.getenv(VARIABLE)) ? VARIABLE + "=" + name : "");
    }

    private static boolean isIn(String name, @Nullable String setting) {
        return setting != null && setting.strip().equals(name);
    }

    /** {@return how the beginning of a message names it} */
    String who() {
        return source.isEmpty() ? "backend " + name : source;
    }

    /**
     * {@return the backend}
     *
     * @throws CommandFailure (usage) if there is none of this name, or it cannot run
     */
    BackendInfo find() throws CommandFailure {
        Optional<BackendInfo> found = QSslSocket.backends().stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst();
        if (found.isEmpty()) {
            throw CommandFailure.usage(who() + ": there is no backend " + name + "." + available());
        }
        if (found.get().availability() instanceof Unavailable why) {
            throw CommandFailure.usage(
                    who() + ": it cannot run here: " + why.reason() + ". " + why.remedy() + "." + available());
        }
        return found.get();
    }

    private static String available() {
        String names = QSslSocket.availableBackends().stream()
                .filter(name -> !name.equals(CERTIFICATES_ONLY))
                .collect(Collectors.joining(", "));
        return " Available: " + (names.isEmpty() ? "none" : names) + ". See 'qssl backends'.";
    }
}
