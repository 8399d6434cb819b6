package dev.qssl.spi;

/**
 * One thing a backend may be able to do, per role and protocol version. A new one comes with its contract in the TCK.
 *
 * <p>What a backend does not claim, it must refuse when a context is built with it.
 */
public enum Capability {
    /** A handshake to the end, application data both ways, and an orderly close. */
    HANDSHAKE,
    /** Application-layer protocol negotiation (RFC 7301). */
    ALPN,
    /** A client names the server it wants; a server learns the name (RFC 6066, section 3). */
    SERVER_NAME,
    /** A client shows a certificate when asked; a server asks for one, or insists. */
    CLIENT_CERTIFICATE,
    /** A client asks for a stapled OCSP response and hands it to the verifier; a server staples a given one. */
    OCSP_STAPLING,
    /** Pre-shared keys given by the application (RFC 4279; RFC 8446, section 4.2.11). */
    PSK,
    /** A second connection of the same context resumes the first one's session. */
    RESUMPTION,
    /** Sessions leave and enter the process as bytes, with their lifetime, and new ones are announced. */
    SESSION_EXPORT,
    /** Fatal alerts and close_notify are reported, both ways. */
    ALERTS,
    /** The application chooses which cipher suites may be negotiated. */
    CIPHER_SUITE_CHOICE,
    /** The application chooses which groups may be negotiated. */
    GROUP_CHOICE,
    /** The application chooses which signature schemes may be used. */
    SIGNATURE_SCHEME_CHOICE,
    /** A server uses the application's own finite-field Diffie-Hellman parameters. */
    DIFFIE_HELLMAN_PARAMETERS,
    /** The negotiated group is reported. */
    NEGOTIATED_GROUP,
    /** Keying material for other protocols (RFC 5705; RFC 8446, section 7.5). */
    EXPORTER,
    /** The secrets of a connection can be written for a network analyser. */
    KEY_LOG,
    /** One direction can be closed while the other goes on. */
    HALF_CLOSE,
    /** Several servers share the keys that protect session tickets. */
    TICKET_KEYS,
    /** The stateless cookie exchange of DTLS (RFC 6347, section 4.2.1). */
    DATAGRAM_COOKIE
}
