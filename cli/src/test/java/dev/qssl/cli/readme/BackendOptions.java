package dev.qssl.cli.readme;

import dev.qssl.QSslConfiguration;

/** OpenSSL's own commands. */
final class BackendOptions {

    private BackendOptions() {}

    static QSslConfiguration configuration() {
        // README begin
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setBackend("openssl"); // no other backend has these
        configuration.setBackendConfigurationOption("CipherString", "ECDHE+AESGCM:ECDHE+CHACHA20");
        configuration.setBackendConfigurationOption("Options", "PrioritizeChaCha");
        // README end
        return configuration;
    }
}
