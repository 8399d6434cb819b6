/** The JDK's own TLS (SunJSSE) as a backend. */
package dev.qssl.backend.jdk;
