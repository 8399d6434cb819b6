package dev.qssl.spi.x509;

import java.security.GeneralSecurityException;
import java.util.Arrays;

/** The password-based key derivation scrypt (RFC 7914), which the JDK lacks. */
final class Scrypt {

    private static final int WORDS_PER_BLOCK = 16;

    private final int blockSize;
    private final int[] memory;
    private final int[] first;
    private final int[] second;
    private final int[] x = new int[WORDS_PER_BLOCK];
    private final int[] mixed = new int[WORDS_PER_BLOCK];
    private final int cost;

    private Scrypt(int cost, int blockSize) {
        this.cost = cost;
        this.blockSize = blockSize;
        this.first = new int[blockSize * 2 * WORDS_PER_BLOCK];
        this.second = new int[first.length];
        this.memory = new int[cost * first.length];
    }

    /**
     * {@return a key}
     *
     * @param cost N, a power of two above 1
     * @param blockSize r
     * @param parallelism p
     * @param length in bytes
     */
    static byte[] derive(byte[] passPhrase, byte[] salt, int cost, int blockSize, int parallelism, int length)
            throws GeneralSecurityException {
        int chunk = 128 * blockSize;
        byte[] blocks = PasswordKeyDerivation.pbkdf2("HmacSHA256", passPhrase, salt, 1, parallelism * chunk);
        Scrypt scrypt = new Scrypt(cost, blockSize);
        for (int i = 0; i < parallelism; i++) {
            scrypt.mix(blocks, i * chunk);
        }
        byte[] key = PasswordKeyDerivation.pbkdf2("HmacSHA256", passPhrase, blocks, 1, length);
        Arrays.fill(scrypt.memory, 0);
        Arrays.fill(blocks, (byte) 0);
        return key;
    }

    /** Section 5: scryptROMix on the chunk that starts here. */
    private void mix(byte[] bytes, int start) {
        int words = first.length;
        int[] state = first;
        int[] next = second;
        for (int i = 0; i < words; i++) {
            state[i] = littleEndian(bytes, start + 4 * i);
        }
        for (int i = 0; i < cost; i++) {
            System.arraycopy(state, 0, memory, i * words, words);
            blockMix(state, next);
            int[] swap = state;
            state = next;
            next = swap;
        }
        for (int i = 0; i < cost; i++) {
            int from = (state[words - WORDS_PER_BLOCK] & cost - 1) * words;
            for (int j = 0; j < words; j++) {
                state[j] ^= memory[from + j];
            }
            blockMix(state, next);
            int[] swap = state;
            state = next;
            next = swap;
        }
        for (int i = 0; i < words; i++) {
            writeLittleEndian(state[i], bytes, start + 4 * i);
        }
    }

    /** Section 4: even blocks of the result come first, odd ones after them. */
    private void blockMix(int[] from, int[] to) {
        int blocks = 2 * blockSize;
        System.arraycopy(from, from.length - WORDS_PER_BLOCK, x, 0, WORDS_PER_BLOCK);
        for (int i = 0; i < blocks; i++) {
            for (int j = 0; j < WORDS_PER_BLOCK; j++) {
                x[j] ^= from[i * WORDS_PER_BLOCK + j];
            }
            salsa20Of8Rounds();
            int target = (i / 2 + (i % 2) * blockSize) * WORDS_PER_BLOCK;
            System.arraycopy(x, 0, to, target, WORDS_PER_BLOCK);
        }
    }

    private void salsa20Of8Rounds() {
        System.arraycopy(x, 0, mixed, 0, WORDS_PER_BLOCK);
        for (int round = 0; round < 8; round += 2) {
            for (int i = 0; i < 4; i++) {
                quarter(mixed, 5 * i & 15, 5 * i + 4 & 15, 5 * i + 8 & 15, 5 * i + 12 & 15);
            }
            for (int i = 0; i < 4; i++) {
                int row = 4 * i;
                quarter(mixed, row + i, row + (i + 1 & 3), row + (i + 2 & 3), row + (i + 3 & 3));
            }
        }
        for (int i = 0; i < WORDS_PER_BLOCK; i++) {
            x[i] += mixed[i];
        }
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }

    private static int littleEndian(byte[] bytes, int at) {
        return (bytes[at] & 0xFF)
                | ((bytes[at + 1] & 0xFF) << 8)
                | ((bytes[at + 2] & 0xFF) << 16)
                | ((bytes[at + 3] & 0xFF) << 24);
    }

    private static void writeLittleEndian(int word, byte[] bytes, int at) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (word >>> (8 * i));
        }
    }
}
