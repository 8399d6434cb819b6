package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static dev.qssl.tck.link.TckAssertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Capability;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSession;
import dev.qssl.tck.peer.PeerSetup;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Keying material for other protocols, out of the secrets of a connection (RFC 5705; RFC 8446, section 7.5). */
@Requires(Capability.EXPORTER)
public abstract class ExporterContract extends BackendContract {

    private static final String LABEL = "EXPORTER-qssl-contract";
    private static final byte[] CONTEXT = {1, 2, 3};

    /** Creates one. */
    protected ExporterContract() {}

    @EachCase
    @Rule(id = "EXPORT-001", source = "RFC 5705, section 4; RFC 8446, section 7.5", level = MUST)
    void sameArguments_giveBothSidesTheSame(SslProtocol protocol) {
        List<Function<QSslSocket, byte[]>> ways = List.of(
                socket -> socket.exportKeyingMaterial(LABEL, 1),
                socket -> socket.exportKeyingMaterial(LABEL, 32),
                socket -> socket.exportKeyingMaterial(LABEL, 5_000),
                socket -> socket.exportKeyingMaterial(LABEL, new byte[0], 32),
                socket -> socket.exportKeyingMaterial(LABEL, CONTEXT, 32),
                socket -> socket.exportKeyingMaterial(LABEL, new byte[255], 48),
                socket -> socket.exportKeyingMaterial("a label of one's own", CONTEXT, 32));
        List<Integer> lengths = List.of(1, 32, 5_000, 32, 32, 48, 32);
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            for (int i = 0; i < ways.size(); i++) {
                byte[] ours = of(pair.client(), ways.get(i));

                assertThat(ours).hasSize(lengths.get(i)).isEqualTo(of(pair.server(), ways.get(i)));
                assertThat(ours).as("asked again").isEqualTo(of(pair.client(), ways.get(i)));
            }
        }
    }

    @EachCase
    @Rule(id = "EXPORT-002", source = "RFC 5705, section 4", level = MUST)
    void otherLabelOrContextOrConnection_givesSomethingElse(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            byte[] here = of(pair.client(), socket -> socket.exportKeyingMaterial(LABEL, CONTEXT, 32));

            assertThat(here)
                    .isNotEqualTo(
                            of(pair.client(), socket -> socket.exportKeyingMaterial(LABEL + "-other", CONTEXT, 32)))
                    .isNotEqualTo(of(
                            pair.client(), socket -> socket.exportKeyingMaterial(LABEL, new byte[] {1, 2}, 32)))
                    .isNotEqualTo(of(pair.client(), socket -> socket.exportKeyingMaterial(LABEL, 32)));
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();
            pair.handshake();
            assertThat(here)
                    .as("the next connection, resumed or not")
                    .isNotEqualTo(of(pair.client(), socket -> socket.exportKeyingMaterial(LABEL, CONTEXT, 32)));
        }
    }

    @EachCase
    @Rule(id = "EXPORT-003", source = "RFC 5705, section 4; RFC 8446, section 7.5", level = MUST)
    void emptyContext_isNoneInTls13Only(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            byte[] without = of(pair.client(), socket -> socket.exportKeyingMaterial(LABEL, 32));
            byte[] empty = of(pair.client(), socket -> socket.exportKeyingMaterial(LABEL, new byte[0], 32));

            assertThat(HexFormat.of().formatHex(without).equals(HexFormat.of().formatHex(empty)))
                    .isEqualTo(protocol == SslProtocol.TLS_V1_3);
        }
    }

    @EachCase
    @Rule(id = "EXPORT-004", source = "keys are there from encrypted to the end", level = MUST)
    void withoutKeys_itIsAnIllegalState(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            QSslSocket client = pair.client().socket();
            CompletableFuture<byte[]> inSlot = new CompletableFuture<>();
            client.encrypted.connect(() -> inSlot.complete(client.exportKeyingMaterial(LABEL, 32)));
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> client.exportKeyingMaterial(LABEL, 32));
            pair.connectPlain();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> client.exportKeyingMaterial(LABEL, 32));
            pair.encrypt();
            assertThat(inSlot.join()).isEqualTo(of(pair.client(), socket -> socket.exportKeyingMaterial(LABEL, 32)));
            pair.client().run(client::disconnectFromHost);
            pair.over();

            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> client.exportKeyingMaterial(LABEL, 32));
        }
    }

    @EachCase
    @Rule(id = "EXPORT-005", source = "design of the socket, rules R3 and R4", level = MUST)
    void anyThread_mayAsk(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            byte[] here = of(pair.client(), socket -> socket.exportKeyingMaterial(LABEL, 32));
            CompletableFuture<byte[]> elsewhere =
                    CompletableFuture.supplyAsync(() -> pair.client().socket().exportKeyingMaterial(LABEL, 32));
            pair.until("an answer", elsewhere::isDone);

            assertThat(elsewhere.join()).isEqualTo(here);
        }
    }

    @EachCase
    @Rule(
            id = "EXPORT-020",
            source = "RFC 5705, RFC 8446; a claim is proved against another implementation",
            level = MUST)
    void foreignServer_derivesTheSame(SslProtocol protocol, ForeignPeer peer) {
        assumeTrue(peer.canExport(), peer.name() + " tells no keying material");
        PeerSetup setup =
                PeerSetup.create().identity(usualServer()).protocol(protocol).exporting(LABEL, 48);
        PeerSession server = stage().with(peer.serve(setup));
        ForeignPair pair = ForeignPair.client(stage(), client().protocol(protocol), server);

        assertSame(pair);
    }

    @EachCase
    @Rule(
            id = "EXPORT-021",
            source = "RFC 5705, RFC 8446; a claim is proved against another implementation",
            level = MUST)
    void foreignClient_derivesTheSame(SslProtocol protocol, ForeignPeer peer) {
        assumeTrue(peer.canExport(), peer.name() + " tells no keying material");
        PeerSetup client =
                PeerSetup.create().trust(authority().trust()).protocol(protocol).exporting(LABEL, 48);
        ForeignPair pair = ForeignPair.server(stage(), server(), peer, client, "a line");

        assertSame(pair);
    }

    private static void assertSame(ForeignPair pair) {
        pair.until(
                "keying material at both sides",
                () -> pair.end().isOver()
                        || (pair.end().isEncrypted()
                                && pair.peer().keyingMaterial().isPresent()));
        assertThat(pair.end()).isEncrypted();
        assertThat(of(pair.end(), socket -> socket.exportKeyingMaterial(LABEL, 48)))
                .isEqualTo(pair.peer().keyingMaterial().orElseThrow());
    }

    private static byte[] of(End end, Function<QSslSocket, byte[]> way) {
        return end.call(() -> way.apply(end.socket()));
    }
}
