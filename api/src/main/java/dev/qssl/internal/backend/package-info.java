/** Which TLS backends there are, which one is chosen, and what each can do. */
package dev.qssl.internal.backend;
