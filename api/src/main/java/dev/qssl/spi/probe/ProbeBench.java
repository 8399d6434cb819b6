package dev.qssl.spi.probe;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ClientHello;
import dev.qssl.spi.ClientHelloReader;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What all probes of a library work with.
 *
 * @param subject the library
 * @param ec whom servers are, and clients where they show a certificate
 * @param rsa whom servers are where it takes an RSA key
 */
record ProbeBench(ProbeSubject subject, Identity ec, Identity rsa) {

    /** Something that works or does not. */
    interface Attempt {
        boolean succeeds() throws TlsException;
    }

    static ProbeBench of(ProbeSubject subject) throws GeneralSecurityException {
        return new ProbeBench(subject, ThrowAwayIdentity.ec(), ThrowAwayIdentity.rsa());
    }

    /** {@return whether it works} What fails is not claimed; why it fails does not matter. */
    static boolean works(Attempt attempt) {
        try {
            return attempt.succeeds();
        } catch (TlsException | RuntimeException itDoesNot) {
            return false;
        }
    }

    /** {@return settings of a client} */
    static ContextSettings.Builder client(SslProtocol protocol) {
        return ContextSettings.builder().protocols(Set.of(protocol));
    }

    /** {@return settings of a server, or of a client with a certificate} */
    ContextSettings.Builder server(SslProtocol protocol) {
        return client(protocol).identity(ec);
    }

    /** {@return an owner who accepts the server of {@link #server}} */
    ProbeOwner owner() {
        return ProbeOwner.accepting(ec.certificate());
    }

    TlsContext context(ContextSettings.Builder settings) throws TlsException {
        return subject.newContext(settings.build());
    }

    ProbeConnection connect(TlsContext clients, TlsContext servers) throws TlsException {
        return ProbeConnection.open(ProbeSide.client(clients, owner()), ProbeSide.server(servers, owner()));
    }

    /** {@return whether two ends with these settings agree, and on what is expected} */
    boolean agree(
            ContextSettings.Builder client, ContextSettings.Builder server, Predicate<NegotiatedParameters> asExpected)
            throws TlsException {
        ProbeOwner owner =
                ProbeOwner.accepting(server.build().identity().orElse(ec).certificate());
        try (TlsContext clients = context(client);
                TlsContext servers = context(server);
                ProbeConnection connection =
                        ProbeConnection.open(ProbeSide.client(clients, owner), ProbeSide.server(servers, owner))) {
            return connection.isEstablished()
                    && asExpected.test(connection.client().parameters());
        }
    }

    /** {@return what a client of these settings says first; empty if it says nothing} */
    Optional<ClientHello> hello(ContextSettings.Builder settings) {
        ByteBuffer records = ByteBuffer.allocate(ClientHelloReader.MAXIMUM_HELLO_BYTES);
        try (TlsContext context = context(settings);
                TlsEngine client = context.newEngine(EngineRequest.client(null, null), owner())) {
            client.encrypt(ByteBuffer.allocate(0), records);
            return new ClientHelloReader().read(records.flip()) instanceof ClientHelloReader.Progress.Found found
                    ? Optional.of(found.hello())
                    : Optional.empty();
        } catch (TlsException | RuntimeException saysNothing) {
            return Optional.empty();
        }
    }
}
