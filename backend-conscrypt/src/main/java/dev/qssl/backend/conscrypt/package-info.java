/** Conscrypt, BoringSSL behind the JSSE, as a backend. */
@NullMarked
package dev.qssl.backend.conscrypt;

import org.jspecify.annotations.NullMarked;
