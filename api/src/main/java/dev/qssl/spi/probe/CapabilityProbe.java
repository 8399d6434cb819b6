package dev.qssl.spi.probe;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a library can do, by doing it: each claim is the result of a connection of this process with itself. What fails
 * is not claimed; why it fails does not matter here.
 *
 * <p>A backend has one of these, and answers {@link dev.qssl.spi.TlsBackend#capabilities} with it. Thread-safe.
 */
public final class CapabilityProbe {

    private final ReentrantLock probing = new ReentrantLock();
    private volatile @Nullable Capabilities known;

    /** Creates one; nothing is tried yet. */
    public CapabilityProbe() {}

    /**
     * {@return what was found out} The same every time.
     *
     * <p>The library comes with the question, because a backend that is still being built has none to give. Takes one to three seconds the first time, on the calling thread; who asks meanwhile waits. Where this process cannot
     * even make the keys to try with, nothing is claimed that takes a connection.
     *
     * @param subject the library; the same every time
     */
    public Capabilities capabilities(ProbeSubject subject) {
        Capabilities found = known;
        if (found == null) {
            probing.lock();
            try {
                found = known;
                if (found == null) {
                    found = find(subject);
                    known = found;
                }
            } finally {
                probing.unlock();
            }
        }
        return found;
    }

    private static Capabilities find(ProbeSubject subject) {
        Capabilities.Builder found = Capabilities.builder().verifiesCertificates();
        ProbeBench bench;
        try {
            bench = ProbeBench.of(subject);
        } catch (GeneralSecurityException noKeys) {
            return found.build();
        }
        Set<SslProtocol> usable = EnumSet.noneOf(SslProtocol.class);
        for (SslProtocol protocol : subject.protocols()) {
            Claims claims = new Claims(found, protocol);
            if (ProbeBench.works(() -> new VersionProbe(bench, claims).run())) {
                usable.add(protocol);
                new ExtrasProbe(bench, claims).run();
            }
        }
        if (!usable.isEmpty()) {
            names(found, bench, usable);
            deferral(found, subject, usable);
            limitations(found, subject, usable);
        }
        return found.build();
    }

    private static void names(Capabilities.Builder found, ProbeBench bench, Set<SslProtocol> usable) {
        SuiteProbe suites = new SuiteProbe(bench, usable);
        NameProbe names = new NameProbe(bench, usable);
        found.cipherSuites(suites.run()).groups(names.groups()).signatureSchemes(names.signatureSchemes());
        found.claim(Capability.CIPHER_SUITE_CHOICE, suites.choosable());
    }

    private static void deferral(Capabilities.Builder found, ProbeSubject subject, Set<SslProtocol> usable) {
        for (TlsRole role : TlsRole.values()) {
            usable.forEach(protocol -> found.deferral(role, protocol, subject.deferral(role, protocol)));
        }
    }

    /** Says of what is missing somewhere why it is. */
    private static void limitations(Capabilities.Builder found, ProbeSubject subject, Set<SslProtocol> usable) {
        Capabilities claimed = found.build();
        for (Capability capability : Capability.values()) {
            boolean complete = concerned(capability).stream()
                    .allMatch(role -> claimed.protocols(capability, role).containsAll(usable));
            if (!complete) {
                found.limitation(capability, subject.reasonAgainst(capability));
            }
        }
    }

    private static Set<TlsRole> concerned(Capability capability) {
        return switch (capability) {
            case SESSION_EXPORT -> EnumSet.of(TlsRole.CLIENT);
            case TICKET_KEYS, DIFFIE_HELLMAN_PARAMETERS -> EnumSet.of(TlsRole.SERVER);
            default -> EnumSet.allOf(TlsRole.class);
        };
    }
}
