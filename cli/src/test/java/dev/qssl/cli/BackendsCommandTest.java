package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.qssl.BackendInfo;
import dev.qssl.QSslSocket;
import org.junit.jupiter.api.Test;

/** {@code qssl backends}. */
class BackendsCommandTest {

    @Test
    void table_namesEveryBackendAndTheDefault() {
        Command command = Command.run("backends");

        assertThat(command.exitCode()).isZero();
        assertThat(command.output().text())
                .contains(QSslSocket.activeBackend() + " (default)")
                .contains(QSslSocket.backends().stream()
                        .map(backend -> backend.name())
                        .toList());
    }

    @Test
    void table_showsClasses_andBelowItPathsAreWhole() {
        String text = Command.run("backends").output().text();

        assertThat(text).containsPattern("\\| classes +\\|").containsPattern("certificate,[a-z, ]*socket");
        QSslSocket.backends().stream()
                .filter(BackendInfo::isAvailable)
                .forEach(backend -> BackendsCommand.library(backend)
                        .path()
                        .ifPresent(
                                path -> assertThat(text).contains(backend.name() + " was loaded from " + path + ".")));
    }

    @Test
    void belowTheTable_standsWhatElseEachBackendHasAndLacks() {
        String text = Command.run("backends").output().text();

        assertThat(text).containsPattern("conscrypt also has: [a-z ,]*group choice, exporter[a-z ,]*\\.");
        assertThat(text).contains("jdk, key log: no; ", "jdk, ticket keys: no; ", "conscrypt, key log: no; ");
        // Servers neither export sessions nor can lack that.
        assertThat(text).doesNotContain("conscrypt, session export");
    }

    @Test
    void json_holdsWhatTheLibrarySays() {
        Command command = Command.run("backends", "--json");

        JsonArray backends = JsonParser.parseString(command.output().text()).getAsJsonArray();
        assertThat(backends).hasSameSizeAs(QSslSocket.backends());
        assertThat(backends)
                .anySatisfy(backend -> assertThat(Json.object(backend))
                        .containsEntry("name", "jdk")
                        .containsEntry("available", "true")
                        .containsEntry("protocols", "[\"TLSv1.2\",\"TLSv1.3\"]")
                        .containsKeys("version", "features", "classes", "cipherSuites", "groups", "capabilities"));
    }
}
