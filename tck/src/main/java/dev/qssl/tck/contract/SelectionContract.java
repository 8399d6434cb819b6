package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.LoopbackPair.HOST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.BackendInfo;
import dev.qssl.BackendRequirements;
import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslSocket;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.spi.Availability;
import dev.qssl.spi.Capability;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** How a backend is found, asked and chosen. */
public abstract class SelectionContract extends BackendContract {

    private static final String NOBODY = "no-such-backend";

    /** Creates one. */
    protected SelectionContract() {}

    @Test
    @Rule(id = "SELECT-001", source = "B-240", level = MUST)
    void backend_isAvailableUnderALowerCaseName() {
        assertThat(QSslSocket.availableBackends()).contains(subject().backend());
        assertThat(subject().backend())
                .isEqualTo(subject().backend().toLowerCase(Locale.ROOT))
                .matches("[a-z0-9-]+");
    }

    @Test
    @Rule(id = "SELECT-002", source = "B-253", level = MUST)
    void backend_tellsTheVersionOfItsLibrary() {
        Availability availability = info().availability();

        assertThat(availability).isInstanceOfSatisfying(Availability.Available.class, found -> {
            assertThat(found.version()).isNotBlank();
            assertThat(found.versionNumber()).isPositive();
        });
    }

    private BackendInfo info() {
        return QSslSocket.backends().stream()
                .filter(each -> each.name().equals(subject().backend()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Rule(id = "SELECT-003", source = "B-251", level = MUST)
    void askingABackendTwice_givesTheSameAnswers() {
        String name = subject().backend();

        assertThat(QSslSocket.supportedProtocols(name)).isEqualTo(QSslSocket.supportedProtocols(name));
        assertThat(QSslSocket.supportedFeatures(name)).isEqualTo(QSslSocket.supportedFeatures(name));
        assertThat(QSslSocket.implementedClasses(name)).isEqualTo(QSslSocket.implementedClasses(name));
    }

    @Test
    @Rule(id = "SELECT-004", source = "B-247", level = MUST)
    void unknownBackend_hasNothing() {
        assertThat(QSslSocket.supportedProtocols(NOBODY)).isEmpty();
        assertThat(QSslSocket.implementedClasses(NOBODY)).isEmpty();
        assertThat(QSslSocket.supportedFeatures(NOBODY)).isEmpty();
        assertThat(QSslSocket.isProtocolSupported(SslProtocol.TLS_V1_3, NOBODY)).isFalse();
        assertThat(QSslSocket.isClassImplemented(ImplementedClass.SOCKET, NOBODY))
                .isFalse();
        assertThat(QSslSocket.isFeatureSupported(SupportedFeature.ALERTS, NOBODY))
                .isFalse();
    }

    @Test
    @Rule(id = "SELECT-005", source = "B-243", level = MUST)
    void choosingWhatIsNotThere_changesNothing() {
        String before = QSslSocket.activeBackend();

        assertThat(QSslSocket.setActiveBackend("")).isFalse();
        assertThat(QSslSocket.setActiveBackend(NOBODY)).isFalse();
        assertThat(QSslSocket.setActiveBackend(subject().backend().toUpperCase(Locale.ROOT)))
                .isFalse();
        assertThat(QSslSocket.activeBackend()).isEqualTo(before);
    }

    @Test
    @Rule(id = "SELECT-006", source = "B-030; never a silent second choice", level = MUST)
    void connectingWithABackendThatIsNotThere_saysSoAndStaysUnconnected() {
        QSslConfiguration configuration = configuration();
        configuration.setBackend(NOBODY);
        End client = stage().open(new Setup("client", configuration));

        client.run(() -> client.socket().connectToHostEncrypted(HOST, 9));

        assertThat(client).sawExactly("errorOccurred", 1).hasErrorText(NOBODY).neverSaw("stateChanged");
        assertThat(client.socket().error())
                .isIn(SocketError.SSL_INTERNAL_ERROR, SocketError.SSL_INVALID_USER_DATA_ERROR);
        assertThat(client.socket().state()).isEqualTo(SocketState.UNCONNECTED_STATE);
    }

    @Test
    @Rule(id = "SELECT-007", source = "design of the selection: a backend per socket", level = MUST)
    void socketThatNamesTheBackend_usesItWhateverTheActiveOneIs() {
        try (LoopbackPair pair = pair()) {
            assertThat(pair.handshake().client()).isEncrypted();
            assertThat(pair.client().socket().sslConfiguration().backend())
                    .isEqualTo(subject().backend());
        }
    }

    @Test
    @Rule(id = "SELECT-008", source = "design of the selection: by need", level = MUST)
    void needsThatTheBackendMeets_findABackendAndOthersSayWhyNot() {
        SslProtocol protocol = subject().protocols().iterator().next();

        assertThat(BackendRequirements.none().protocols(protocol).choose().backend())
                .isPresent();
        BackendRequirements.Choice impossible = BackendRequirements.none()
                .protocols(protocol)
                .groups("no-such-group")
                .choose();
        assertThat(impossible.backend()).isEmpty();
        assertThat(impossible.shortfalls()).containsKey(subject().backend());
        assertThat(impossible.explanation()).contains("no-such-group");
    }

    @Test
    @Rule(id = "SELECT-009", source = "capabilities are found, not wished for", level = MUST)
    void capabilitiesOfABackendThatRuns_includeAHandshake() {
        assertThat(info().capabilities()).isPresent();
        assertThat(subject().capabilities().can(Capability.HANDSHAKE)).isTrue();
        assertThat(subject().capabilities().protocols()).isNotEmpty();
    }
}
