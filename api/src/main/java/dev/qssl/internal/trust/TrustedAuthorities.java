package dev.qssl.internal.trust;

import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.CaStore;
import java.lang.ref.WeakReference;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whom a configuration trusts: the authorities it was given, and maybe the system's. Immutable; equal if both are. The
 * {@link CaStore} is made when it is first needed, and equal ones are the same object in the whole process.
 *
 * <p>The system's authorities vouch for servers only: a public authority issues certificates for web servers, not for the
 * clients of this one, and naming all of them would make each handshake of a server many kilobytes longer.
 */
public final class TrustedAuthorities {

    /** The system's authorities alone: what a configuration begins with. */
    public static final TrustedAuthorities SYSTEM = new TrustedAuthorities(List.of(), true);

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<CaStore, WeakReference<CaStore>> STORES = new WeakHashMap<>();

    private final List<X509Certificate> given;
    private final boolean system;
    private volatile @Nullable WithSystem forServers;
    private volatile @Nullable CaStore forClients;

    private TrustedAuthorities(List<X509Certificate> given, boolean system) {
        this.given = given;
        this.system = system;
    }

    /** {@return these authorities, without duplicates and without the system's} */
    public static TrustedAuthorities only(List<X509Certificate> certificates) {
        return new TrustedAuthorities(List.copyOf(new LinkedHashSet<>(certificates)), false);
    }

    /** {@return these authorities and more; the system's as before} */
    public TrustedAuthorities and(List<X509Certificate> more) {
        Set<X509Certificate> all = new LinkedHashSet<>(given);
        all.addAll(more);
        return all.size() == given.size() ? this : new TrustedAuthorities(List.copyOf(all), system);
    }

    /** {@return these authorities, with or without the system's} */
    public TrustedAuthorities system(boolean trusted) {
        return trusted == system ? this : new TrustedAuthorities(given, trusted);
    }

    /** {@return the authorities that were given, in order} */
    public List<X509Certificate> given() {
        return given;
    }

    /** {@return whether the system's authorities are trusted as well} */
    public boolean includesSystem() {
        return system;
    }

    /** {@return the store for verifying the peers of this role} */
    public CaStore store(TlsRole role) {
        return role == TlsRole.CLIENT ? serverAuthorities() : clientAuthorities();
    }

    private CaStore serverAuthorities() {
        if (!system) {
            return clientAuthorities();
        }
        if (given.isEmpty()) {
            return CaStore.system();
        }
        // Asked before the authorities themselves: in a race they are newer than the number says, never older.
        int reading = CaStore.systemReading();
        WithSystem known = forServers;
        if (known == null || known.reading != reading) {
            known = new WithSystem(reading, intern(givenAnd(CaStore.system())));
            forServers = known;
        }
        return known.all;
    }

    /**
     * The authorities given and those of the machine.
     *
     * @param reading which reading of the machine's they are
     * @param all both
     */
    private record WithSystem(int reading, CaStore all) {}

    private CaStore clientAuthorities() {
        CaStore known = forClients;
        if (known == null) {
            known = intern(CaStore.of(given));
            forClients = known;
        }
        return known;
    }

    private CaStore givenAnd(CaStore machine) {
        Set<X509Certificate> all = new LinkedHashSet<>(given);
        all.addAll(machine.certificates());
        return CaStore.of(all);
    }

    private static CaStore intern(CaStore store) {
        LOCK.lock();
        try {
            WeakReference<CaStore> entry = STORES.get(store);
            CaStore known = entry == null ? null : entry.get();
            if (known != null) {
                return known;
            }
            STORES.put(store, new WeakReference<>(store));
            return store;
        } finally {
            LOCK.unlock();
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof TrustedAuthorities that && system == that.system && given.equals(that.given));
    }

    @Override
    public int hashCode() {
        return given.hashCode() * 31 + Boolean.hashCode(system);
    }

    @Override
    public String toString() {
        return "TrustedAuthorities[" + given.size() + " given" + (system ? ", and the system's]" : "]");
    }
}
