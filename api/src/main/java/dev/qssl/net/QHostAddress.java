package dev.qssl.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An IP address, or none. Immutable. */
public final class QHostAddress {

    /** No address. */
    public static final QHostAddress NULL = new QHostAddress(null);
    /** Every address of this host, IPv4 and IPv6. */
    public static final QHostAddress ANY = ofLiteral(new byte[16]);
    /** Every IPv4 address of this host. */
    public static final QHostAddress ANY_IPV4 = ofLiteral(new byte[4]);
    /** 127.0.0.1. */
    public static final QHostAddress LOCAL_HOST = ofLiteral(new byte[] {127, 0, 0, 1});
    /** ::1. */
    public static final QHostAddress LOCAL_HOST_IPV6 =
            ofLiteral(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    /** 255.255.255.255. */
    public static final QHostAddress BROADCAST = ofLiteral(new byte[] {-1, -1, -1, -1});

    private final @Nullable InetAddress address;

    private QHostAddress(@Nullable InetAddress address) {
        this.address = address;
    }

    /**
     * {@return this address}
     *
     * @param address IPv4 or IPv6
     */
    public static QHostAddress of(InetAddress address) {
        return new QHostAddress(address);
    }

    /**
     * Reads an address. Never looks a name up.
     *
     * @param literal such as {@code 192.0.2.1} or {@code 2001:db8::1}, maybe in brackets
     * @return the address, or {@link #NULL} if the text is none
     */
    public static QHostAddress of(String literal) {
        String text = strip(literal);
        if (text.indexOf(':') < 0 && !isDottedQuad(text)) {
            return NULL;
        }
        try {
            // A text of this form is parsed and never looked up: in brackets, the JDK refuses what is no IPv6 address.
            return new QHostAddress(InetAddress.getByName(text.indexOf(':') >= 0 ? "[" + text + "]" : text));
        } catch (UnknownHostException e) {
            return NULL;
        }
    }

    private static boolean isDottedQuad(String text) {
        int parts = 1;
        int digits = 0;
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && digits > 0) {
                parts++;
                digits = 0;
                value = 0;
            } else if (c >= '0' && c <= '9' && digits < 3) {
                digits++;
                value = 10 * value + (c - '0');
            } else {
                return false;
            }
            if (value > 255) {
                return false;
            }
        }
        return parts == 4 && digits > 0;
    }

    private static String strip(String literal) {
        return literal.startsWith("[") && literal.endsWith("]") ? literal.substring(1, literal.length() - 1) : literal;
    }

    private static QHostAddress ofLiteral(byte[] bytes) {
        try {
            return new QHostAddress(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** {@return whether this is no address} */
    public boolean isNull() {
        return address == null;
    }

    /** {@return whether this is a multicast address} */
    public boolean isMulticast() {
        return address != null && address.isMulticastAddress();
    }

    /** {@return whether this is the broadcast address of IPv4} */
    public boolean isBroadcast() {
        return equals(BROADCAST);
    }

    /** {@return the address, if there is one} */
    public Optional<InetAddress> toInetAddress() {
        return Optional.ofNullable(address);
    }

    @Override
    @SuppressWarnings("exports") // JSpecify is not needed to compile against this
    public boolean equals(@Nullable Object other) {
        return other instanceof QHostAddress that && Objects.equals(address, that.address);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(address);
    }

    /** {@return the address as text, or an empty text} */
    @Override
    public String toString() {
        return address == null ? "" : address.getHostAddress();
    }
}
