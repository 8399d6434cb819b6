package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.KeyLog;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capability;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSession;
import dev.qssl.tck.peer.PeerSetup;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The secrets of connections, written where the application says (RFC 9850), and nowhere else. */
@Requires(Capability.KEY_LOG)
public abstract class KeyLogContract extends BackendContract {

    private static final Pattern LINE = Pattern.compile("[A-Z0-9_]+ [0-9A-Fa-f]{64} ([0-9A-Fa-f]{2})+");
    private static final Set<String> OLDER = Set.of("CLIENT_RANDOM");
    private static final Set<String> TLS_1_3 = Set.of(
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
            "SERVER_HANDSHAKE_TRAFFIC_SECRET",
            "CLIENT_TRAFFIC_SECRET_0",
            "SERVER_TRAFFIC_SECRET_0");

    private final List<String> ours = new CopyOnWriteArrayList<>();
    private final List<String> theirs = new CopyOnWriteArrayList<>();

    /** Creates one. */
    protected KeyLogContract() {}

    @EachCase
    @Rule(id = "KEYLOG-001", source = "RFC 9850, section 2", level = MUST)
    void bothSides_logTheSameSecretsBeforeEncryptedIsTold(SslProtocol protocol) {
        List<String> atEncrypted = new CopyOnWriteArrayList<>();
        Setup client = logging(client().protocol(protocol), ours::add)
                .prepare(socket -> socket.encrypted.connect(() -> atEncrypted.addAll(ours)));
        try (LoopbackPair pair = pair(client, logging(server(), theirs::add))) {
            pair.handshake();
            pair.until("the slot", () -> !atEncrypted.isEmpty());

            Set<String> expected = protocol == SslProtocol.TLS_V1_3 ? TLS_1_3 : OLDER;
            assertThat(ours).allMatch(line -> LINE.matcher(line).matches()).doesNotHaveDuplicates();
            assertThat(labels(ours)).containsAll(expected);
            assertThat(labels(atEncrypted)).containsAll(expected);
            assertThat(chosen(ours, expected)).isEqualTo(chosen(theirs, expected));
            assertThat(randoms(ours)).as("one connection, one random value").hasSize(1);
        }
    }

    @EachCase
    @Rule(id = "KEYLOG-002", source = "nothing is logged that was not asked for", level = MUST)
    void withoutKeyLog_nothingIsLogged(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), logging(server(), theirs::add))) {
            pair.handshake();
            assertThat(pair.client()).isEncrypted();
            int afterFirst = theirs.size();
            assertThat(afterFirst).isPositive();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();
            pair.client().transcript().clear();

            Setup silent = server().meet(protocol);
            pair.server().run(() -> pair.server().socket().setSslConfiguration(silent.configuration()));
            pair.handshake();
            assertThat(pair.client()).isEncrypted();
            assertThat(theirs).as("after the log was taken away").hasSize(afterFirst);
        }
    }

    @EachCase
    @Rule(id = "KEYLOG-003", source = "a log that fails is no reason to end a connection", level = MUST)
    void logThatThrows_isToldAndTheConnectionGoesOn(SslProtocol protocol) {
        IllegalStateException full = new IllegalStateException("no space left");
        Setup client = logging(client().protocol(protocol), line -> {
            throw full;
        });
        try (LoopbackPair pair = pair(client, server())) {
            pair.handshake();
            pair.client().run(() -> pair.client().socket().write(new byte[100]));
            pair.until("the data", () -> pair.server().socket().bytesAvailable() == 100);

            assertThat(pair.client()).isEncrypted();
            assertThat(stage().takeUncaught()).isNotEmpty().containsOnly(full);
        }
    }

    @EachCase
    @Rule(id = "KEYLOG-020", source = "RFC 9850; a claim is proved against another implementation", level = MUST)
    void foreignServer_logsTheSame(SslProtocol protocol) {
        ForeignPeer peer = ForeignPeer.loggingKeys();
        peer.require();
        PeerSetup setup =
                PeerSetup.create().identity(usualServer()).protocol(protocol).loggingKeys();
        PeerSession server = stage().with(peer.serve(setup));
        ForeignPair pair = ForeignPair.client(stage(), logging(client().protocol(protocol), ours::add), server);

        assertSame(pair, protocol);
    }

    @EachCase
    @Rule(id = "KEYLOG-021", source = "RFC 9850; a claim is proved against another implementation", level = MUST)
    void foreignClient_logsTheSame(SslProtocol protocol) {
        ForeignPeer peer = ForeignPeer.loggingKeys();
        peer.require();
        PeerSetup client =
                PeerSetup.create().trust(authority().trust()).protocol(protocol).loggingKeys();
        ForeignPair pair = ForeignPair.server(stage(), logging(server(), ours::add), peer, client, "a line");

        assertSame(pair, protocol);
    }

    private void assertSame(ForeignPair pair, SslProtocol protocol) {
        Set<String> expected = protocol == SslProtocol.TLS_V1_3 ? TLS_1_3 : OLDER;
        pair.settle().converse("a line");
        pair.until("the peer's log", () -> labels(pair.peer().keyLog()).containsAll(expected));

        assertThat(chosen(ours, expected)).isEqualTo(chosen(pair.peer().keyLog(), expected));
    }

    private static Setup logging(Setup setup, KeyLog log) {
        return setup.configure(own -> own.setKeyLog(log));
    }

    private static Set<String> labels(List<String> lines) {
        return lines.stream().map(line -> line.split(" ", -1)[0]).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> randoms(List<String> lines) {
        return lines.stream()
                .map(line -> line.split(" ", -1)[1].toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    // Not all libraries log all secrets, and some write the digits in capitals.
    private static Set<String> chosen(List<String> lines, Set<String> labels) {
        return lines.stream()
                .filter(line -> labels.contains(line.split(" ", -1)[0]))
                .map(line -> line.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
