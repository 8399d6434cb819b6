package dev.qssl.backend.conscrypt;

import static dev.qssl.spi.Capability.GROUP_CHOICE;
import static dev.qssl.spi.Capability.OCSP_STAPLING;
import static dev.qssl.spi.Capability.SESSION_EXPORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.MemoryEnd;
import dev.qssl.tck.fixture.MemoryPair;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Another version of Conscrypt may lack any of its parts that are not public: then it can do less, and says why. */
class HiddenPartsTest {

    private static final EngineBench BENCH = new EngineBench(new ConscryptBackend());
    private static final Capabilities COMPLETE = BENCH.backend().capabilities();

    /** What goes with each part; nothing, where there is another way or no capability speaks of it. */
    private static final Map<String, Set<Capability>> LOST = Map.of(
            "Java8EngineWrapper.getDelegate", EnumSet.of(GROUP_CHOICE, OCSP_STAPLING, SESSION_EXPORT),
            "ConscryptEngine.sslParameters", EnumSet.of(OCSP_STAPLING, SESSION_EXPORT),
            "ConscryptEngine.setNamedGroups", EnumSet.of(GROUP_CHOICE),
            "SSLParametersImpl.setOCSPResponse", EnumSet.of(OCSP_STAPLING),
            "ClientSessionContext.getCachedSession", EnumSet.of(SESSION_EXPORT),
            "NativeSslSession.toBytes", EnumSet.of(SESSION_EXPORT),
            "ConscryptEngine.ssl", EnumSet.noneOf(Capability.class),
            "NativeSsl.ssl", EnumSet.noneOf(Capability.class),
            "NativeCrypto.SSL_clear_options", EnumSet.noneOf(Capability.class),
            "ConscryptEngine.closeAndFreeResources", EnumSet.noneOf(Capability.class));

    static List<String> names() {
        return HiddenParts.found().names();
    }

    private static TlsBackend without(String name) {
        HiddenParts rest = new HiddenParts(part -> !part.equals(name));
        return new ConscryptBackend(() -> rest);
    }

    @Test
    void everyPart_isThereAndListedHere() {
        assertThat(names()).containsExactlyInAnyOrderElementsOf(LOST.keySet());
        assertThat(COMPLETE.features()).hasSize(7);
    }

    @ParameterizedTest
    @MethodSource("names")
    void missingPart_takesAwayWhatItIsForAndNothingElse(String name) {
        Capabilities claimed = without(name).capabilities();

        for (Capability capability : Capability.values()) {
            for (TlsRole role : TlsRole.values()) {
                assertThat(claimed.protocols(capability, role))
                        .as("%s as %s", capability, role)
                        .isEqualTo(remaining(name, capability, role));
            }
        }
        assertThat(claimed.cipherSuites()).isEqualTo(COMPLETE.cipherSuites());
        assertThat(claimed.features()).containsExactlyInAnyOrderElementsOf(COMPLETE.features());
        for (Capability lost : LOST.getOrDefault(name, Set.of())) {
            assertThat(claimed.limitation(lost))
                    .hasValueSatisfying(why -> assertThat(why).contains("this version of Conscrypt has no " + name));
        }
    }

    // Clients ask for responses, and export sessions up to TLS 1.2, with public methods.
    private static Set<SslProtocol> remaining(String name, Capability capability, TlsRole role) {
        Set<SslProtocol> complete = COMPLETE.protocols(capability, role);
        if (!LOST.getOrDefault(name, Set.of()).contains(capability) || complete.isEmpty()) {
            return complete;
        }
        return switch (capability) {
            case OCSP_STAPLING -> role == TlsRole.CLIENT ? complete : Set.of();
            case SESSION_EXPORT -> Set.of(SslProtocol.TLS_V1_2);
            default -> Set.of();
        };
    }

    static Stream<String> partsForTheClientsOrder() {
        return Stream.of(
                "Java8EngineWrapper.getDelegate",
                "ConscryptEngine.ssl",
                "NativeSsl.ssl",
                "NativeCrypto.SSL_clear_options");
    }

    @ParameterizedTest
    @MethodSource("partsForTheClientsOrder")
    void withoutWhatItTakes_theClientsOrderOfSuitesIsRefusedByName(String name) {
        Set<SslOption> options = EnumSet.of(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE);
        options.addAll(EngineBench.settings(SslProtocol.TLS_V1_2).build().options());

        assertRefused(
                without(name),
                EngineBench.serverSettings(SslProtocol.TLS_V1_2).options(options),
                "DISABLE_SERVER_CIPHER_PREFERENCE");
    }

    @Test
    void withoutWhatItTakes_groupsAndStaplesAreRefusedByName() throws TlsException {
        String groups = "ConscryptEngine.setNamedGroups";
        assertRefused(
                without(groups), EngineBench.settings(SslProtocol.TLS_V1_3).groups(List.of("x25519")), groups);

        String staples = "SSLParametersImpl.setOCSPResponse";
        TlsContext servers = without(staples)
                .newContext(EngineBench.serverSettings(SslProtocol.TLS_V1_3).build());
        EngineRequest stapling = EngineRequest.server().withStaples(List.of(new byte[] {1}));
        assertThatExceptionOfType(TlsException.class)
                .isThrownBy(() -> new MemoryEnd(servers, stapling))
                .withMessageContaining(staples);
    }

    private static void assertRefused(TlsBackend backend, ContextSettings.Builder settings, String word) {
        assertThatExceptionOfType(TlsException.class)
                .isThrownBy(() -> backend.newContext(settings.build()))
                .withMessageContaining(word)
                .satisfies(refused -> assertThat(refused.error()).isEqualTo(TlsError.UNSUPPORTED_SETTING));
    }

    @Test
    void withoutAllOfThem_connectionsWorkAndEndAllTheSame() throws TlsException {
        HiddenParts none = new HiddenParts(part -> false);
        TlsBackend bare = new ConscryptBackend(() -> none);
        for (SslProtocol protocol : List.of(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3)) {
            TlsContext clients = bare.newContext(EngineBench.settings(protocol).build());
            TlsContext servers =
                    bare.newContext(EngineBench.serverSettings(protocol).build());
            assertThat(handshake(clients, servers)).isFalse();
            assertThat(handshake(clients, servers)).as("resumed").isTrue();
        }
    }

    private static boolean handshake(TlsContext clients, TlsContext servers) throws TlsException {
        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            assertThat(pair.run().isEstablished())
                    .as("%s", pair.client().failure())
                    .isTrue();
            pair.server().say(1);
            pair.run();
            return pair.client().engine().parameters().resumed();
        }
    }
}
