package dev.qssl.benchmarks.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What came of compiling a {@link Program}: an executable, or the reason why there is none. */
final class Build {

    private static final Duration TIME_LIMIT = Duration.ofMinutes(2);

    private static final Map<Program, Build> MADE = new ConcurrentHashMap<>();

    private final @Nullable Path executable;
    private final String failure;

    private Build(@Nullable Path executable, String failure) {
        this.executable = executable;
        this.failure = failure;
    }

    /** {@return what came of compiling it with its own tools} Done once; the executable lives as long as this process. */
    static Build of(Program program) {
        return MADE.computeIfAbsent(program, missing -> of(missing, missing.toolchain()));
    }

    static Build of(Program program, Toolchain tools) {
        try {
            Path directory = Files.createTempDirectory("qssl-benchmarks-");
            directory.toFile().deleteOnExit();
            Path source = directory.resolve(program.source());
            try (InputStream text = Program.class.getResourceAsStream(program.source())) {
                Files.copy(Objects.requireNonNull(text, program.source()), source);
            }
            source.toFile().deleteOnExit();
            Path executable = directory.resolve(program.bar());
            executable.toFile().deleteOnExit();
            Output output = Output.of(command(tools, source, executable), TIME_LIMIT);
            return output.succeeded() && Files.isExecutable(executable)
                    ? new Build(executable, "")
                    : failed(tools, output.firstLine());
        } catch (IOException e) {
            return failed(tools, String.valueOf(e.getMessage()));
        }
    }

    private static Build failed(Toolchain tools, String reason) {
        return new Build(null, "it does not compile: " + reason + "; needed: " + tools.remedy());
    }

    private static List<String> command(Toolchain tools, Path source, Path executable) throws IOException {
        String compiler = Optional.ofNullable(System.getenv(tools.variable())).orElse(tools.compiler());
        List<String> command = new ArrayList<>();
        command.add(compiler);
        command.addAll(tools.flags());
        command.addAll(List.of("-o", executable.toString(), source.toString()));
        command.addAll(libraryFlags(tools));
        return command;
    }

    private static List<String> libraryFlags(Toolchain tools) throws IOException {
        try {
            Output output = Output.of(List.of("pkg-config", "--cflags", "--libs", tools.packageName()), TIME_LIMIT);
            if (output.succeeded()) {
                return Stream.of(output.text().trim().split("\\s+", -1))
                        .filter(flag -> !flag.isEmpty())
                        .toList();
            }
            return withoutPackageConfig(tools, new IOException(output.firstLine()));
        } catch (IOException missing) {
            return withoutPackageConfig(tools, missing);
        }
    }

    private static List<String> withoutPackageConfig(Toolchain tools, IOException reason) throws IOException {
        if (tools.flagsWithout().isEmpty()) {
            throw reason;
        }
        return tools.flagsWithout();
    }

    /** {@return why there is no executable; empty if there is one} */
    Optional<String> obstacle() {
        return executable == null ? Optional.of(failure) : Optional.empty();
    }

    /** {@return the executable} */
    Path executable() {
        if (executable == null) {
            throw new UncheckedIOException(new IOException(failure));
        }
        return executable;
    }
}
