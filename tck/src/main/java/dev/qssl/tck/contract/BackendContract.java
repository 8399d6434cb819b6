package dev.qssl.tck.contract;

import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslConfiguration;
import dev.qssl.spi.Identity;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.tck.Contract;
import dev.qssl.tck.Driving;
import dev.qssl.tck.DrivingInvocations;
import dev.qssl.tck.ExclusionCheck;
import dev.qssl.tck.Requirements;
import dev.qssl.tck.Subject;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.link.Stage;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSession;
import dev.qssl.tck.peer.PeerSetup;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every contract shares: the backend under test, who drives its sockets, and the usual two ends of a connection.
 *
 * <p>A contract runs once per driver. Each test has a {@link Stage} of its own; when it is over, everything is closed and
 * nothing may have been thrown past the sockets.
 */
@ClassTemplate
@ExtendWith({DrivingInvocations.class, Requirements.class, ExclusionCheck.class})
@Timeout(120)
public abstract class BackendContract implements Contract {

    private static final AtomicInteger DEPTHS = new AtomicInteger(1000);

    // A depth of its own keeps the sessions of one test from being resumed in another, on a port that the system gave
    // twice.
    private final int depth = DEPTHS.incrementAndGet();
    private @Nullable Subject subject;
    private Driving driving = Driving.CALLER;
    private @Nullable Stage stage;

    /** Creates one; the kit tells it what to certify. */
    protected BackendContract() {}

    @Override
    public final void certify(Subject backend, Driving driver) {
        subject = backend;
        driving = driver;
    }

    @BeforeEach
    final void openStage() {
        stage = new Stage(driving, subject().patience());
    }

    @AfterEach
    final void closeStage() {
        stage().close();
    }

    /** {@return the backend under test} */
    protected final Subject subject() {
        return Objects.requireNonNull(subject);
    }

    /** {@return who drives the sockets} */
    protected final Driving driving() {
        return driving;
    }

    /** {@return where the ends of this test live} */
    protected final Stage stage() {
        return Objects.requireNonNull(stage);
    }

    /** {@return the authority that both ends know} */
    protected final TestAuthority authority() {
        return TestAuthority.shared();
    }

    /** {@return a configuration for the backend under test, with nothing else set that a test could notice} */
    protected final QSslConfiguration configuration() {
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setBackend(subject().backend());
        configuration.setPeerVerifyDepth(depth);
        return configuration;
    }

    /** {@return the usual client: it trusts the authority} */
    protected final Setup client() {
        return new Setup("client", configuration()).trust(authority().trust());
    }

    /** {@return the usual server: it shows a good certificate for localhost, and trusts the authority} */
    protected final Setup server() {
        return new Setup("server", configuration()).trust(authority().trust()).identity(Usual.SERVER);
    }

    /** {@return the identity that the usual server shows} */
    protected final Identity usualServer() {
        return Usual.SERVER;
    }

    /**
     * {@return the two ends, unconnected} Where only one says which version, and that is off by default, the other one speaks
     * it too.
     */
    protected final LoopbackPair pair(Setup client, Setup server) {
        client.meet(server.configuration().protocol());
        server.meet(client.configuration().protocol());
        return new LoopbackPair(stage(), client, server);
    }

    /** {@return the usual two ends, unconnected} */
    protected final LoopbackPair pair() {
        return pair(client(), server());
    }

    /**
     * Has a foreign client, which offers the session that it keeps in a file, visit a server.
     *
     * @return whether both sides say that the session was resumed
     */
    protected final boolean visit(Setup server, SslProtocol protocol, Path session) {
        ForeignPeer peer = ForeignPeer.keepingSessions();
        peer.require();
        PeerSetup client =
                PeerSetup.create().protocol(protocol).trust(authority().trust()).session(session);
        ForeignPair pair = ForeignPair.server(stage(), server, peer, client, "here again");
        try (PeerSession foreign = pair.peer()) {
            pair.settle().converse("here again"); // in TLS 1.3 sessions come after the handshake
            boolean resumed = pair.end()
                    .socket()
                    .sessionParameters()
                    .map(NegotiatedParameters::resumed)
                    .orElseThrow();
            pair.end().run(pair.end().socket()::disconnectFromHost);
            pair.until("the end at both sides", () -> pair.end().isOver() && foreign.isOver());
            assertThat(foreign.resumptions()).as("%s", foreign).isEqualTo(resumed ? 1 : 0);
            return resumed;
        }
    }

    private static final class Usual {
        static final Identity SERVER = TestAuthority.shared().server("localhost", "127.0.0.1");
    }
}
