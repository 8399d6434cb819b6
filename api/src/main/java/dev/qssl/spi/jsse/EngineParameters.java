package dev.qssl.spi.jsse;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.ContextSettings.DiffieHellman;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** The settings of a context in the terms of the JSSE, worked out once and given to each of its engines. */
final class EngineParameters {

    private static final System.Logger LOG = System.getLogger("dev.qssl");
    private static final String TLS_1_3 = SslProtocol.TLS_V1_3.displayName();

    private final String backend;
    private final JsseLibrary library;
    private final ContextSettings settings;
    private final String[] protocols;

    /** Absent for the library's own choice; so are no groups and no signature schemes. */
    private final Optional<String[]> clientSuites;

    private final Optional<String[]> serverSuites;
    private final String[] groups;
    private final String[] signatureSchemes;
    private final String[] alpn;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Works them out.
     *
     * @param backend the name that users know the library by
     * @param library the provider
     * @param settings of the context
     * @param context any context of the library; asked for what is enabled in this JVM
     * @throws TlsException if nothing is left of what the settings allow
     */
    EngineParameters(String backend, JsseLibrary library, ContextSettings settings, SSLContext context)
            throws TlsException {
        this.backend = backend;
        this.library = library;
        this.settings = settings;
        SSLParameters defaults = context.getDefaultSSLParameters();
        this.protocols = protocols(Set.of(defaults.getProtocols()));
        this.clientSuites = suites(defaults, context.getSupportedSSLParameters());
        this.serverSuites = serverSuites(defaults);
        this.groups = settings.groups().toArray(String[]::new);
        this.signatureSchemes = settings.signatureSchemes().toArray(String[]::new);
        this.alpn = settings.alpn().toArray(String[]::new);
    }

    /** A version that the deployer of this JVM has switched off is not negotiated, whoever asks for it. */
    private String[] protocols(Set<String> enabled) throws TlsException {
        String[] usable = settings.protocols().stream()
                .map(SslProtocol::displayName)
                .filter(enabled::contains)
                .toArray(String[]::new);
        if (usable.length == 0) {
            throw new TlsException(
                    TlsError.UNSUPPORTED_SETTING,
                    "backend " + backend + " cannot honour protocols "
                            + settings.protocols().stream()
                                    .map(SslProtocol::displayName)
                                    .collect(Collectors.joining(", "))
                            + ": this JVM enables "
                            + enabled.stream().sorted().collect(Collectors.joining(", "))
                            + " (see jdk.tls.disabledAlgorithms in its java.security file)");
        }
        return usable;
    }

    /** The suites chosen; where only those of TLS 1.3 or only older ones are, the others are the library's (B-190). */
    private Optional<String[]> suites(SSLParameters defaults, SSLParameters supported) throws TlsException {
        List<CipherSuite> wanted = settings.cipherSuites();
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        List<String> chosen = new ArrayList<>();
        for (CipherSuite suite : wanted) {
            Stream.of(supported.getCipherSuites())
                    .filter(name -> JsseNames.suite(name).filter(suite::equals).isPresent())
                    .findFirst()
                    .ifPresent(chosen::add);
        }
        if (chosen.isEmpty()) {
            throw new TlsException(
                    TlsError.INVALID_SETTING,
                    "backend " + backend + " has none of the cipherSuites "
                            + wanted.stream().map(CipherSuite::ianaName).collect(Collectors.joining(", ")));
        }
        for (boolean tls13 : new boolean[] {true, false}) {
            boolean enabled = Stream.of(protocols).anyMatch(name -> TLS_1_3.equals(name) == tls13);
            if (enabled && wanted.stream().noneMatch(suite -> isTls13(suite) == tls13)) {
                Stream.of(defaults.getCipherSuites())
                        .filter(name -> JsseNames.suite(name)
                                .filter(suite -> isTls13(suite) == tls13)
                                .isPresent())
                        .forEach(chosen::add);
            }
        }
        return Optional.of(chosen.toArray(String[]::new));
    }

    private static boolean isTls13(CipherSuite suite) {
        return suite.protocol() == SslProtocol.TLS_V1_3;
    }

    /** Without Diffie-Hellman parameters a server has no such suites (B-191). */
    private Optional<String[]> serverSuites(SSLParameters defaults) {
        if (!(settings.diffieHellman() instanceof DiffieHellman.Disabled)) {
            return clientSuites;
        }
        return Optional.of(Stream.of(clientSuites.orElseGet(defaults::getCipherSuites))
                .filter(name -> !JsseNames.suite(name)
                        .map(CipherSuite::keyExchange)
                        .orElse("")
                        .equals("DH"))
                .toArray(String[]::new));
    }

    /**
     * Gives them to an engine.
     *
     * @throws TlsException if the request holds a name that is none, or if a server has no suite left
     */
    void apply(SSLEngine engine, EngineRequest request) throws TlsException {
        boolean client = request.role() == TlsRole.CLIENT;
        engine.setUseClientMode(client);
        // A fresh object changes only what is set on it.
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(protocols);
        Optional<String[]> suites = client ? clientSuites : serverSuites;
        if (suites.isPresent()) {
            requireSome(suites.get());
            parameters.setCipherSuites(suites.get());
        }
        if (client) {
            // None is not the same as no answer, which would make the provider send the key of its session cache.
            parameters.setServerNames(serverName(request).map(List::of).orElse(List.of()));
            parameters.setApplicationProtocols(alpn);
        } else {
            parameters.setUseCipherSuitesOrder(
                    !settings.options().contains(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE));
            askForCertificate(parameters);
            if (alpn.length > 0) {
                engine.setHandshakeApplicationProtocolSelector((unused, offered) -> select(offered));
            }
        }
        if (groups.length > 0) {
            library.chooseGroups(engine, parameters, groups);
        }
        if (signatureSchemes.length > 0) {
            library.chooseSignatureSchemes(engine, parameters, signatureSchemes);
        }
        library.configure(engine, parameters);
    }

    private static void requireSome(String[] suites) throws TlsException {
        if (suites.length == 0) {
            throw new TlsException(
                    TlsError.INVALID_SETTING,
                    "a server without Diffie-Hellman parameters can use none of the cipherSuites chosen");
        }
    }

    private Optional<SNIServerName> serverName(EngineRequest request) throws TlsException {
        if (settings.options().contains(SslOption.DISABLE_SERVER_NAME_INDICATION)
                || request.serverName().isEmpty()) {
            return Optional.empty();
        }
        String name = request.serverName().get();
        if (!library.canSend(name)) {
            if (!warned.getAndSet(true)) {
                LOG.log(
                        Level.WARNING,
                        "backend {0} cannot send the server name {1}: such connections go on without one, and a server"
                                + " of several names may show the wrong certificate",
                        backend,
                        name);
            }
            return Optional.empty();
        }
        try {
            return Optional.of(new SNIHostName(name));
        } catch (IllegalArgumentException notAName) {
            throw new TlsException(
                    TlsError.INVALID_SETTING,
                    "the server name " + name + " is no host name in ASCII form (RFC 6066, section 3)",
                    notAName);
        }
    }

    /** A missing certificate is usually for the owner to judge, so the library must not insist on one (B-085). */
    private void askForCertificate(SSLParameters parameters) {
        if (settings.verifyMode(TlsRole.SERVER) != PeerVerifyMode.VERIFY_NONE) {
            if (settings.isMissingCertificateFatal()) {
                parameters.setNeedClientAuth(true);
            } else {
                parameters.setWantClientAuth(true);
            }
        }
    }

    /** The first of the client's protocols that we allow; if there is none we go on without, which is what "" means. */
    private String select(List<String> offered) {
        for (String protocol : offered) {
            if (settings.alpn().contains(protocol)) {
                return protocol;
            }
        }
        return "";
    }
}
