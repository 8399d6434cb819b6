package dev.qssl.spi;

/** The kind of memory an engine is fastest with. Both kinds always work. */
public enum BufferKind {
    /** Buffers with an accessible array. SunJSSE runs 1.4 times as fast with them. */
    HEAP,
    /** Buffers outside the heap. Native libraries take their address instead of copying. */
    DIRECT
}
