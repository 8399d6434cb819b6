/** The system's OpenSSL, through wildfly-openssl's JNI and JNA, as a backend. */
@NullMarked
package dev.qssl.backend.openssl;

import org.jspecify.annotations.NullMarked;
