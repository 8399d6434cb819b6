/** What every backend shares about X.509: codecs for keys and certificates, verification of chains, names and OCSP. */
package dev.qssl.spi.x509;
