/** Peers that are not the backend under test: other implementations of TLS, and peers that break its rules. */
package dev.qssl.tck.peer;
