package dev.qssl.net;

/** How a local address may be shared. */
public enum BindMode {
    /** As the system does it. */
    DEFAULT_FOR_PLATFORM(0),
    /** Others may bind to it too. */
    SHARE_ADDRESS(1),
    /** Nobody else may. */
    DONT_SHARE_ADDRESS(2),
    /** Take it although an old connection lingers there. */
    REUSE_ADDRESS_HINT(4);

    private final int value;

    BindMode(int value) {
        this.value = value;
    }

    /** {@return Qt's number for this constant} */
    public int value() {
        return value;
    }
}
