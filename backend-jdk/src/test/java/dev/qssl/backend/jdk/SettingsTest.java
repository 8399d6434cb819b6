package dev.qssl.backend.jdk;

import static dev.qssl.backend.jdk.EngineFixture.ALICE;
import static dev.qssl.backend.jdk.EngineFixture.AUTHORITY;
import static dev.qssl.backend.jdk.EngineFixture.BACKEND;
import static dev.qssl.backend.jdk.EngineFixture.SERVER;
import static dev.qssl.backend.jdk.EngineFixture.client;
import static dev.qssl.backend.jdk.EngineFixture.context;
import static dev.qssl.backend.jdk.EngineFixture.peer;
import static dev.qssl.backend.jdk.EngineFixture.server;
import static dev.qssl.backend.jdk.EngineFixture.serverSettings;
import static dev.qssl.tck.fixture.EngineBench.TO_LOCALHOST;
import static dev.qssl.tck.fixture.EngineBench.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ClientHello;
import dev.qssl.spi.ClientHelloReader;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.ContextSettings.DiffieHellman;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.EphemeralKey;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRegistry;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.spec.DHParameterSpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What settings do, and which are refused by their names. */
class SettingsTest {

    private static Set<SslOption> with(SslOption option) {
        EnumSet<SslOption> options =
                EnumSet.copyOf(ContextSettings.builder().build().options());
        options.add(option);
        return options;
    }

    private static Set<SslOption> without(SslOption option) {
        EnumSet<SslOption> options =
                EnumSet.copyOf(ContextSettings.builder().build().options());
        options.remove(option);
        return options;
    }

    static Stream<Arguments> unsupported() {
        return Stream.of(
                Arguments.of("pskProtocols", ContextSettings.builder().pskProtocols(Set.of(SslProtocol.TLS_V1_2))),
                Arguments.of(
                        "diffieHellman",
                        ContextSettings.builder()
                                .diffieHellman(new DiffieHellman.Custom(
                                        new DHParameterSpec(BigInteger.valueOf(23), BigInteger.TWO)))),
                Arguments.of(
                        "ticketKeys",
                        ContextSettings.builder().ticketKeys(List.of(new ContextSettings.TicketKey("name", "secret")))),
                Arguments.of("keyLog", ContextSettings.builder().keyLog(true)),
                Arguments.of(
                        "DISABLE_SESSION_TICKETS",
                        ContextSettings.builder().options(with(SslOption.DISABLE_SESSION_TICKETS))),
                Arguments.of(
                        "DISABLE_SESSION_PERSISTENCE",
                        ContextSettings.builder().options(without(SslOption.DISABLE_SESSION_PERSISTENCE))),
                Arguments.of("backendOptions", ContextSettings.builder().backendOptions(Map.of("speed", 11))),
                Arguments.of("TLSv1.1", ContextSettings.builder().protocols(Set.of(SslProtocol.TLS_V1_1))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void unsupported(String name, ContextSettings.Builder settings) {
        assertUnsupported(() -> BACKEND.newContext(settings.build()), name);
    }

    private static void assertUnsupported(ThrowingCallable call, String name) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TlsException.class,
                        thrown -> assertThat(thrown.error()).isEqualTo(TlsError.UNSUPPORTED_SETTING))
                .hasMessageContaining("backend jdk")
                .hasMessageContaining(name);
    }

    private static void assertInvalid(ThrowingCallable call, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TlsException.class, thrown -> assertThat(thrown.error()).isEqualTo(TlsError.INVALID_SETTING))
                .hasMessageContaining(text);
    }

    @Test
    void keyOfAnotherCertificate_isInvalid() {
        Identity mixed = new Identity(SERVER.chain(), ALICE.key());

        assertInvalid(
                () -> BACKEND.newContext(
                        ContextSettings.builder().identity(mixed).build()),
                "does not belong to the certificate of CN=localhost");
    }

    @Test
    void keyOfAnotherKind_isInvalid() {
        Identity mixed =
                new Identity(SERVER.chain(), AUTHORITY.rsaServer("localhost").key());

        assertInvalid(
                () -> BACKEND.newContext(
                        ContextSettings.builder().identity(mixed).build()),
                "does not belong");
    }

    @Test
    void applicationProtocolThatIsTooLong_isInvalid() {
        assertInvalid(
                () -> BACKEND.newContext(
                        ContextSettings.builder().alpn(List.of("x".repeat(256))).build()),
                "application protocol");
    }

    @Test
    void datagramVersions_areInvalidForConnections() {
        assertInvalid(
                () -> BACKEND.newContext(ContextSettings.builder()
                        .protocols(Set.of(SslProtocol.DTLS_V1_2))
                        .build()),
                "datagrams");
    }

    @Test
    void suitesOfWhichNoneCanBeUsed_areInvalid() {
        CipherSuite psk = CipherSuite.ofName("TLS_PSK_WITH_AES_128_GCM_SHA256").orElseThrow();

        assertInvalid(
                () -> BACKEND.newContext(settings(SslProtocol.TLS_V1_2)
                        .cipherSuites(List.of(psk))
                        .build()),
                "TLS_PSK_WITH_AES_128_GCM_SHA256");
    }

    @Test
    void unsupportedSuiteBesideASupportedOne_isLeftOut() throws Exception {
        List<CipherSuite> suites = Stream.of(
                        "TLS_PSK_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
                .map(name -> CipherSuite.ofName(name).orElseThrow())
                .toList();
        OurPeer client = client(settings(SslProtocol.TLS_V1_2).cipherSuites(suites));
        OurPeer server = server(serverSettings(SslProtocol.TLS_V1_2));

        MemoryPeer.run(client, server);

        assertThat(client.engine().parameters().cipherSuite()).isEqualTo(suites.get(1));
    }

    @Test
    void onlyOldSuitesChosen_leaveTls13ToTheLibrary() throws Exception {
        CipherSuite old =
                CipherSuite.ofName("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256").orElseThrow();
        ClientHello hello = hello(context(ContextSettings.builder().cipherSuites(List.of(old))));

        assertThat(hello.cipherSuites()).contains(0x1301, 0x1302, old.code()).doesNotContain(0xC02C);
        assertThat(hello.versions()).containsExactly(SslProtocol.TLS_V1_3, SslProtocol.TLS_V1_2);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void suiteOrder_isTheServersUnlessSwitchedOff(SslProtocol protocol) throws Exception {
        List<CipherSuite> order = Stream.of(
                        "TLS_AES_128_GCM_SHA256",
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
                .map(name -> CipherSuite.ofName(name).orElseThrow())
                .toList();
        List<CipherSuite> reversed = List.of(order.get(1), order.get(0), order.get(3), order.get(2));

        OurPeer client = client(settings(protocol).cipherSuites(order));
        MemoryPeer.run(client, server(serverSettings(protocol).cipherSuites(reversed)));
        OurPeer polite = client(settings(protocol).cipherSuites(order));
        MemoryPeer.run(
                polite,
                server(serverSettings(protocol)
                        .cipherSuites(reversed)
                        .options(with(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE))));

        boolean tls13 = protocol == SslProtocol.TLS_V1_3;
        assertThat(client.engine().parameters().cipherSuite()).isEqualTo(order.get(tls13 ? 1 : 3));
        assertThat(polite.engine().parameters().cipherSuite()).isEqualTo(order.get(tls13 ? 0 : 2));
    }

    @Test
    void diffieHellmanDisabled_leavesItsSuitesOut() throws Exception {
        CipherSuite dhe =
                CipherSuite.ofName("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256").orElseThrow();
        ContextSettings.Builder servers = settings(SslProtocol.TLS_V1_2).identity(AUTHORITY.rsaServer("localhost"));
        OurPeer refused = client(settings(SslProtocol.TLS_V1_2).cipherSuites(List.of(dhe)));
        OurPeer refusing = server(servers.diffieHellman(new DiffieHellman.Disabled()));
        MemoryPeer.run(refused, refusing);
        OurPeer client = client(settings(SslProtocol.TLS_V1_2).cipherSuites(List.of(dhe)));
        MemoryPeer.run(client, server(servers.diffieHellman(new DiffieHellman.LibraryDefault())));

        assertThat(refusing.error()).isEqualTo(TlsError.NO_COMMON_PARAMETERS);
        assertInvalid(
                () -> server(servers.cipherSuites(List.of(dhe)).diffieHellman(new DiffieHellman.Disabled())),
                "Diffie-Hellman");
        assertThat(client.engine().parameters().cipherSuite()).isEqualTo(dhe);
        assertThat(client.engine().parameters().ephemeralKey().flatMap(EphemeralKey::publicKey))
                .hasValueSatisfying(key -> assertThat(key.getAlgorithm()).isEqualTo("DH"));
    }

    @Test
    void serverName_isSentOnlyIfGiven() throws Exception {
        TlsContext context = context(ContextSettings.builder());

        assertThat(hello(context).serverName()).hasValue("localhost");
        assertThat(hello(peer(
                                context,
                                EngineRequest.client(TO_LOCALHOST.peerKey().orElseThrow(), null)))
                        .serverName())
                .isEmpty();
        assertThat(hello(context(ContextSettings.builder().options(with(SslOption.DISABLE_SERVER_NAME_INDICATION))))
                        .serverName())
                .isEmpty();
    }

    @Test
    void serverNameThatIsNone_isInvalid() throws Exception {
        TlsContext context = context(ContextSettings.builder());

        assertInvalid(() -> peer(context, EngineRequest.client(null, "no host name")), "no host name");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void sessionSharingDisabled_neverResumes(SslProtocol protocol) throws Exception {
        for (boolean onServer : new boolean[] {true, false}) {
            Set<SslOption> disabled = with(SslOption.DISABLE_SESSION_SHARING);
            Set<SslOption> usual = ContextSettings.builder().build().options();
            TlsContext clients = context(settings(protocol).options(onServer ? usual : disabled));
            TlsContext servers = context(serverSettings(protocol).options(onServer ? disabled : usual));
            MemoryPeer.run(client(clients), server(servers));
            OurPeer second = client(clients);

            MemoryPeer.run(second, server(servers));

            assertThat(second.engine().parameters().resumed()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void clientWithoutPeerKey_neverResumes(SslProtocol protocol) throws Exception {
        TlsContext clients = context(settings(protocol));
        TlsContext servers = context(serverSettings(protocol));
        MemoryPeer.run(peer(clients, EngineRequest.client(null, "localhost")), server(servers));
        OurPeer second = peer(clients, EngineRequest.client(null, "localhost"));

        MemoryPeer.run(second, server(servers));

        assertThat(second.engine().parameters().resumed()).isFalse();
    }

    @Test
    void serverWithoutIdentity_isInvalid() throws Exception {
        TlsContext context = context(ContextSettings.builder());

        assertInvalid(() -> peer(context, EngineRequest.server()), "needs a certificate");
    }

    @Test
    void whatOnlyARequestCanAsk_isRefusedThere() throws Exception {
        TlsContext context = context(serverSettings(SslProtocol.TLS_V1_3));
        TlsContext stapling = context(serverSettings(SslProtocol.TLS_V1_3).ocspStapling(true));

        assertUnsupported(() -> peer(context, EngineRequest.server().withStaples(List.of(new byte[1]))), "staple");
        assertUnsupported(() -> peer(context, TO_LOCALHOST.withSession(new byte[1])), "session");
        assertInvalid(() -> peer(stapling, EngineRequest.server()), "ocspStapling");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_19)
    void groups_cannotBeChosenBeforeJava20() {
        assertUnsupported(
                () -> BACKEND.newContext(
                        ContextSettings.builder().groups(List.of("x25519")).build()),
                "groups");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_18)
    void signatureSchemes_cannotBeChosenBeforeJava19() {
        assertUnsupported(
                () -> BACKEND.newContext(ContextSettings.builder()
                        .signatureSchemes(List.of("ecdsa_secp256r1_sha256"))
                        .build()),
                "signatureSchemes");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    @EnabledForJreRange(minVersion = 20)
    void groups_areHonouredExactly(SslProtocol protocol) throws Exception {
        List<String> groups = List.of("secp384r1", "secp256r1");
        TlsContext clients = context(settings(protocol).groups(groups));
        ClientHello hello = hello(clients);
        OurPeer client = client(clients);
        OurPeer server = server(serverSettings(protocol));

        MemoryPeer.run(client, server);

        assertThat(hello.groups())
                .containsExactlyElementsOf(groups.stream()
                        .map(name -> TlsRegistry.groupCode(name).orElseThrow())
                        .toList());
        assertThat(client.engine().parameters().group())
                .isPresent()
                .isEqualTo(server.engine().parameters().group());
    }

    @Test
    @EnabledForJreRange(minVersion = 20)
    void groupThatTheLibraryWouldDrop_isRefusedByName() {
        assertUnsupported(
                () -> BACKEND.newContext(ContextSettings.builder()
                        .groups(List.of("x25519", "curveSM2"))
                        .build()),
                "curveSM2");
    }

    @Test
    @EnabledForJreRange(minVersion = 19)
    void signatureSchemes_areHonouredExactly() throws Exception {
        TlsContext context = context(ContextSettings.builder()
                .protocols(Set.of(SslProtocol.TLS_V1_3))
                .signatureSchemes(List.of("rsa_pss_rsae_sha256")));

        assertThat(hello(context).signatureSchemes()).containsExactly(0x0804);
        assertUnsupported(
                () -> BACKEND.newContext(ContextSettings.builder()
                        .signatureSchemes(List.of("mldsa44"))
                        .build()),
                "mldsa44");
    }

    private static ClientHello hello(TlsContext context) throws TlsException {
        return hello(client(context));
    }

    private static ClientHello hello(OurPeer client) throws TlsException {
        client.engine().encrypt(MemoryPeer.NO_BYTES, client.outbox);
        ClientHelloReader.Progress progress = new ClientHelloReader().read(ByteBuffer.wrap(client.said()));
        assertThat(progress).isInstanceOf(ClientHelloReader.Progress.Found.class);
        return ((ClientHelloReader.Progress.Found) progress).hello();
    }
}
