package dev.qssl.spi;

/**
 * Which peer a client means: sessions are reused only between connections with equal keys.
 *
 * @param host the name or address that was connected to
 * @param port 1..65535
 * @param verifyName the name that the certificate is checked for
 */
public record PeerKey(String host, int port, String verifyName) {

    /** {@return the key as one string, for libraries that take a host name as the key of their cache} */
    public String asText() {
        return verifyName.equals(host) ? host : host + "|" + verifyName;
    }

    /** {@return host and port as people write them: an IPv6 address is in brackets (RFC 3986, section 3.2.2)} */
    public String endpoint() {
        boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
        return (bare ? "[" + host + "]" : host) + ":" + port;
    }
}
