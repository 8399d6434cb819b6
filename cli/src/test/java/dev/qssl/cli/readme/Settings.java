package dev.qssl.cli.readme;

import dev.qssl.KeyLogFile;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslKey;
import dev.qssl.QSslSocket;
import dev.qssl.spi.ContextSettings.TicketKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** What a configuration is told for one purpose each. */
final class Settings {

    private Settings() {}

    static void trust(QSslConfiguration configuration, Path file) throws IOException {
        // README begin
        configuration.setCaCertificates(QSslCertificate.read(Files.readAllBytes(file))); // these and no others
        // README end
    }

    static void proveBy(QSslConfiguration configuration, KeyStore token, char[] pin) throws GeneralSecurityException {
        // README begin
        PrivateKey key = (PrivateKey) token.getKey("server", pin); // of a PKCS#11 token: it has no bytes
        X509Certificate certificate = (X509Certificate) token.getCertificate("server");
        configuration.setPrivateKey(QSslKey.fromPrivateKey(key));
        configuration.setLocalCertificate(QSslCertificate.of(certificate));
        // README end
    }

    static void log(QSslConfiguration configuration, Path file) throws IOException {
        // README begin
        configuration.setKeyLog(KeyLogFile.at(file));
        // README end
    }

    static void shareTickets(QSslConfiguration configuration, byte[] today, byte[] yesterday) {
        // README begin
        configuration.setSessionTicketKeys(List.of(TicketKey.of(today), TicketKey.of(yesterday)));
        // README end
    }

    static byte[] bind(QSslSocket socket) {
        // README begin
        byte[] binding = socket.exportKeyingMaterial("EXPORTER-Channel-Binding", new byte[0], 32); // RFC 9266
        // README end
        return binding;
    }

    static void keepSessions(QSslConfiguration configuration) {
        // README begin
        configuration.setSslOption(SslOption.DISABLE_SESSION_PERSISTENCE, false);
        // README end
    }

    static void resume(QSslConfiguration configuration, QSslSocket earlier) {
        // README begin
        configuration.setSessionTicket(earlier.sslConfiguration().sessionTicket());
        // README end
    }
}
