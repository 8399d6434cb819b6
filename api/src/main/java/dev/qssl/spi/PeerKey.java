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

    /** {@return host and port as people write them, for messages} */
    public String endpoint() {
        return endpoint(host, port);
    }

    /**
     * {@return a host and a port as people write them, for messages} An IPv6 address is in brackets (RFC 3986, section
     * 3.2.2).
     *
     * @param host a name or an address
     * @param port its port
     */
    public static String endpoint(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
