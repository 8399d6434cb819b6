package dev.qssl.spi.jsse;

import dev.qssl.spi.BufferKind;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.EnumSet;
import java.util.List;
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
     * {@return key managers beside the one for the identity}
     *
     * @param settings of the context that they are for
     * @throws GeneralSecurityException if they cannot be made
     */
    protected List<KeyManager> keyManagers(ContextSettings settings) throws GeneralSecurityException {
        return List.of();
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
     * Does what else is necessary before an engine begins. Called last.
     *
     * @param engine with its parameters set
     * @param settings of its context
     * @param request of its connection
     * @throws SSLException if the connection cannot be started so
     */
    protected void prepare(SSLEngine engine, ContextSettings settings, EngineRequest request) throws SSLException {}

    /**
     * Derives keying material. Only with {@link Capability#EXPORTER}.
     *
     * @param engine after its handshake
     * @param label ASCII
     * @param context the context value
     * @param length in bytes
     * @return the material
     * @throws SSLException if the library cannot
     */
    protected byte[] exportKeyingMaterial(SSLEngine engine, String label, byte[] context, int length)
            throws SSLException {
        return NewerJdk.export(engine, label, context, length);
    }

    /**
     * {@return the code of the peer's fatal alert that made the library throw this; empty if it was none, or if only comparing
     * can tell}
     *
     * <p>Where this is empty, what was thrown is compared with what the library throws when it is given each alert in turn.
     *
     * @param thrown by a call of an engine
     */
    protected OptionalInt receivedAlert(Exception thrown) {
        return OptionalInt.empty();
    }

    /**
     * Frees what an engine holds outside the heap. Called once, in any state; nothing more is sent.
     *
     * @param engine whose connection is over
     */
    protected void release(SSLEngine engine) {}

    final SSLContext newSslContext() throws GeneralSecurityException {
        return SSLContext.getInstance("TLS", provider());
    }
}
