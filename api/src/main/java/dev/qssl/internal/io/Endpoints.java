package dev.qssl.internal.io;

import dev.qssl.spi.PeerKey;

/** How messages name a host and a port. */
public final class Endpoints {

    private Endpoints() {}

    /** {@return host and port as people write them} */
    public static String text(String host, int port) {
        return new PeerKey(host, port, host).endpoint();
    }
}
