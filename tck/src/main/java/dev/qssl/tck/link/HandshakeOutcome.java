package dev.qssl.tck.link;

/**
 * How a handshake went, seen from both ends. The ends live on: what they emit later shows too.
 *
 * @param client the end that connected
 * @param server the end that was connected to
 */
public record HandshakeOutcome(End client, End server) {}
