package dev.qssl;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A group for key agreement in TLS: an elliptic curve, or one of the newer groups that share its registry (RFC 8422, section
 * 5.1.1; the TLS Supported Groups registry). Or an invalid one. Immutable; equal by name.
 */
public final class QSslEllipticCurve {

    private final @Nullable NamedGroup group;

    /** Creates an invalid curve. */
    public QSslEllipticCurve() {
        this(null);
    }

    private QSslEllipticCurve(@Nullable NamedGroup group) {
        this.group = group;
    }

    /**
     * {@return the curve with this short name, an invalid one if there is none} NIST's and IANA's names are understood too.
     *
     * @param name such as {@code prime256v1}, {@code P-256} or {@code secp256r1}; case matters
     */
    public static QSslEllipticCurve fromShortName(String name) {
        return new QSslEllipticCurve(NamedGroup.ofName(name).orElse(null));
    }

    /**
     * {@return the curve with this long name, an invalid one if there is none}
     *
     * @param name as {@link #longName} gives it; case matters
     */
    public static QSslEllipticCurve fromLongName(String name) {
        return new QSslEllipticCurve(NamedGroup.ofLongName(name).orElse(null));
    }

    /**
     * {@return the curve with this name in IANA's registry, such as {@code x25519}; an invalid one if there is none}
     *
     * @param ianaName the name that backends know; case matters
     */
    public static QSslEllipticCurve ofGroup(String ianaName) {
        return new QSslEllipticCurve(NamedGroup.ofIanaName(ianaName).orElse(null));
    }

    /** {@return OpenSSL's short name, such as {@code prime256v1}; empty if invalid} */
    public String shortName() {
        return group == null ? "" : group.shortName();
    }

    /** {@return OpenSSL's long name, mostly the same as the short one; empty if invalid} */
    public String longName() {
        return group == null ? "" : group.longName();
    }

    /** {@return the name in IANA's registry that backends know, such as {@code secp256r1}; empty if invalid} */
    public String groupName() {
        return group == null ? "" : group.ianaName();
    }

    /** {@return whether this is a known curve} Whether a backend has it is another question. */
    public boolean isValid() {
        return group != null;
    }

    /** {@return whether it is in the registry of TLS} As every curve known here is. */
    public boolean isTlsNamedCurve() {
        return group != null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QSslEllipticCurve that && Objects.equals(group, that.group);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(group);
    }

    /** {@return the short name} */
    @Override
    public String toString() {
        return group == null ? "QSslEllipticCurve[invalid]" : "QSslEllipticCurve[" + shortName() + "]";
    }
}
