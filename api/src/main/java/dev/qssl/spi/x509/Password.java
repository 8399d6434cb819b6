package dev.qssl.spi.x509;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A pass phrase in the two forms that files want it in: UTF-8 for PKCS #5, terminated UTF-16 for PKCS #12. */
final class Password {

    private final byte[] utf8;
    private final boolean isTerminated;

    private Password(byte[] utf8, boolean isTerminated) {
        this.utf8 = utf8;
        this.isTerminated = isTerminated;
    }

    /**
     * {@return this pass phrase}
     *
     * @param utf8 not copied, not wiped; must not change
     */
    static Password of(byte[] utf8) {
        return new Password(utf8, true);
    }

    /** {@return no pass phrase, which PKCS #12 distinguishes from an empty one: it has no terminator either} */
    static Password none() {
        return new Password(new byte[0], false);
    }

    byte[] utf8() {
        return utf8;
    }

    /** {@return UTF-16, big-endian, with two zero octets at the end (RFC 7292, appendix B.1), for the caller to wipe} */
    byte[] utf16() throws EncodingException {
        if (!isTerminated) {
            return new byte[0];
        }
        try {
            ByteBuffer text = StandardCharsets.UTF_16BE.encode(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)));
            byte[] terminated = new byte[text.remaining() + 2];
            text.get(terminated, 0, text.remaining());
            return terminated;
        } catch (CharacterCodingException malformed) {
            throw new EncodingException("the pass phrase is not UTF-8", malformed);
        }
    }
}
