package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.tck.fixture.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher {@code ./qssl}, in a copy of the project that has a Java and a Maven made for the test. */
class LauncherTest {

    private static final String RELEASE = "JAVA_VERSION=\"17.0.1\"\n";
    private static final String JAVA = "#!/bin/sh\nfor a in \"$@\"; do printf '[%s]' \"$a\"; done\nexit 7\n";
    private static final String MAVEN = """
        #!/bin/sh
        echo '[INFO] Building QSSL API 1.0                       [1/2]'
        echo "mvn $*" >>calls
        echo "JAVA_HOME=$JAVA_HOME" >>calls
        mkdir -p cli/target && : >cli/target/qssl.jar
        """;

    @TempDir
    Path directory;

    private Path home;
    private Path bin;

    @BeforeEach
    void copy() throws IOException {
        home = Files.createDirectory(directory.resolve("a project"));
        bin = Files.createDirectories(directory.resolve("jdk/bin"));
        Files.copy(Path.of("../qssl"), home.resolve("qssl"));
        executable(home.resolve("qssl"), Files.readString(home.resolve("qssl")));
        Files.writeString(directory.resolve("jdk/release"), RELEASE);
        executable(bin.resolve("java"), JAVA);
        executable(bin.resolve("javac"), "#!/bin/sh\n");
        executable(bin.resolve("mvn"), MAVEN);
    }

    @Test
    void firstUse_buildsAndSaysSo() throws Exception {
        Result result = launch(home.resolve("qssl"), "demo");

        assertThat(result.messages()).contains("first use: building", "target/qssl-build.log", "[1/2] QSSL API");
        assertThat(Files.readString(home.resolve("calls")))
                .contains(
                        "-pl cli -am package",
                        "JAVA_HOME=" + directory.resolve("jdk").toRealPath());
        assertThat(result.output()).endsWith("[-jar][" + home.toRealPath() + "/cli/target/qssl.jar][demo]");
    }

    @Test
    void laterUse_doesNotBuild() throws Exception {
        launch(home.resolve("qssl"), "demo");
        Files.delete(home.resolve("calls"));
        Files.delete(bin.resolve("mvn"));

        Result result = launch(home.resolve("qssl"), "demo");

        assertThat(result.messages()).isEmpty();
        assertThat(home.resolve("calls")).doesNotExist();
    }

    @Test
    void argumentsAndExitCode_passThrough() throws Exception {
        Result result = launch(home.resolve("qssl"), "connect", "a b", "", "*", "$x");

        assertThat(result.output()).endsWith("[connect][a b][][*][$x]");
        assertThat(result.exitCode()).isEqualTo(7);
    }

    @Test
    void linksToIt_leadHome() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("a project/qssl"));
        Path second = Files.createSymbolicLink(bin.resolve("qssl"), link);

        assertThat(launch(second).output()).contains("[" + home.toRealPath() + "/cli/target/qssl.jar]");
    }

    @Test
    void rebuild_buildsAgain() throws Exception {
        launch(home.resolve("qssl"), "demo");

        Result alone = launch(home.resolve("qssl"), "--rebuild");
        Result withCommand = launch(home.resolve("qssl"), "--rebuild", "demo");

        assertThat(alone.exitCode()).isZero();
        assertThat(alone.output()).isEmpty();
        assertThat(withCommand.output()).endsWith("[demo]");
        assertThat(Files.readAllLines(home.resolve("calls")).stream().filter(line -> line.startsWith("mvn ")))
                .hasSize(3);
    }

    @Test
    void failedBuild_showsWhatMavenSaid() throws Exception {
        executable(bin.resolve("mvn"), "#!/bin/sh\necho '[ERROR] no such symbol'\nexit 1\n");

        Result result = launch(home.resolve("qssl"), "demo");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.messages()).contains("[ERROR] no such symbol", "the build failed");
        assertThat(result.output()).isEmpty();
        assertThat(home.resolve("target/qssl-build.log")).hasContent("[ERROR] no such symbol");
    }

    @Test
    void oldJava_isRefused() throws Exception {
        Files.writeString(directory.resolve("jdk/release"), RELEASE.replace("17.0.1", "11.0.2"));

        Result result = launch(home.resolve("qssl"), "demo");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.messages()).contains("is version 11.0.2, but 17 or newer is needed");
    }

    @Test
    void veryOldJava_isRefused() throws Exception {
        Files.delete(directory.resolve("jdk/release"));
        executable(bin.resolve("java"), "#!/bin/sh\necho 'openjdk version \"1.8.0_292\"' >&2\n");

        assertThat(launch(home.resolve("qssl")).messages()).contains("is version 1.8.0_292, but 17 or newer is needed");
    }

    @Test
    void missingJava_isTold() throws Exception {
        Files.delete(bin.resolve("java"));

        assertThat(launch(home.resolve("qssl")).messages()).contains("there is no java; install a JDK 17 or newer");
    }

    @Test
    void wrongJavaHome_isTold() throws Exception {
        Result result = launch(Map.of("JAVA_HOME", "/nowhere"), home.resolve("qssl"));

        assertThat(result.messages()).contains("JAVA_HOME is /nowhere, but there is no bin/java in it");
    }

    @Test
    void missingMaven_isTold() throws Exception {
        Files.delete(bin.resolve("mvn"));

        assertThat(launch(home.resolve("qssl")).messages()).contains("there is no mvn; install Maven 3.8.7 or newer");
    }

    @Test
    void missingCompiler_isTold() throws Exception {
        Files.delete(bin.resolve("javac"));

        assertThat(launch(home.resolve("qssl")).messages()).contains("has no compiler beside it; install a JDK");
    }

    private record Result(int exitCode, String output, String messages) {}

    private Result launch(Path launcher, String... arguments) throws Exception {
        return launch(Map.of(), launcher, arguments);
    }

    private Result launch(Map<String, String> variables, Path launcher, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path messages = directory.resolve("messages");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(messages.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", bin + ":" + tools());
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output, Files.readString(messages));
    }

    // The usual programs, but for the machine's own java and mvn.
    private Path tools() throws IOException {
        Path tools = directory.resolve("tools");
        if (!Files.exists(tools)) {
            Files.createDirectory(tools);
            for (String tool : List.of(
                    "awk", "sed", "grep", "head", "cat", "tee", "mkdir", "rm", "dirname", "readlink", "flock")) {
                executable(tools.resolve(tool), "#!/bin/sh\nexec " + Programs.require(tool) + " \"$@\"\n");
            }
        }
        return tools;
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
