/** Sockets, servers and the event loop, as in Qt's network module. */
package dev.qssl.net;
