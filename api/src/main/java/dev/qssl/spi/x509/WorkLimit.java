package dev.qssl.spi.x509;

/**
 * How much work, and memory, a file may still ask for to turn pass phrases into keys: the file names the number of rounds, and whoever
 * wrote it need not wish us well. One thread.
 */
final class WorkLimit {

    /**
     * Rounds of a MAC or a hash (those of SHA-384 and SHA-512 count twice), or scrypt's 2 times N times r times p, in all: less
     * than two seconds of work.
     */
    static final int ROUNDS = 1 << 21;

    /** For scrypt, in all. */
    static final int MEMORY_BYTES = 33 << 20;

    private long left = ROUNDS;
    private long memoryLeft = MEMORY_BYTES;

    /** Takes so many rounds from what is left. */
    void spend(long rounds) throws EncodingException {
        if (rounds < 1 || rounds > left) {
            throw new EncodingException("its encryption asks for " + rounds + " rounds of key derivation; " + left
                    + " are left of " + ROUNDS);
        }
        left -= rounds;
    }

    /** Takes so many bytes from what is left. */
    void spendMemory(long bytes) throws EncodingException {
        if (bytes > memoryLeft) {
            throw new EncodingException("its encryption asks for " + bytes + " bytes of memory; " + memoryLeft
                    + " are left of " + MEMORY_BYTES);
        }
        memoryLeft -= bytes;
    }
}
