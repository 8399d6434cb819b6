package dev.qssl.backend.jdk;

import dev.qssl.spi.jsse.JsseLibrary;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.Security;

/** The provider that the JSSE was made with: no peculiarities beyond those that {@link JsseLibrary} expects. */
final class SunJsse extends JsseLibrary {

    static final String NAME = "SunJSSE";

    @Override
    protected Provider provider() throws NoSuchProviderException {
        Provider provider = Security.getProvider(NAME);
        if (provider == null) {
            throw new NoSuchProviderException("the security provider " + NAME + " is not installed");
        }
        return provider;
    }
}
