package dev.qssl.spi.jsse;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ClientHello;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.NegotiatedParameters.Alpn;
import dev.qssl.spi.TlsRole;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Puts together what two sides agreed on: from the library's session, and from the wire what the library does not tell. */
final class Agreement {

    private Agreement() {}

    static NegotiatedParameters of(
            SSLEngine engine,
            WireObserver wire,
            EngineRequest request,
            EngineSetup setup,
            List<X500Principal> authorities) {
        ContextSettings settings = setup.settings();
        boolean client = request.role() == TlsRole.CLIENT;
        ClientHello hello = wire.clientHello();
        return new NegotiatedParameters(
                JsseNames.protocol(engine.getSession().getProtocol()),
                suite(engine, wire),
                wire.group(),
                wire.signatureScheme(),
                alpn(engine.getApplicationProtocol(), client ? null : hello, settings),
                wire.isResumed(),
                client
                        ? request.serverName().filter(setup.library()::canSend)
                        : Optional.ofNullable(hello).flatMap(ClientHello::serverName),
                client ? Optional.ofNullable(wire.ephemeralKey()) : Optional.empty(),
                authorities);
    }

    private static CipherSuite suite(SSLEngine engine, WireObserver wire) {
        String name = engine.getSession().getCipherSuite();
        SslProtocol protocol = JsseNames.protocol(engine.getSession().getProtocol());
        return JsseNames.suite(name)
                .or(() -> CipherSuite.ofCode(wire.cipherSuite()))
                .orElseGet(() -> new CipherSuite(wire.cipherSuite(), name, name, protocol, "", "", "", 0));
    }

    /** Some providers say nothing as null, others as an empty name. */
    private static Alpn alpn(@Nullable String selected, @Nullable ClientHello hello, ContextSettings settings) {
        if (selected != null && !selected.isEmpty()) {
            return new Alpn.Selected(selected);
        }
        boolean bothTookPart =
                hello != null && !hello.alpn().isEmpty() && !settings.alpn().isEmpty();
        return bothTookPart ? new Alpn.NoOverlap() : Alpn.NOT_NEGOTIATED;
    }
}
