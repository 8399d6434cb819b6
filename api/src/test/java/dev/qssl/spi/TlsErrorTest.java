package dev.qssl.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.AlertType;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is behind an alert of our own, and the alert that it is told with, agree. */
class TlsErrorTest {

    /** They share an alert with an error that is more likely behind it, or none is sent. */
    private static final Set<TlsError> SILENT = EnumSet.of(
            TlsError.INVALID_SETTING,
            TlsError.UNSUPPORTED_SETTING,
            TlsError.NO_BACKEND,
            TlsError.RENEGOTIATION_REFUSED,
            TlsError.PEER_ALERT,
            TlsError.TRUNCATED,
            TlsError.CLOSED_IN_HANDSHAKE);

    @Test
    void errorThatIsTold_isWhatIsBehindItsAlert() {
        for (TlsError error : EnumSet.complementOf(EnumSet.copyOf(SILENT))) {
            assertThat(TlsError.behind(error.alert())).as(error.name()).isEqualTo(error);
        }
    }

    @Test
    void alertWithoutAMeaningOfItsOwn_tellsOfABrokenRule() {
        assertThat(TlsError.behind(AlertType.DECODE_ERROR)).isEqualTo(TlsError.PROTOCOL_VIOLATION);
        assertThat(TlsError.behind(AlertType.UNKNOWN_CA)).isEqualTo(TlsError.CERTIFICATE_REFUSED);
    }
}
