package dev.qssl.cli.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.BackendRequirements;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslSocket;

/** A backend chosen by what it must be able to do. */
final class BackendChoice {

    private BackendChoice() {}

    static QSslConfiguration configuration() {
        // README begin
        BackendRequirements.Choice choice = BackendRequirements.none()
                .protocols(SslProtocol.TLS_V1_3)
                .features(SupportedFeature.CLIENT_SIDE_ALPN)
                .choose(); // the first that can, and for the others why not
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setBackend(choice.backendOrThrow()); // of the sockets it is given to
        boolean taken = QSslSocket.setActiveBackend("jdk"); // of all others, before the first one is made
        // README end
        assertThat(taken).isEqualTo(QSslSocket.activeBackend().equals("jdk"));
        return configuration;
    }
}
