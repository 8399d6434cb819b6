/**
 * For backends that want to know what their library can do: {@link dev.qssl.spi.probe.CapabilityProbe} finds out what every
 * backend has to report, by connections of this process with itself, and asks a {@link dev.qssl.spi.probe.ProbeSubject} for the
 * little that trying cannot show.
 *
 * <p>The rest is what it is made of, for a backend with questions of its own: {@link dev.qssl.spi.probe.ProbeConnection} lets
 * two engines talk in memory, {@link dev.qssl.spi.probe.ThrowAwayIdentity} makes the key of the server, and
 * {@link dev.qssl.spi.probe.ProbeOwner} judges the peer and keeps what the engine tells. None of it opens a socket, starts a
 * thread or leaves anything behind, and none of it knows which library it works with.
 */
package dev.qssl.spi.probe;
