/** The base of every backend on a JSSE provider: extend {@link dev.qssl.spi.jsse.JsseBackend}. */
package dev.qssl.spi.jsse;
