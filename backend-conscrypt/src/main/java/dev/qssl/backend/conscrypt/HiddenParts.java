package dev.qssl.backend.conscrypt;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/**
 * The parts of Conscrypt that do what its public methods leave out: the only place that knows of them.
 *
 * <p>Each is looked for once, when the first is needed. One that this version of Conscrypt does not have, or has otherwise,
 * takes away what it is for and nothing else. They were seen in 2.9.0. Conscrypt has no module descriptor, so they can be
 * reached from the class path and from the module path alike.
 */
final class HiddenParts {

    private static final long SERVER_PREFERENCE = 0x0040_0000L; // SSL_OP_CIPHER_SERVER_PREFERENCE

    private static final HiddenParts FOUND = new HiddenParts();

    private final Part engine = Part.ofMethod("Java8EngineWrapper", "getDelegate", SSLEngine.class);
    private final Part parameters = Part.ofField("ConscryptEngine", "sslParameters");
    private final Part groups = Part.ofMethod("ConscryptEngine", "setNamedGroups", String[].class);
    private final Part staple = Part.ofMethod("SSLParametersImpl", "setOCSPResponse", byte[].class);
    private final Part cached = Part.ofMethod(
            "ClientSessionContext", "getCachedSession", String.class, int.class, Part.type("SSLParametersImpl"));
    private final Part bytes = Part.ofMethod("NativeSslSession", "toBytes");
    private final Part ssl = Part.ofField("ConscryptEngine", "ssl");
    private final Part pointer = Part.ofField("NativeSsl", "ssl");
    private final Part clear =
            Part.ofMethod("NativeCrypto", "SSL_clear_options", long.class, Part.type("NativeSsl"), long.class);
    private final Part free = Part.ofMethod("ConscryptEngine", "closeAndFreeResources");

    private HiddenParts() {}

    /** {@return what was found} */
    static HiddenParts found() {
        return FOUND;
    }

    /** {@return whether groups can be chosen for one engine} */
    boolean canChooseGroups() {
        return missing(engine, groups).isEmpty();
    }

    /** {@return whether a server can be given a response to staple} */
    boolean canStaple() {
        return missing(engine, parameters, staple).isEmpty();
    }

    /** {@return whether sessions of TLS 1.3 can be had as bytes} */
    boolean canExportSessions() {
        return missing(engine, parameters, cached, bytes).isEmpty();
    }

    /** {@return whether a server can go by its client's order of cipher suites} */
    boolean canFollowClients() {
        return missing(engine, ssl, pointer, clear).isEmpty();
    }

    /** {@return whether an engine can be freed at once, whatever it still has to say} */
    boolean canFree() {
        return missing(engine, free).isEmpty();
    }

    /** {@return which part is missing for the choice of groups, in words} */
    String reasonAgainstGroups() {
        return reason(engine, groups);
    }

    /** {@return which part is missing for stapling, in words} */
    String reasonAgainstStapling() {
        return reason(engine, parameters, staple);
    }

    /** {@return which part is missing for the export of sessions, in words} */
    String reasonAgainstExport() {
        return reason(engine, parameters, cached, bytes);
    }

    private static Optional<Part> missing(Part... parts) {
        for (Part part : parts) {
            if (part.handle == null) {
                return Optional.of(part);
            }
        }
        return Optional.empty();
    }

    private static String reason(Part... parts) {
        return missing(parts)
                .map(part -> "this version of Conscrypt has no " + part.name)
                .orElse("it did not work in a connection of this process with itself");
    }

    /** Chooses the groups of an engine that has not begun. */
    void chooseGroups(SSLEngine outer, String[] names) {
        groups.call(engine.get(outer), names);
    }

    /** Gives a server that has not begun the response that it will staple, DER. */
    void staple(SSLEngine outer, byte[] response) {
        staple.call(parameters.get(engine.get(outer)), response);
    }

    /** {@return a session that the server of this engine gave, serialised, no longer in the cache; empty if there is none} */
    Optional<byte[]> takeSession(SSLSessionContext context, SSLEngine outer) {
        Object session = cached.call(
                context, Conscrypt.getHostname(outer), outer.getPeerPort(), parameters.get(engine.get(outer)));
        return Optional.ofNullable(session).map(found -> (byte[]) bytes.get(found));
    }

    /** Has a server that has begun, and heard nothing yet, go by its client's order of cipher suites. */
    void followClient(SSLEngine outer) {
        Object connection = ssl.get(engine.get(outer));
        clear.call(pointer.get(connection), connection, SERVER_PREFERENCE);
    }

    /** Frees what an engine holds outside the heap. */
    void free(SSLEngine outer) {
        free.call(engine.get(outer));
    }

    /** A method or a field of Conscrypt, which may not be there. */
    private static final class Part {

        private static final String PACKAGE = "org.conscrypt.";

        private final String name;
        private final @Nullable MethodHandle handle;

        static Part ofMethod(String owner, String method, @Nullable Class<?>... parameters) {
            return new Part(owner + "." + method, method(owner, method, parameters));
        }

        private Part(String name, @Nullable MethodHandle handle) {
            this.name = name;
            this.handle = handle;
        }

        static Part ofField(String owner, String field) {
            return new Part(owner + "." + field, field(owner, field));
        }

        static @Nullable Class<?> type(String name) {
            try {
                return Class.forName(PACKAGE + name, false, Conscrypt.class.getClassLoader());
            } catch (ClassNotFoundException anotherVersion) {
                return null;
            }
        }

        private static @Nullable MethodHandle method(String owner, String name, @Nullable Class<?>... parameters) {
            Class<?> type = type(owner);
            if (type == null) {
                return null;
            }
            try {
                Method method = type.getDeclaredMethod(name, parameters);
                method.setAccessible(true);
                return general(MethodHandles.lookup().unreflect(method));
            } catch (ReflectiveOperationException | RuntimeException anotherVersion) {
                return null;
            }
        }

        private static @Nullable MethodHandle field(String owner, String name) {
            Class<?> type = type(owner);
            if (type == null) {
                return null;
            }
            try {
                Field field = type.getDeclaredField(name);
                field.setAccessible(true);
                return general(MethodHandles.lookup().unreflectGetter(field));
            } catch (ReflectiveOperationException | RuntimeException anotherVersion) {
                return null;
            }
        }

        private static MethodHandle general(MethodHandle exact) {
            return exact.asType(exact.type().generic())
                    .asSpreader(Object[].class, exact.type().parameterCount());
        }

        /** {@return what it gives} Must not be asked of a part that is missing, nor of one that may give nothing. */
        Object get(Object... arguments) {
            return Objects.requireNonNull(call(arguments), name);
        }

        /** {@return what it gives, if it gives anything} */
        @Nullable Object call(Object... arguments) {
            if (handle == null) {
                throw new UnsupportedOperationException("this version of Conscrypt has no " + name);
            }
            try {
                return (Object) handle.invokeExact(arguments);
            } catch (RuntimeException | Error thrown) {
                throw thrown;
            } catch (Throwable checked) {
                throw new IllegalStateException(name + " failed: " + checked.getMessage(), checked);
            }
        }
    }
}
