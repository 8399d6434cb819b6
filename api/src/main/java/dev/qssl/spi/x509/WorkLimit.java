package dev.qssl.spi.x509;

/**
 * How much work a file may still ask for to turn pass phrases into keys: the file names the number of rounds, and whoever
 * wrote it need not wish us well. One thread.
 */
final class WorkLimit {

    /** Rounds of a MAC or a hash, or scrypt's 2 times N times r times p, in all: less than two seconds of work. */
    static final int ROUNDS = 1 << 21;

    private long left = ROUNDS;

    /** Takes so many rounds from what is left. */
    void spend(long rounds) throws EncodingException {
        if (rounds < 1 || rounds > left) {
            throw new EncodingException("its encryption asks for " + rounds + " rounds of key derivation; " + left
                    + " are left of " + ROUNDS);
        }
        left -= rounds;
    }
}
