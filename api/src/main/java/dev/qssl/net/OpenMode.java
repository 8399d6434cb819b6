package dev.qssl.net;

/** What a device was opened for. Qt's bits, each useful combination a constant. */
public enum OpenMode {
    /** Closed. */
    NOT_OPEN(0x0),
    /** Reading only. */
    READ_ONLY(0x1),
    /** Writing only. */
    WRITE_ONLY(0x2),
    /** Reading and writing. */
    READ_WRITE(0x3);

    private final int value;

    OpenMode(int value) {
        this.value = value;
    }

    /** {@return Qt's bits} */
    public int value() {
        return value;
    }

    /** {@return whether it allows reading} */
    public boolean canRead() {
        return (value & READ_ONLY.value) != 0;
    }

    /** {@return whether it allows writing} */
    public boolean canWrite() {
        return (value & WRITE_ONLY.value) != 0;
    }
}
