package dev.qssl.benchmarks.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.qssl.benchmarks.bars.Agreement;
import dev.qssl.benchmarks.bars.Arena;
import dev.qssl.benchmarks.bars.Handshakes;
import dev.qssl.benchmarks.bars.RoundTrips;
import dev.qssl.benchmarks.bars.Tally;
import dev.qssl.benchmarks.bars.Work;
import dev.qssl.tck.fixture.Programs;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What peers that are not Java say, and what becomes of those that say nothing. */
class ProgramsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MOMENT = Duration.ofMillis(50);

    @Test
    void answers_becomeFigures() throws Exception {
        assertThat(Answer.parse("port 4711").number("port")).isEqualTo(4711);
        assertThat(Answer.parse("handshakes 1000 2000000000 300000").tally("handshakes", 700_000))
                .isEqualTo(new Tally(1000, 2e9, 1e6));
        assertThat(Answer.parse("pings 2 100000 30000 20500 79500").roundTrips(10_000))
                .isEqualTo(new RoundTrips(new Tally(2, 1e5, 4e4), 20.5, 79.5));
        assertThat(Answer.parse("refused hostname mismatch").isRefusal()).isTrue();
    }

    @Test
    void agreement_isReadWordByWord() throws Exception {
        assertThat(Answer.parse("agreement TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 full verified")
                        .agreement())
                .isEqualTo(Agreement.EXPECTED);
        assertThat(Answer.parse("agreement TLSv1.3 TLS_AES_128_GCM_SHA256 ? resumed verified")
                        .agreement())
                .isEqualTo(Agreement.expected(Handshakes.RESUMED));
        assertThat(Answer.parse("agreement TLSv1.3 TLS_AES_128_GCM_SHA256 secp256r1 full verified")
                        .agreement())
                .isNotEqualTo(Agreement.EXPECTED);
        assertThat(Answer.parse("agreement TLSv1.3 TLS_AES_128_GCM_SHA256 x25519 full unverified")
                        .agreement())
                .isNotEqualTo(Agreement.EXPECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "bytes", "bytes 1 2", "bytes 1 2 3 4", "bytes 1 2 x", "bytes 1 2 -3", "handshakes 1 2 3"})
    void answerToAnotherQuestion_isRefused(String line) {
        assertThatIOException().isThrownBy(() -> Answer.parse(line).tally("bytes", 0));
    }

    @Test
    void speed_isReadFromTheMachineReadableForm() throws Exception {
        String text = """
                +DT:AES-128-GCM:1:16384
                +R:189886:AES-128-GCM:0.980000
                +H:16384
                +F:25:AES-128-GCM:3174583902.04
                """;

        assertThat(OpenSslSpeed.parse(text)).isEqualTo(3_174_583_902.04);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+H:16384",
                "+F:25:AES-128-GCM:",
                "+F:25:AES-128-GCM:quick",
                "+F:25:AES-128-GCM:0.00",
                "+F:25:AES-256-GCM:3174583902.04",
                "+F:25:AES-128-GCM:1.0:2.0"
            })
    void speedOfSomethingElse_isRefused(String text) {
        assertThatIOException().isThrownBy(() -> OpenSslSpeed.parse(text));
    }

    @Test
    void childThatAnswers_isAsked() throws Exception {
        try (Child echo = Child.start("echo", List.of(Programs.require("cat")))) {
            assertThat(echo.ask("hello", PATIENCE)).isEqualTo("hello");
            assertThatIOException()
                    .isThrownBy(() -> echo.ask("failed for a reason", PATIENCE))
                    .withMessageContaining("for a reason");
        }
    }

    @Test
    void childThatSaysNothing_isKilledInTime() throws Exception {
        try (Child silent = Child.start("silence", List.of(Programs.require("sleep"), "600"))) {
            assertThatIOException()
                    .isThrownBy(() -> silent.ask("hello", MOMENT))
                    .withMessageContaining("silence did not answer 'hello'")
                    .withMessageContaining("killed");
            silent.end(PATIENCE);
            assertThat(silent.isAlive()).isFalse();
        }
    }

    @Test
    void childThatDoesNotEnd_isKilledWhenClosed() throws Exception {
        Child deaf = Child.start("deaf", List.of(Programs.require("sleep"), "600"));

        deaf.end(MOMENT);

        assertThat(deaf.isAlive()).isFalse();
    }

    @Test
    void childThatEnds_isNamed() throws Exception {
        try (Child brief = Child.start("brevity", List.of(Programs.require("true")))) {
            assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> brief.ask("hello", PATIENCE))
                    .withMessageContaining("brevity ended");
        }
    }

    @Test
    void commandThatDoesNotEnd_isKilled() {
        assertThatIOException()
                .isThrownBy(() -> Output.of(List.of(Programs.require("sleep"), "600"), MOMENT))
                .withMessageContaining("did not end");
    }

    @Test
    void missingCompiler_isNamedWithTheRemedy() {
        Toolchain none = new Toolchain(
                "QSSL_NO_SUCH_VARIABLE", "no-such-compiler", List.of(), "openssl", List.of("-lssl"), "a compiler");

        assertThat(Build.of(Program.LIBSSL_C, none).obstacle())
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains("no-such-compiler").contains("needed: a compiler"));
    }

    @Test
    void missingLibrary_isNamedWithTheRemedy() {
        Toolchain none = new Toolchain(
                "QSSL_NO_SUCH_VARIABLE", "cc", List.of(), "no-such-library", List.of(), "the library's files");

        assertThat(Build.of(Program.LIBSSL_C, none).obstacle())
                .hasValueSatisfying(reason -> assertThat(reason).contains("needed: the library's files"));
    }

    @ParameterizedTest
    @EnumSource(Program.class)
    void program_doesAllOfItsWork(Program program) throws Exception {
        program.obstacle(Work.BULK).ifPresent(Assumptions::abort);

        try (ProgramContestant contestant = ProgramContestant.enter(program, Handshakes.FULL)) {
            assertThat(contestant.shakeHands(8, 0.01).resumed()).isZero();
            assertThat(contestant.upload(16_384, 0.01).count()).isPositive();
            assertThat(contestant.upload(1000, 0.01).cpuNanos()).isPositive();
            assertThat(contestant.pingPong(0.01).p50Micros()).isPositive();
        }
    }

    @Test
    void programThatResumes_resumesEveryTime() throws Exception {
        Program.LIBSSL_C.obstacle(Work.RESUMED_HANDSHAKES).ifPresent(Assumptions::abort);

        try (ProgramContestant contestant = ProgramContestant.enter(Program.LIBSSL_C, Handshakes.RESUMED)) {
            assertThat(contestant.shakeHands(8, 0.01).resumedPercent()).isEqualTo(100);
            assertThat(contestant.shakeHands(1, 0.01).resumedPercent()).isEqualTo(100);
        }
    }

    @Test
    void filesOfAnIdentity_areGoneWithIt() throws IOException {
        Path directory;
        try (PemFiles files = PemFiles.of(Arena.server(), Arena.authority())) {
            directory = files.key().getParent();
            assertThat(files.key()).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
            assertThat(files.chain()).content().endsWith("-----END CERTIFICATE-----\n");
        }
        assertThat(Files.exists(directory)).isFalse();
    }
}
