package dev.qssl.benchmarks.bars;

/** How a bar's connections begin. */
public enum Handshakes {
    /** With all that TLS asks for: key exchange, certificate, signatures. Nobody keeps sessions. */
    FULL,

    /** With the session of the same client's last connection, and a new key exchange (psk_dhe_ke). */
    RESUMED
}
