package dev.qssl.internal.backend;

import dev.qssl.spi.TlsBackend;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the registry sees of the process. Tests bring their own.
 *
 * @param loaders the class loaders to search for providers, the preferred one first
 * @param property looks up a system property
 * @param variable looks up an environment variable
 */
public record BackendEnvironment(
        Supplier<List<ClassLoader>> loaders,
        Function<String, Optional<String>> property,
        Function<String, Optional<String>> variable) {

    /** {@return the environment of this process: the API's class loader, then the current thread's} */
    public static BackendEnvironment ofProcess() {
        return new BackendEnvironment(
                () -> Stream.of(
                                TlsBackend.class.getClassLoader(),
                                Thread.currentThread().getContextClassLoader())
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList(),
                name -> Optional.ofNullable(System.getProperty(name)),
                name -> Optional.ofNullable(System.getenv(name)));
    }
}
