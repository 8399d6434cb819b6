package dev.qssl.spi.jsse;

import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.TlsEvents;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/**
 * What the parts of one connection have in common.
 *
 * @param context what it shares with all connections of its context
 * @param engine the library's engine, with its parameters set
 * @param request whom the connection is to
 * @param events its owner
 * @param sessions what lets its sessions out and in, if they may leave the process
 */
record ConnectionSetup(
        EngineSetup context,
        SSLEngine engine,
        EngineRequest request,
        TlsEvents events,
        Optional<SessionStore> sessions) {}
