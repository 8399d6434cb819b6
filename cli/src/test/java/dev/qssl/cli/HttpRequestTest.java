package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The heads of requests. */
class HttpRequestTest {

    @ParameterizedTest
    @CsvSource({
        "'GET /a HTTP/1.0', /a",
        "'HEAD /a?b HTTP/1.0', /a?b",
        "'GET https://host:1/a HTTP/1.0', /a",
        "'GET https://host HTTP/1.0', /"
    })
    void target_isFound(String line, String target) throws Exception {
        assertThat(HttpRequest.parse(bytes(line + "\r\n\r\n")).target()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1', 400",
        "'GET / HTTP/1.1|Host: a|Host: b', 400",
        "'GET / HTTP/1.0|Host : a', 400",
        "'GET / HTTP/1.0| folded', 400",
        "'GET /', 400",
        "'GET  / HTTP/1.0', 400",
        "'GET a HTTP/1.0', 400",
        "'OPTIONS * HTTP/1.0', 405",
        "'POST / HTTP/1.0', 405",
        "'GET / HTTP/2.0', 505",
        "'PRI * HTTP/2.0', 505",
        "'', 400"
    })
    void headThatCannotBeAnswered_hasItsStatus(String lines, int status) {
        assertThatExceptionOfType(HttpProblem.class)
                .isThrownBy(() -> HttpRequest.parse(bytes(lines.replace("|", "\r\n") + "\r\n\r\n")))
                .satisfies(problem -> assertThat(problem.status()).isEqualTo(status));
    }

    @Test
    void endOfTheHead_isFoundWithBothKindsOfLineEnd() {
        assertThat(HttpRequest.endOfHead(bytes("a\r\n\r\nb"))).isEqualTo(5);
        assertThat(HttpRequest.endOfHead(bytes("a\n\nb"))).isEqualTo(3);
        assertThat(HttpRequest.endOfHead(bytes("a\r\n\r"))).isEqualTo(-1);
        assertThat(HttpRequest.endOfHead(bytes(""))).isEqualTo(-1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
