/** What the public packages share and nobody else sees. */
package dev.qssl.internal;
