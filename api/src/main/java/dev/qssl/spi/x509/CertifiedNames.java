package dev.qssl.spi.x509;

import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * All names that a certificate binds to its key.
 *
 * @param subject the subject's name, maybe empty
 * @param hasAlternatives whether there is a subjectAltName extension, even one without a readable name
 * @param alternatives the names in it
 * @param fallback the subject's most specific common name, if it can stand in for a host name: there is no subjectAltName
 *     and the certificate is no authority's
 */
record CertifiedNames(
        X500Principal subject, boolean hasAlternatives, List<GeneralName> alternatives, Optional<String> fallback) {}
