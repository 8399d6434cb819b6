package dev.qssl.spi.jsse;

import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ClientHello;
import dev.qssl.spi.ClientHelloReader;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.ContextSettings.DiffieHellman;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRegistry;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Refuses, by name, every setting that a library cannot honour: first those it has no means for, then, by looking at a
 * ClientHello, those it would silently drop.
 */
final class SettingsCheck {

    private static final int STATUS_REQUEST = 5;
    private static final int MAXIMUM_ALPN_BYTES = 255;

    private final String backend;
    private final JsseLibrary library;
    private final ContextSettings settings;

    SettingsCheck(String backend, JsseLibrary library, ContextSettings settings) {
        this.backend = backend;
        this.library = library;
        this.settings = settings;
    }

    /** Looks at the settings alone. */
    void requireHonourable() throws TlsException {
        needs(Capability.PSK, !settings.pskProtocols().isEmpty(), "pskProtocols");
        needs(
                Capability.DIFFIE_HELLMAN_PARAMETERS,
                settings.diffieHellman() instanceof DiffieHellman.Custom,
                "diffieHellman");
        needs(Capability.TICKET_KEYS, !settings.ticketKeys().isEmpty(), "ticketKeys");
        needs(Capability.KEY_LOG, settings.isKeyLogEnabled(), "keyLog");
        needs(Capability.GROUP_CHOICE, !settings.groups().isEmpty(), "groups");
        needs(Capability.SIGNATURE_SCHEME_CHOICE, !settings.signatureSchemes().isEmpty(), "signatureSchemes");
        needs(
                Capability.SESSION_EXPORT,
                !settings.options().contains(SslOption.DISABLE_SESSION_PERSISTENCE),
                "DISABLE_SESSION_PERSISTENCE switched off");
        if (settings.options().contains(SslOption.DISABLE_SESSION_TICKETS) && !library.canDisableTickets()) {
            throw unsupported("DISABLE_SESSION_TICKETS: it has no switch for tickets of one connection");
        }
        if (!settings.backendOptions().isEmpty()) {
            throw unsupported("backendOptions " + settings.backendOptions().keySet() + ": it has none");
        }
        requireSensible();
        Optional<String> refusal = library.refusal(settings);
        if (refusal.isPresent()) {
            throw unsupported(refusal.get());
        }
    }

    private void requireSensible() throws TlsException {
        if (settings.protocols().stream().anyMatch(SslProtocol::isDatagram)) {
            throw invalid(
                    "protocols " + settings.protocols() + " are for datagrams; a connection needs a version of TLS");
        }
        for (String name : settings.alpn()) {
            if (name.isEmpty()
                    || name.length() > MAXIMUM_ALPN_BYTES
                    || name.chars().anyMatch(c -> c > 0xFF)) {
                throw invalid("the application protocol \"" + name
                        + "\" is not 1 to 255 bytes, written as ISO-8859-1 text (RFC 7301, section 3.1)");
            }
        }
        if (settings.identity().isPresent()) {
            requireKeyFits(settings.identity().get());
        }
    }

    private void requireKeyFits(Identity identity) throws TlsException {
        String subject = identity.certificate().getSubjectX500Principal().getName();
        try {
            if (!identity.keyFitsCertificate()) {
                throw invalid("the private key does not belong to the certificate of " + subject);
            }
        } catch (GeneralSecurityException unusable) {
            throw new TlsException(
                    TlsError.INVALID_SETTING,
                    "the private key for the certificate of " + subject + " cannot sign: " + unusable.getMessage(),
                    unusable);
        }
    }

    private void needs(Capability capability, boolean wanted, String setting) throws TlsException {
        if (wanted && !library.extras().contains(capability)) {
            throw unsupported(setting + ": " + library.reasonAgainst(capability));
        }
    }

    private TlsException unsupported(String settingAndReason) {
        return new TlsException(
                TlsError.UNSUPPORTED_SETTING,
                "backend " + backend + " cannot honour " + settingAndReason
                        + "; QSslSocket.backends() shows which backends can");
    }

    private static TlsException invalid(String reason) {
        return new TlsException(TlsError.INVALID_SETTING, reason);
    }

    /** {@return whether only a ClientHello can show that the library does what the settings say} */
    boolean needsProof() {
        return !settings.groups().isEmpty()
                || !settings.signatureSchemes().isEmpty()
                || !settings.cipherSuites().isEmpty()
                || settings.isOcspStaplingEnabled();
    }

    /**
     * Looks at what a client of the context would say.
     *
     * @param client with the context's parameters; used up
     */
    void requireProof(SSLEngine client) throws TlsException {
        ClientHello hello = hello(client);
        requireAll("groups", settings.groups(), hello.groups(), TlsRegistry::groupCode);
        requireAll(
                "signatureSchemes",
                settings.signatureSchemes(),
                hello.signatureSchemes(),
                TlsRegistry::signatureSchemeCode);
        List<CipherSuite> suites = settings.cipherSuites();
        if (!suites.isEmpty()
                && suites.stream().noneMatch(suite -> hello.cipherSuites().contains(suite.code()))) {
            throw invalid("none of the cipherSuites "
                    + suites.stream().map(CipherSuite::ianaName).collect(Collectors.joining(", "))
                    + " can be used by backend " + backend + " with protocols " + settings.protocols());
        }
        requireNoOtherSuites(suites, hello);
        if (settings.isOcspStaplingEnabled() && !hello.extensions().contains(STATUS_REQUEST)) {
            throw unsupported("ocspStapling: its clients do not ask for a response"
                    + " (see the system property jdk.tls.client.enableStatusRequestExtension)");
        }
    }

    /** Conscrypt (2.9.0) takes a choice among those of TLS 1.3 and ignores it. */
    private void requireNoOtherSuites(List<CipherSuite> wanted, ClientHello hello) throws TlsException {
        if (wanted.stream().noneMatch(suite -> suite.protocol() == SslProtocol.TLS_V1_3)) {
            return;
        }
        String others = hello.cipherSuites().stream()
                .flatMap(code -> CipherSuite.ofCode(code).stream())
                .filter(suite -> suite.protocol() == SslProtocol.TLS_V1_3 && !wanted.contains(suite))
                .map(CipherSuite::ianaName)
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            throw unsupported("cipherSuites without " + others + ": it negotiates that in TLS 1.3 all the same");
        }
    }

    /** A name that the library does not know is dropped without a word, so what it offers must be exactly what was asked. */
    private void requireAll(
            String setting, List<String> wanted, List<Integer> offered, Function<String, OptionalInt> code)
            throws TlsException {
        List<String> missing = new ArrayList<>();
        for (String name : wanted) {
            OptionalInt number = code.apply(name);
            if (number.isEmpty() || !offered.contains(number.getAsInt())) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw unsupported(
                    setting + " " + missing + ": it does not offer them with protocols " + settings.protocols());
        }
    }

    private ClientHello hello(SSLEngine client) throws TlsException {
        try {
            ByteBuffer records = ByteBuffer.allocate(ClientHelloReader.MAXIMUM_HELLO_BYTES);
            client.beginHandshake();
            client.wrap(ByteBuffer.allocate(0), records);
            if (new ClientHelloReader().read(records.flip()) instanceof ClientHelloReader.Progress.Found found) {
                return found.hello();
            }
            throw invalid("backend " + backend + " does not begin a handshake with these settings");
        } catch (SSLException | RuntimeException thrown) {
            throw new TlsException(
                    TlsError.INVALID_SETTING,
                    "backend " + backend + " does not begin a handshake with these settings: " + thrown.getMessage(),
                    thrown);
        } finally {
            library.release(client);
        }
    }
}
