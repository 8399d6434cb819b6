package dev.qssl.backend.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.TlsError;
import java.io.EOFException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLProtocolException;
import org.junit.jupiter.api.Test;

/** What is made of the provider's exceptions. */
class SunJsseTest {

    private final SunJsse library = new SunJsse();

    @Test
    void bytesThatCannotBeDecoded_areThePeersFaultAndNamed() {
        Exception thrown =
                new SSLException("(internal_error) Unhandled exception", new EOFException("not enough content"));

        assertThat(library.error(thrown)).contains(TlsError.PROTOCOL_VIOLATION);
        assertThat(library.failureReason(thrown)).isEqualTo("(internal_error) Unhandled exception: not enough content");
    }

    @Test
    void failureOfTheProviderItself_staysOne() {
        Exception thrown =
                new SSLException("(internal_error) Unhandled exception", new IllegalStateException("broken"));

        assertThat(library.error(thrown)).isEmpty();
        assertThat(library.failureReason(thrown)).isEqualTo("(internal_error) Unhandled exception: broken");
    }

    @Test
    void exceptionOfTheProtocol_isJudgedByItsAlert() {
        Exception thrown =
                new SSLException("no cipher suites in common", new SSLProtocolException("no cipher suites in common"));

        assertThat(library.error(thrown)).isEmpty();
        assertThat(library.failureReason(thrown)).isEqualTo("no cipher suites in common");
    }
}
