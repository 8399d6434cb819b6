package dev.qssl.spi.jsse;

import dev.qssl.spi.BufferKind;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.TlsError;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * A JSSE provider and where it differs from what the JSSE says: what a {@link JsseBackend} is made of.
 *
 * <p>Only {@link #provider} must be written. The rest describes a provider that does what the JSSE of the running JDK
 * describes, and no more; override what yours does otherwise. Instances are shared by all threads and hold no state of a
 * connection. Creating one must do no work.
 */
public abstract class JsseLibrary {

    /** Does nothing. */
    protected JsseLibrary() {}

    /**
     * {@return the provider of {@link SSLContext}}
     *
     * @throws GeneralSecurityException if it cannot be had
     */
    protected abstract Provider provider() throws GeneralSecurityException;

    /** {@return the kind of memory that the engines are fastest with} Arrays, unless overridden. */
    protected BufferKind buffers() {
        return BufferKind.HEAP;
    }

    /**
     * {@return the room that an engine needs for what it has to say at once, in bytes} That of a record, unless overridden: do
     * so where an engine collects more before it says anything.
     *
     * @param engine before it begins
     */
    protected int recordRoom(SSLEngine engine) {
        return engine.getSession().getPacketBufferSize();
    }

    /**
     * {@return whether an engine that has something to say after its handshake shows it as {@code NEED_WRAP}} It does, unless
     * overridden. Where it does not, it is made to say it whenever something that is no application data came in.
     */
    protected boolean announcesOutput() {
        return true;
    }

    /**
     * {@return what the library may be asked for beyond the JSSE of Java 17}
     *
     * <p>A setting that needs one of these is refused without it; with it, it is tried out all the same, when the
     * capabilities are probed or the context is built. Unless overridden: choice of groups and signature schemes and the
     * exporter, where the JDK has methods for them.
     */
    protected Set<Capability> extras() {
        Set<Capability> extras = EnumSet.noneOf(Capability.class);
        if (NewerJdk.canChooseGroups()) {
            extras.add(Capability.GROUP_CHOICE);
        }
        if (NewerJdk.canChooseSignatureSchemes()) {
            extras.add(Capability.SIGNATURE_SCHEME_CHOICE);
        }
        if (NewerJdk.canExport()) {
            extras.add(Capability.EXPORTER);
        }
        return extras;
    }

    /**
     * {@return why the library cannot be asked for this, in a clause for messages and tables}
     *
     * @param capability none of the {@link #extras}, or one that did not work
     */
    protected String reasonAgainst(Capability capability) {
        return switch (capability) {
            case OCSP_STAPLING -> "its servers fetch their own responses, and it has no method to give it one";
            case PSK -> "it has no pre-shared keys";
            case SESSION_EXPORT -> "its sessions can neither leave nor enter the process";
            case GROUP_CHOICE -> "this JDK chooses them itself (since Java 20 they can be chosen)";
            case SIGNATURE_SCHEME_CHOICE -> "this JDK chooses them itself (since Java 19 they can be chosen)";
            case DIFFIE_HELLMAN_PARAMETERS -> "it cannot use parameters of the application";
            case EXPORTER -> "this JDK has no exporter (Java 25 has one)";
            case KEY_LOG -> "it does not give out secrets";
            case TICKET_KEYS -> "it makes its own";
            case HALF_CLOSE -> "it answers the peer's close_notify with its own";
            case DATAGRAM_COOKIE -> "its cookies are not bound to an address";
            case HANDSHAKE,
                    ALPN,
                    SERVER_NAME,
                    CLIENT_CERTIFICATE,
                    RESUMPTION,
                    ALERTS,
                    CIPHER_SUITE_CHOICE,
                    NEGOTIATED_GROUP -> "it did not work in a connection of this process with itself";
        };
    }

    /** {@return whether {@code DISABLE_SESSION_TICKETS} is something {@link #prepare} takes care of} No, unless overridden. */
    protected boolean canDisableTickets() {
        return false;
    }

    /**
     * {@return whether {@link #prepare(SSLEngine, ContextSettings, EngineRequest)} keeps a server from resuming what others of
     * its {@code SSLContext} gave out} No, unless overridden: servers that share no sessions then have a context each, which
     * costs much more.
     *
     * @param settings of a context with {@code DISABLE_SESSION_SHARING}
     */
    protected boolean canServeWithoutSessions(ContextSettings settings) {
        return false;
    }

    /**
     * {@return what the library would accept and not do, named and with the reason; empty if there is nothing}
     *
     * @param settings of a context to be
     */
    protected Optional<String> refusal(ContextSettings settings) {
        return Optional.empty();
    }

    /**
     * Does what is necessary once for a context of the library.
     *
     * @param context initialised
     * @param settings that it is for
     */
    protected void prepare(SSLContext context, ContextSettings settings) {}

    /**
     * {@return key managers beside the one for the identity}
     *
     * @param settings of the context that they are for
     * @throws GeneralSecurityException if they cannot be made
     */
    protected List<KeyManager> keyManagers(ContextSettings settings) throws GeneralSecurityException {
        return List.of();
    }

    /**
     * {@return the identity as the library is fastest with} As it is, unless overridden: do so where the library would translate
     * keys of other providers again in each handshake.
     *
     * @param identity of a context that is being made
     * @throws GeneralSecurityException if the library cannot use it
     */
    protected Identity adopted(Identity identity) throws GeneralSecurityException {
        return identity;
    }

    /**
     * {@return a new engine of a client that may resume what an earlier connection with the same number was given, and nothing
     * else}
     *
     * @param context to make it of
     * @param peer whom the connection means
     * @param number of the peer, 1 or more: no other of this context has it; a new one once the peer was refused
     */
    protected SSLEngine newEngine(SSLContext context, PeerKey peer, int number) {
        // To the JSSE, host and port are nothing but the key of its cache.
        return context.createSSLEngine(peer.asText(), number);
    }

    /**
     * {@return what lets the sessions of a context's clients out and in} Only with {@link Capability#SESSION_EXPORT} among the
     * {@link #extras}. From then on it makes the engines of all clients of the context.
     *
     * @param context of which no client was made yet
     */
    protected SessionStore sessionStore(SSLContext context) {
        throw new UnsupportedOperationException("sessions can neither leave nor enter the process");
    }

    /**
     * {@return whether a client can send this as the name of the server it wants} Otherwise it goes on without, and the first
     * time in a context a warning is logged.
     *
     * @param serverName a host name in ASCII form
     */
    protected boolean canSend(String serverName) {
        return true;
    }

    /**
     * Asks the owner of the connection whose step this thread is making. Only from inside a call of its engine, such as from
     * one of the {@link #keyManagers}. May be called more than once in a handshake: the first answer is kept.
     *
     * @param question what is known
     * @return the answer, not to be closed; none if no connection is making a step
     */
    public static PskAnswer askForPreSharedKey(PskQuestion question) {
        return PeerTrust.askForPreSharedKey(question);
    }

    /**
     * Chooses the groups of a connection. Only with {@link Capability#GROUP_CHOICE} among the {@link #extras}.
     *
     * @param engine the connection's engine, before it begins
     * @param parameters what the engine will be given
     * @param names IANA names, best first
     */
    protected void chooseGroups(SSLEngine engine, SSLParameters parameters, String[] names) {
        NewerJdk.chooseGroups(parameters, names);
    }

    /**
     * Chooses the signature schemes of a connection. Only with {@link Capability#SIGNATURE_SCHEME_CHOICE}.
     *
     * @param engine the connection's engine, before it begins
     * @param parameters what the engine will be given
     * @param names IANA names, best first
     */
    protected void chooseSignatureSchemes(SSLEngine engine, SSLParameters parameters, String[] names) {
        NewerJdk.chooseSignatureSchemes(parameters, names);
    }

    /**
     * Gives an engine its parameters: {@link SSLEngine#setSSLParameters}, unless overridden.
     *
     * @param engine before it begins, its role set
     * @param parameters versions, always; suites, the application's protocols, the server's name and whether clients are asked
     *     for a certificate, where they are set; and what {@link #chooseGroups} and {@link #chooseSignatureSchemes} set on them
     */
    protected void configure(SSLEngine engine, SSLParameters parameters) {
        engine.setSSLParameters(parameters);
    }

    /**
     * Does what else is necessary before an engine begins. Called last.
     *
     * @param engine with its parameters set
     * @param settings of its context
     * @param request of its connection
     * @throws SSLException if the connection cannot be started so
     */
    protected void prepare(SSLEngine engine, ContextSettings settings, EngineRequest request) throws SSLException {}

    /**
     * Does what can only be done between the beginning of a handshake and its first message.
     *
     * @param engine that has begun
     * @param settings of its context
     * @param request of its connection
     */
    protected void begun(SSLEngine engine, ContextSettings settings, EngineRequest request) {}

    /**
     * Derives keying material. Only with {@link Capability#EXPORTER}.
     *
     * @param engine after its handshake
     * @param label ASCII
     * @param context the context value, not to be changed; up to TLS 1.2 an empty one is not the same as none
     * @param length in bytes
     * @return the material
     * @throws SSLException if the library cannot
     */
    protected byte[] exportKeyingMaterial(SSLEngine engine, String label, Optional<byte[]> context, int length)
            throws SSLException {
        return NewerJdk.export(engine, label, context, length);
    }

    /**
     * {@return the code of the peer's fatal alert that made the library throw this; empty if it was none, or if only comparing
     * can tell}
     *
     * <p>Where this is empty, and {@link #namesReceivedAlerts} is not overridden, what was thrown is compared with what the
     * library throws when it is given each alert in turn.
     *
     * @param thrown by a call of an engine
     */
    protected OptionalInt receivedAlert(Exception thrown) {
        return OptionalInt.empty();
    }

    /** {@return whether {@link #receivedAlert} knows every alert, so that nothing needs to be compared} No, unless overridden. */
    protected boolean namesReceivedAlerts() {
        return false;
    }

    /**
     * {@return what all failures for one reason have in common} The text of the exception, unless overridden: do so where it
     * holds more than the reason, such as an address.
     *
     * @param thrown by a call of an engine
     */
    protected String failureReason(Exception thrown) {
        return String.valueOf(thrown.getMessage());
    }

    /**
     * {@return what a failure that is no alert of the peer means, if the library tells}
     *
     * @param thrown by a call of an engine
     */
    protected Optional<TlsError> error(Exception thrown) {
        return Optional.empty();
    }

    /**
     * {@return whether an engine holds what is freed by {@link #release} alone} If so, that is called for a forgotten engine
     * too, some time after nobody can reach it any more. No, unless overridden.
     */
    protected boolean holdsNativeMemory() {
        return false;
    }

    /**
     * Frees what an engine holds outside the heap. Called once, in any state and on any thread; nothing more is sent.
     *
     * @param engine whose connection is over
     */
    protected void release(SSLEngine engine) {}

    final SSLContext newSslContext() throws GeneralSecurityException {
        return SSLContext.getInstance("TLS", provider());
    }
}
