package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.AlertType;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import org.junit.jupiter.api.Test;

/** What the library says becomes one of our own errors. */
class FailureTest {

    private static final int REASON_OF_UNKNOWN_CA = 1_048;

    /** In TLS 1.3 the level counts for nothing: what a peer calls a warning ends the connection, too. */
    @Test
    void alertThatWasCalledAWarning_isThePeersAlert() {
        LibraryError error = new LibraryError(true, REASON_OF_UNKNOWN_CA, "tlsv1 alert unknown ca");

        TlsException failed = new Failure(error, null, null, "openssl").exception("the TLS handshake with it");

        assertThat(failed.error()).isEqualTo(TlsError.PEER_ALERT);
        assertThat(failed).hasMessageContaining("unknown_ca").hasMessageContaining("48");
    }

    @Test
    void ownAlert_saysWhichErrorItWas() {
        LibraryError error = new LibraryError(true, 281, "decryption failed or bad record mac");
        TlsAlert sent = TlsAlert.fatal(AlertType.BAD_RECORD_MAC);

        TlsException failed = new Failure(error, null, sent, "openssl").exception("the TLS connection with it");

        assertThat(failed.error()).isEqualTo(TlsError.BAD_RECORD);
        assertThat(failed).hasMessageContaining("backend openssl says: decryption failed");
    }
}
