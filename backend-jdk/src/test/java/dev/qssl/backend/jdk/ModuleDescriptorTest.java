package dev.qssl.backend.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.TlsBackend;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The backend is found on the module path and on the class path, by two lists that must agree. */
class ModuleDescriptorTest {

    @Test
    void moduleAndServicesFile_nameTheSameBackends() throws IOException, URISyntaxException {
        Path classes = Path.of(JdkBackend.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        ModuleDescriptor module =
                ModuleFinder.of(classes).findAll().iterator().next().descriptor();

        assertThat(module.provides()).singleElement().satisfies(provides -> {
            assertThat(provides.service()).isEqualTo(TlsBackend.class.getName());
            assertThat(provides.providers())
                    .isEqualTo(Files.readAllLines(
                            classes.resolve("META-INF/services").resolve(TlsBackend.class.getName())));
        });
        assertThat(module.exports()).isEmpty();
    }

    @Test
    void serviceLoader_findsTheBackend() {
        assertThat(ServiceLoader.load(TlsBackend.class).stream().map(ServiceLoader.Provider::type))
                .contains(JdkBackend.class);
    }
}
