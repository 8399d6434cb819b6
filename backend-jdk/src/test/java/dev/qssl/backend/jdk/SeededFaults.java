package dev.qssl.backend.jdk;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Availability;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Need;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Backends that are sound but for one thing, each named after it. */
final class SeededFaults {

    private SeededFaults() {}

    static AlteredBackend sound() {
        return new Claiming("sound");
    }

    static AlteredBackend acceptsEverybody() {
        return decisions("accepts-everybody", (owner, peer) -> PeerDecision.ACCEPT);
    }

    static AlteredBackend ignoresRefusals() {
        return decisions("ignores-refusals", (owner, peer) -> {
            PeerDecision asked = owner.peerPresented(peer);
            return asked instanceof PeerDecision.Refuse ? PeerDecision.ACCEPT : asked;
        });
    }

    static AlteredBackend ignoresProtocolNegotiation() {
        return settings("ignores-alpn", builder -> builder.alpn(List.of()));
    }

    static AlteredBackend neverAsksClients() {
        return settings("never-asks-clients", builder -> builder.verifyMode(PeerVerifyMode.VERIFY_NONE));
    }

    /** Shows nothing where the key is kept elsewhere. */
    static AlteredBackend ignoresKeptKeys() {
        return new Claiming("ignores-kept-keys") {
            @Override
            ContextSettings alter(ContextSettings settings) {
                return settings.identity().isEmpty()
                                || settings.identity().get().key().getEncoded() != null
                        ? settings
                        : ContextSettings.builder()
                                .protocols(settings.protocols())
                                .authorities(settings.authorities())
                                .verifyDepth(settings.verifyDepth())
                                .build();
            }
        };
    }

    static AlteredBackend ignoresItsOptions() {
        return settings("ignores-its-options", builder -> builder.backendOptions(Map.of()));
    }

    static AlteredBackend neverResumes() {
        return new Claiming("never-resumes") {
            @Override
            ContextSettings alter(ContextSettings settings) {
                EnumSet<SslOption> options = EnumSet.of(SslOption.DISABLE_SESSION_SHARING);
                options.addAll(settings.options());
                return copy(settings, builder -> builder.options(options));
            }
        };
    }

    static AlteredBackend swallowsAlerts() {
        return new Claiming("swallows-alerts") {
            @Override
            TlsEvents alter(TlsEvents events) {
                return new PassedOn(events) {
                    @Override
                    public void alertReceived(TlsAlert alert) {
                        // This is the fault.
                    }
                };
            }
        };
    }

    static AlteredBackend hidesTheServersName() {
        return new Claiming("hides-the-servers-name") {
            @Override
            EngineRequest alter(EngineRequest request) {
                return request.role() == TlsRole.SERVER
                        ? request
                        : EngineRequest.client(request.peerKey().orElse(null), null);
            }
        };
    }

    static AlteredBackend neverLearnsItsName() {
        return parameters(
                "never-learns-its-name",
                agreed -> new NegotiatedParameters(
                        agreed.protocol(),
                        agreed.cipherSuite(),
                        agreed.group(),
                        agreed.signatureScheme(),
                        agreed.alpn(),
                        agreed.resumed(),
                        Optional.empty(),
                        agreed.ephemeralKey(),
                        agreed.acceptableAuthorities()));
    }

    static AlteredBackend claimsAVersionItLacks() {
        return new Claiming("claims-a-version-it-lacks") {
            @Override
            Capabilities alter(Capabilities claimed) {
                return claims(
                        super.alter(claimed),
                        builder -> builder.claim(Capability.HANDSHAKE, EnumSet.of(SslProtocol.TLS_V1_1)));
            }
        };
    }

    static AlteredBackend hidesResumption() {
        return new AlteredBackend("hides-resumption") {
            @Override
            Capabilities alter(Capabilities claimed) {
                return Capabilities.builder()
                        .verifiesCertificates()
                        .claim(Capability.HANDSHAKE, claimed.protocols(Capability.HANDSHAKE, TlsRole.CLIENT))
                        .build();
            }
        };
    }

    static AlteredBackend namesAnotherCipher() {
        return parameters(
                "names-another-cipher",
                agreed -> copy(
                        agreed,
                        agreed.protocol(),
                        CipherSuite.ofName("TLS_RSA_WITH_AES_128_CBC_SHA").orElseThrow(),
                        agreed.resumed()));
    }

    static AlteredBackend namesAnotherVersion() {
        return parameters(
                "names-another-version",
                agreed -> copy(agreed, SslProtocol.TLS_V1_2, agreed.cipherSuite(), agreed.resumed()));
    }

    static AlteredBackend alwaysSaysResumed() {
        return parameters("always-says-resumed", agreed -> copy(agreed, agreed.protocol(), agreed.cipherSuite(), true));
    }

    static AlteredBackend overlooksTruncation() {
        return engine("overlooks-truncation", inner -> new AlteredBackend.Wrapped(inner) {
            @Override
            public void inputEnded() {
                // This is the fault.
            }
        });
    }

    static AlteredBackend neverSaysGoodbye() {
        return engine("never-says-goodbye", inner -> new AlteredBackend.Wrapped(inner) {
            @Override
            public void closeOutput() {
                // This is the fault.
            }
        });
    }

    static AlteredBackend changesData() {
        return engine("changes-data", inner -> new AlteredBackend.Wrapped(inner) {
            @Override
            public Need decrypt(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
                int before = plaintext.position();
                Need need = super.decrypt(records, plaintext);
                if (plaintext.position() > before + 1000) {
                    plaintext.put(before, (byte) ~plaintext.get(before));
                }
                return need;
            }
        });
    }

    static AlteredBackend ignoresTheSuites() {
        return settings("ignores-the-suites", builder -> builder.cipherSuites(List.of()));
    }

    static AlteredBackend speaksAnyVersion() {
        return settings(
                "speaks-any-version", builder -> builder.protocols(Set.of(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3)));
    }

    static AlteredBackend toleratesMissingCertificates() {
        return settings("tolerates-missing-certificates", builder -> builder.missingCertificateFatal(false));
    }

    static AlteredBackend losesTheStaple() {
        return decisions(
                "loses-the-staple",
                (owner, peer) -> owner.peerPresented(
                        new PeerCredentials(peer.chain(), List.of(), peer.resumed(), peer.findings())));
    }

    static AlteredBackend trustsResumedSessions() {
        return decisions(
                "trusts-resumed-sessions",
                (owner, peer) -> peer.resumed() ? PeerDecision.ACCEPT : owner.peerPresented(peer));
    }

    /** Fails as it must when a resumed peer is refused, and does not tell the library, which keeps the session. */
    static AlteredBackend keepsRefusedSessions() {
        return new Claiming("keeps-refused-sessions") {
            private final ThreadLocal<Boolean> refused = ThreadLocal.withInitial(() -> false);

            @Override
            TlsEvents alter(TlsEvents events) {
                return new PassedOn(events) {
                    @Override
                    public PeerDecision peerPresented(PeerCredentials peer) {
                        PeerDecision asked = events.peerPresented(peer);
                        boolean hidden = peer.resumed() && !(asked instanceof PeerDecision.Accept);
                        refused.set(hidden);
                        return hidden ? PeerDecision.ACCEPT : asked;
                    }
                };
            }

            @Override
            TlsEngine alter(TlsEngine engine) {
                return new AlteredBackend.Wrapped(engine) {
                    @Override
                    public Need decrypt(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
                        refused.set(false);
                        Need need = super.decrypt(records, plaintext);
                        if (refused.get()) {
                            throw new TlsException(TlsError.CERTIFICATE_REFUSED, "refused, and not forgotten");
                        }
                        return need;
                    }
                };
            }
        };
    }

    static AlteredBackend neverWaits() {
        return decisions("never-waits", (owner, peer) -> {
            PeerDecision asked = owner.peerPresented(peer);
            return asked instanceof PeerDecision.Defer ? PeerDecision.ACCEPT : asked;
        });
    }

    static AlteredBackend refusesWhatWasAccepted() {
        return engine("refuses-what-was-accepted", inner -> new AlteredBackend.Wrapped(inner) {
            @Override
            public void resume(PeerDecision.Final decision) {
                super.resume(new PeerDecision.Refuse(AlertType.CERTIFICATE_UNKNOWN, "this is the fault"));
            }
        });
    }

    static AlteredBackend misnamesAlerts() {
        return new Claiming("misnames-alerts") {
            @Override
            TlsEvents alter(TlsEvents events) {
                return new PassedOn(events) {
                    @Override
                    public void alertReceived(TlsAlert alert) {
                        super.alertReceived(TlsAlert.of(alert.level(), AlertType.DECODE_ERROR.value()));
                    }
                };
            }
        };
    }

    static AlteredBackend failsSilently() {
        return engine("fails-silently", inner -> new AlteredBackend.Wrapped(inner) {
            private boolean failed;

            @Override
            public Need decrypt(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
                try {
                    return super.decrypt(records, plaintext);
                } catch (TlsException e) {
                    failed = true;
                    throw e;
                }
            }

            @Override
            public Need encrypt(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
                try {
                    return super.encrypt(plaintext, records);
                } catch (TlsException e) {
                    failed = true;
                    throw e;
                }
            }

            @Override
            public boolean hasOutput() {
                return !failed && super.hasOutput();
            }
        });
    }

    static AlteredBackend throwsWhatTheLibraryThrows() {
        return engine("throws-what-the-library-throws", inner -> new AlteredBackend.Wrapped(inner) {
            @Override
            public Need decrypt(ByteBuffer records, ByteBuffer plaintext) {
                try {
                    return super.decrypt(records, plaintext);
                } catch (TlsException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
    }

    static AlteredBackend overlooksGoodbyes() {
        return engine("overlooks-goodbyes", inner -> new AlteredBackend.Wrapped(inner) {
            @Override
            public Need decrypt(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
                Need need = super.decrypt(records, plaintext);
                return need == Need.CLOSED ? Need.NOTHING : need;
            }
        });
    }

    static AlteredBackend losesShortWrites() {
        return engine("loses-short-writes", inner -> new AlteredBackend.Wrapped(inner) {
            @Override
            public Need encrypt(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
                if (isEstablished() && plaintext.remaining() > 0 && plaintext.remaining() < 100) {
                    plaintext.position(plaintext.limit());
                }
                return super.encrypt(plaintext, records);
            }
        });
    }

    static AlteredBackend forgetsItsVersion() {
        return new Claiming("forgets-its-version") {
            @Override
            public Availability availability() {
                return new Availability.Available(1, "", "", Optional.empty());
            }
        };
    }

    static AlteredBackend exportsSomethingElse() {
        return exporter("exports-something-else", (label, length) -> {
            byte[] material = new byte[length];
            ThreadLocalRandom.current().nextBytes(material);
            return material;
        });
    }

    static AlteredBackend exportsTheSameForAll() {
        return exporter("exports-the-same-for-all", (label, length) -> new byte[length]);
    }

    static AlteredBackend hidesItsExporter() {
        return new Claiming("hides-its-exporter") {
            @Override
            Capabilities alter(Capabilities claimed) {
                // Java 25 has an exporter, and claims it.
                return claims(
                        super.alter(claimed), EnumSet.complementOf(EnumSet.of(Capability.EXPORTER)), builder -> {});
            }

            @Override
            TlsEngine alter(TlsEngine engine) {
                return exporting(engine, (label, length) -> new byte[length]);
            }
        };
    }

    private static AlteredBackend exporter(String name, BiFunction<String, Integer, byte[]> answer) {
        return new Claiming(name) {
            @Override
            Capabilities alter(Capabilities claimed) {
                return claimsAlso(super.alter(claimed), Capability.EXPORTER);
            }

            @Override
            TlsEngine alter(TlsEngine engine) {
                return exporting(engine, answer);
            }
        };
    }

    private static TlsEngine exporting(TlsEngine inner, BiFunction<String, Integer, byte[]> answer) {
        return new AlteredBackend.Wrapped(inner) {
            @Override
            public byte[] exportKeyingMaterial(String label, Optional<byte[]> context, int length) {
                return answer.apply(label, length);
            }
        };
    }

    static AlteredBackend ignoresTheKeyLog() {
        return settings("ignores-the-key-log", builder -> builder.keyLog(false));
    }

    /** Logs lines of the right form, which only have nothing to do with the connection. */
    static AlteredBackend makesUpItsSecrets() {
        return new Claiming("makes-up-its-secrets") {
            @Override
            Capabilities alter(Capabilities claimed) {
                return claimsAlso(super.alter(claimed), Capability.KEY_LOG);
            }

            @Override
            ContextSettings alter(ContextSettings settings) {
                return copy(settings, builder -> builder.keyLog(false));
            }

            @Override
            TlsEvents alter(TlsEvents events) {
                String random = hexadecimal(32);
                for (String label : List.of(
                        "CLIENT_RANDOM",
                        "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
                        "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                        "CLIENT_TRAFFIC_SECRET_0",
                        "SERVER_TRAFFIC_SECRET_0")) {
                    events.keyLog(label + " " + random + " " + hexadecimal(48));
                }
                return events;
            }
        };
    }

    private static String hexadecimal(int bytes) {
        byte[] random = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    static AlteredBackend ignoresTheTicketKeys() {
        return new Claiming("ignores-the-ticket-keys") {
            @Override
            Capabilities alter(Capabilities claimed) {
                return claimsAlso(super.alter(claimed), Capability.TICKET_KEYS);
            }

            @Override
            ContextSettings alter(ContextSettings settings) {
                return copy(settings, builder -> builder.ticketKeys(List.of()));
            }
        };
    }

    static AlteredBackend ignoresItsDiffieHellmanParameters() {
        return new Claiming("ignores-its-diffie-hellman-parameters") {
            @Override
            Capabilities alter(Capabilities claimed) {
                return claims(
                        super.alter(claimed),
                        builder -> builder.claim(
                                Capability.DIFFIE_HELLMAN_PARAMETERS, TlsRole.SERVER, Set.of(SslProtocol.TLS_V1_2)));
            }

            @Override
            ContextSettings alter(ContextSettings settings) {
                return copy(
                        settings, builder -> builder.diffieHellman(new ContextSettings.DiffieHellman.LibraryDefault()));
            }
        };
    }

    /** Leaves a pipe open for every connection; {@link #close} ends them. */
    static final class Leaking extends Claiming implements AutoCloseable {

        private final List<Pipe> pipes = new CopyOnWriteArrayList<>();

        Leaking() {
            super("leaks");
        }

        @Override
        TlsEngine alter(TlsEngine engine) {
            try {
                pipes.add(Pipe.open());
            } catch (IOException e) {
                throw new UncheckedIOException("the system gave no pipe", e);
            }
            return engine;
        }

        @Override
        public void close() throws IOException {
            for (Pipe pipe : pipes) {
                pipe.sink().close();
                pipe.source().close();
            }
        }
    }

    private static AlteredBackend settings(String name, Consumer<ContextSettings.Builder> change) {
        return new Claiming(name) {
            @Override
            ContextSettings alter(ContextSettings settings) {
                return copy(settings, change);
            }
        };
    }

    private static AlteredBackend decisions(String name, BiFunction<TlsEvents, PeerCredentials, PeerDecision> answer) {
        return new Claiming(name) {
            @Override
            TlsEvents alter(TlsEvents events) {
                return new PassedOn(events) {
                    @Override
                    public PeerDecision peerPresented(PeerCredentials credentials) {
                        return answer.apply(events, credentials);
                    }
                };
            }
        };
    }

    private static AlteredBackend engine(String name, UnaryOperator<TlsEngine> change) {
        return new Claiming(name) {
            @Override
            TlsEngine alter(TlsEngine engine) {
                return change.apply(engine);
            }
        };
    }

    private static AlteredBackend parameters(String name, UnaryOperator<NegotiatedParameters> change) {
        return engine(name, inner -> new AlteredBackend.Wrapped(inner) {
            @Override
            public NegotiatedParameters parameters() {
                return change.apply(super.parameters());
            }
        });
    }

    private static NegotiatedParameters copy(
            NegotiatedParameters agreed, SslProtocol protocol, CipherSuite suite, boolean resumed) {
        return new NegotiatedParameters(
                protocol,
                suite,
                agreed.group(),
                agreed.signatureScheme(),
                agreed.alpn(),
                resumed,
                agreed.serverName(),
                agreed.ephemeralKey(),
                agreed.acceptableAuthorities());
    }
}
