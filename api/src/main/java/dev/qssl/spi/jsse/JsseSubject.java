package dev.qssl.spi.jsse;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Deferral;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.probe.ProbeSubject;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * What a JSSE library says of itself before it is tried out.
 *
 * @param backend makes the contexts
 * @param library the provider and its peculiarities
 */
record JsseSubject(TlsBackend backend, JsseLibrary library) implements ProbeSubject {

    @Override
    public TlsContext newContext(ContextSettings settings) throws TlsException {
        return backend.newContext(settings);
    }

    /** {@inheritDoc} Those that are enabled by default: what is not may be switched off for a reason. */
    @Override
    public Set<SslProtocol> protocols() {
        try {
            Set<SslProtocol> protocols = EnumSet.noneOf(SslProtocol.class);
            for (String name :
                    EnginePair.context(library).getDefaultSSLParameters().getProtocols()) {
                protocols.add(JsseNames.protocol(name));
            }
            protocols.removeIf(protocol -> !protocol.isConcrete() || protocol.isDatagram());
            return protocols;
        } catch (GeneralSecurityException unusable) {
            return Set.of();
        }
    }

    @Override
    public List<CipherSuite> cipherSuites() {
        try {
            SSLContext context = EnginePair.context(library);
            return Stream.of(context.getDefaultSSLParameters(), context.getSupportedSSLParameters())
                    .flatMap(parameters -> Stream.of(parameters.getCipherSuites()))
                    .flatMap(name -> JsseNames.suite(name).stream())
                    .toList();
        } catch (GeneralSecurityException unusable) {
            return List.of();
        }
    }

    /** {@inheritDoc} Up to TLS 1.2 certificates and alerts are in clear, so a late refusal is ours to write. */
    @Override
    public Deferral deferral(TlsRole role, SslProtocol protocol) {
        return protocol == SslProtocol.TLS_V1_3 ? Deferral.FLIGHT_WITHHELD : Deferral.FLIGHT_WITHHELD_WITH_ALERT;
    }

    @Override
    public String reasonAgainst(Capability capability) {
        return library.reasonAgainst(capability);
    }
}
