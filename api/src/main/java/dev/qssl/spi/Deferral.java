package dev.qssl.spi;

/** How well an engine waits for a decision about the peer's certificate. */
public enum Deferral {
    /** The handshake stands still, and a refusal sends the right alert. */
    TRUE_PAUSE,
    /** The library has accepted already; its next flight is withheld. A refusal sends a final alert, then drops it. */
    FLIGHT_WITHHELD_WITH_ALERT,
    /** The library has accepted already; its next flight is withheld. A refusal drops it and closes without alert. */
    FLIGHT_WITHHELD
}
