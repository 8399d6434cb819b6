package dev.qssl.internal.io;

/** Says whether the peer may be talked to: no engine's word alone makes a connection encrypted. */
@FunctionalInterface
public interface PeerGate {

    /** {@return whether the peer is trusted, or need not be} Called on the owner's thread once the engine is done. */
    boolean isPeerTrusted();
}
