package dev.qssl.net;

/** Which of a host's addresses may be used. */
public enum NetworkLayerProtocol {
    /** IPv4 only. */
    IPV4_PROTOCOL(0),
    /** IPv6 only. */
    IPV6_PROTOCOL(1),
    /** Both, in the order the system gives them. */
    ANY_IP_PROTOCOL(2),
    /** Neither. */
    UNKNOWN_NETWORK_LAYER_PROTOCOL(-1);

    private final int value;

    NetworkLayerProtocol(int value) {
        this.value = value;
    }

    /** {@return Qt's number for this constant} */
    public int value() {
        return value;
    }
}
