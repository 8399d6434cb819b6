package dev.qssl.backend.openssl;

import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Derives keying material (RFC 5705; RFC 8446, section 7.5). */
final class Exporter {

    private Exporter() {}

    /**
     * {@return the material}
     *
     * @param context for the words of a failure
     * @param ssl established
     * @param label ASCII
     * @param value the context value
     * @param length in bytes
     * @throws TlsException if the library does not derive it
     */
    static byte[] export(OpenSslContext context, long ssl, String label, Optional<byte[]> value, int length)
            throws TlsException {
        byte[] material = new byte[length];
        byte[] name = label.getBytes(StandardCharsets.US_ASCII);
        byte[] given = value.orElseGet(() -> new byte[0]);
        int done = LibSsl.SSL_export_keying_material(
                ssl, material, length, name, name.length, given, given.length, value.isPresent() ? 1 : 0);
        if (done != 1) {
            throw new TlsException(
                    TlsError.UNSUPPORTED_SETTING,
                    "backend " + context.backend() + " cannot export this keying material: "
                            + LibraryError.take(context.library()).text());
        }
        return material;
    }
}
