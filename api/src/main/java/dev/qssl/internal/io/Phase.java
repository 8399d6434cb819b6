package dev.qssl.internal.io;

/** How far one connection has come. A test walks all pairs against the table in docs/architecture.md. */
enum Phase {
    /** The host's name is being looked up. */
    LOOKING_UP,
    /** TCP connections are being tried. */
    CONNECTING,
    /** Bytes pass as they are. */
    PLAIN,
    /** The TLS handshake is under way. */
    HANDSHAKING,
    /** The handshake waits for a decision about the peer. */
    DECIDING,
    /** Bytes pass through the engine. */
    ENCRYPTED,
    /** What is left is being sent, then the end of the peer's bytes is awaited. */
    CLOSING,
    /** The channel is closed. */
    ENDED;

    /** {@return whether this phase may be followed by that one} */
    boolean canBecome(Phase next) {
        return switch (this) {
            case LOOKING_UP -> next == CONNECTING || next == ENDED;
            case CONNECTING -> next == PLAIN || next == ENDED;
            case PLAIN -> next == HANDSHAKING || next == CLOSING || next == ENDED;
            case HANDSHAKING -> next == DECIDING || next == ENCRYPTED || next == CLOSING || next == ENDED;
            case DECIDING -> next == HANDSHAKING || next == CLOSING || next == ENDED;
            case ENCRYPTED -> next == CLOSING || next == ENDED;
            case CLOSING -> next == ENDED;
            case ENDED -> false;
        };
    }

    /** {@return whether there is a TCP connection} */
    boolean isConnected() {
        return switch (this) {
            case PLAIN, HANDSHAKING, DECIDING, ENCRYPTED, CLOSING -> true;
            case LOOKING_UP, CONNECTING, ENDED -> false;
        };
    }
}
