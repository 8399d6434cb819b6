package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code QSSL_BACKEND} and {@code qssl.backend}, in processes of their own: a process chooses its backend once. */
class NamedBackendTest {

    @TempDir
    Path directory;

    private ChildProgram run(String variable, String property, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add("QSSL_BACKEND=" + variable);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dqssl.backend=" + property);
        command.addAll(List.of("-cp", absoluteClassPath(), Qssl.class.getName()));
        command.addAll(List.of(arguments));
        return ChildProgram.run(directory, "env", command.toArray(String[]::new));
    }

    private static String absoluteClassPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(java.io.File.pathSeparator, entries);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "backends", "serve", "connect 127.0.0.1:1"})
    void variableThatNamesNoBackend_isBlamedByEveryCommand(String command) throws Exception {
        ChildProgram child = run("nope", "", command.split(" ", -1));

        assertThat(child.output().text())
                .contains("qssl: QSSL_BACKEND=nope: there is no backend nope. Available: ", "jdk")
                .doesNotContain("--backend", "Each client", ", cert-only. ");
        assertThat(child.exitCode()).isEqualTo(2);
    }

    @Test
    void propertyThatNamesNoBackend_isBlamedBeforeTheVariable() throws Exception {
        ChildProgram child = run("jdk", "nope", "connect", "127.0.0.1:1");

        assertThat(child.output().text()).contains("qssl: system property qssl.backend=nope: there is no backend nope");
        assertThat(child.exitCode()).isEqualTo(2);
    }

    @Test
    void variableThatNamesABackendWithoutSockets_isRefused() throws Exception {
        ChildProgram child = run("cert-only", "", "demo");

        assertThat(child.output().text()).contains("qssl: QSSL_BACKEND=cert-only: it has no TLS servers");
        assertThat(child.exitCode()).isEqualTo(2);
    }

    @Test
    void variableThatNamesABackend_choosesTheServerOfTheDemo() throws Exception {
        ChildProgram child = run("jdk", "", "demo");

        assertThat(child.output().text()).contains("A server on the backend jdk,", "Each client verified the server");
        assertThat(child.exitCode()).isZero();
    }
}
