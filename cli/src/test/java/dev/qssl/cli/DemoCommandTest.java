package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code qssl demo}. */
class DemoCommandTest {

    @Test
    void table_hasARowForEachBackendThatCanRun() {
        Command command = Command.run("demo");

        assertThat(command.exitCode()).isZero();
        assertThat(command.messages().bytes()).isEmpty();
        List<String> lines = command.output().text().lines().toList();
        assertThat(lines).anySatisfy(line -> assertThat(line).matches("\\| backend .*\\| handshake \\|"));
        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .matches("\\| jdk +\\| SunJSSE .*\\| TLSv1.3 .*\\| TLS_AES_.*\\| demo \\| CN=localhost \\|.*"));
    }

    @Test
    void json_holdsTheMeasuredTime() {
        Command command = Command.run("demo", "--json");

        assertThat(JsonParser.parseString(command.output().text()).getAsJsonArray())
                .anySatisfy(run -> {
                    assertThat(Json.object(run))
                            .containsEntry("backend", "jdk")
                            .containsEntry("alpn", "demo")
                            .containsEntry("failure", "null");
                    assertThat(run.getAsJsonObject().get("handshakeMillis").getAsDouble())
                            .isPositive();
                });
    }
}
