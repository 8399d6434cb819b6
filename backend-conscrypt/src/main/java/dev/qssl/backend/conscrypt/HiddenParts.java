package dev.qssl.backend.conscrypt;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
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

    private static final HiddenParts FOUND = new HiddenParts(name -> true);

    private final List<Part> all = new ArrayList<>();
    private final Predicate<String> lookedFor;

    private final Part engine;
    private final Part parameters;
    private final Part groups;
    private final Part staple;
    private final Part cached;
    private final Part bytes;
    private final Part ssl;
    private final Part pointer;
    private final Part clear;
    private final Part free;

    /**
     * Looks for the parts.
     *
     * @param lookedFor by their names; the others count as missing
     */
    HiddenParts(Predicate<String> lookedFor) {
        this.lookedFor = lookedFor;
        engine = method("Java8EngineWrapper", "getDelegate", SSLEngine.class);
        parameters = field("ConscryptEngine", "sslParameters");
        groups = method("ConscryptEngine", "setNamedGroups", String[].class);
        staple = method("SSLParametersImpl", "setOCSPResponse", byte[].class);
        cached = method(
                "ClientSessionContext", "getCachedSession", String.class, int.class, Part.type("SSLParametersImpl"));
        bytes = method("NativeSslSession", "toBytes");
        ssl = field("ConscryptEngine", "ssl");
        pointer = field("NativeSsl", "ssl");
        clear = method("NativeCrypto", "SSL_clear_options", long.class, Part.type("NativeSsl"), long.class);
        free = method("ConscryptEngine", "closeAndFreeResources");
    }

    private Part method(String owner, String name, @Nullable Class<?>... types) {
        String full = owner + "." + name;
        return add(new Part(full, lookedFor.test(full) ? Part.method(owner, name, types) : null));
    }

    private Part field(String owner, String name) {
        String full = owner + "." + name;
        return add(new Part(full, lookedFor.test(full) ? Part.field(owner, name) : null));
    }

    private Part add(Part part) {
        all.add(part);
        return part;
    }

    /** {@return the names of all parts, whether they were found or not} */
    List<String> names() {
        return all.stream().map(part -> part.name).toList();
    }

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

        private Part(String name, @Nullable MethodHandle handle) {
            this.name = name;
            this.handle = handle;
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
                method.setAccessible(true); // its class is not public, even where it is
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
                field.setAccessible(true); // no method gives what it holds
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
