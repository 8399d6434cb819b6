package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever compiles against the module needs the JDK and this module, and nothing else. */
class ModulePathTest {

    private static final List<JavaFileObject> CONSUMER =
            List.of(source("module-info", "module consumer { requires dev.qssl; }"), source("consumer/Consumer", """
                    package consumer;

                    import dev.qssl.QSslCertificate;
                    import dev.qssl.QSslConfiguration;
                    import dev.qssl.QSslServer;
                    import dev.qssl.QSslSocket;
                    import dev.qssl.net.EventLoop;
                    import dev.qssl.spi.TlsError;
                    import dev.qssl.spi.TlsException;
                    import dev.qssl.spi.jsse.JsseBackend;
                    import dev.qssl.spi.probe.CapabilityProbe;
                    import dev.qssl.spi.x509.ChainVerifier;

                    public final class Consumer {

                        Class<?>[] extended = {JsseBackend.class, CapabilityProbe.class, ChainVerifier.class};

                        void use(QSslServer server) throws Exception {
                            QSslSocket socket = QSslSocket.on(EventLoop.shared());
                            socket.sslErrors.connect(errors -> errors.forEach(error -> error.errorString()));
                            socket.connectToHostEncrypted("localhost", 443);
                            QSslConfiguration configuration = server.sslConfiguration();
                            configuration.setCaCertificates(QSslCertificate.read(new byte[0]));
                            server.nextPendingConnection().ifPresent(QSslSocket.class::cast);
                            throw new TlsException(TlsError.INTERNAL, "", null);
                        }
                    }
                    """));

    @Test
    void consumerModule_compilesAgainstThisModuleAlone(@TempDir Path out) throws IOException, URISyntaxException {
        Path classes = Path.of(
                QSsl.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options = List.of(
                "--module-path",
                classes.toString(),
                "--class-path",
                "",
                "-d",
                out.toString(),
                "-proc:none",
                "-Xlint:all",
                "-Werror");

        boolean compiled =
                compiler.getTask(said, null, null, options, null, CONSUMER).call();

        assertThat(compiled).as("%s", said).isTrue();
        assertThat(out.resolve("consumer/Consumer.class")).exists();
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
