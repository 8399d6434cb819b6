package dev.qssl;

import dev.qssl.spi.TlsRole;

/**
 * What a connection adds to its configuration when it asks for a context.
 *
 * @param role our side
 * @param pskWanted whether somebody is there to answer for a pre-shared key
 * @param resuming whether a session from outside is to be resumed
 */
record ContextRequest(TlsRole role, boolean pskWanted, boolean resuming) {}
