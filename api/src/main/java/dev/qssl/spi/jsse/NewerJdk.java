package dev.qssl.spi.jsse;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Public methods of the JSSE that came after Java 17; each is used where the running JDK has it. */
final class NewerJdk {

    private static final MethodType SETTER = MethodType.methodType(void.class, String[].class);

    // Java 20.
    private static final @Nullable MethodHandle SET_NAMED_GROUPS = find(SSLParameters.class, "setNamedGroups", SETTER);

    // Java 19.
    private static final @Nullable MethodHandle SET_SIGNATURE_SCHEMES =
            find(SSLParameters.class, "setSignatureSchemes", SETTER);

    // Java 25.
    private static final @Nullable MethodHandle EXPORT = find(
            ExtendedSSLSession.class,
            "exportKeyingMaterialData",
            MethodType.methodType(byte[].class, String.class, byte[].class, int.class));

    private NewerJdk() {}

    private static @Nullable MethodHandle find(Class<?> owner, String name, MethodType type) {
        try {
            return MethodHandles.publicLookup().findVirtual(owner, name, type);
        } catch (NoSuchMethodException | IllegalAccessException older) {
            return null;
        }
    }

    static boolean canChooseGroups() {
        return SET_NAMED_GROUPS != null;
    }

    static void chooseGroups(SSLParameters parameters, String[] names) {
        set(SET_NAMED_GROUPS, parameters, names);
    }

    static boolean canChooseSignatureSchemes() {
        return SET_SIGNATURE_SCHEMES != null;
    }

    static void chooseSignatureSchemes(SSLParameters parameters, String[] names) {
        set(SET_SIGNATURE_SCHEMES, parameters, names);
    }

    static boolean canExport() {
        return EXPORT != null;
    }

    static byte[] export(SSLEngine engine, String label, Optional<byte[]> context, int length) throws SSLException {
        if (EXPORT == null || !(engine.getSession() instanceof ExtendedSSLSession session)) {
            throw new UnsupportedOperationException("this JDK cannot export keying material");
        }
        try {
            return (byte[]) EXPORT.invokeExact(session, label, (byte @Nullable []) context.orElse(null), length);
        } catch (SSLException | RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new AssertionError("a method threw what it does not declare", impossible);
        }
    }

    private static void set(@Nullable MethodHandle setter, SSLParameters parameters, String[] names) {
        if (setter == null) {
            throw new UnsupportedOperationException("this JDK has no such parameter");
        }
        try {
            setter.invokeExact(parameters, names);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new AssertionError("a method threw what it does not declare", impossible);
        }
    }
}
