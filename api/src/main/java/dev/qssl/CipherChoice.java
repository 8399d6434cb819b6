package dev.qssl;

import java.util.List;

/** Which cipher suites a configuration asks for. */
sealed interface CipherChoice {

    /** Whatever the backend has that is strong and authenticated. Found out when it is needed, not before. */
    record BackendDefault() implements CipherChoice {}

    /**
     * These, best first. An empty list stands for the default configuration's choice (B-188).
     *
     * @param ciphers as they were given
     */
    record Listed(List<QSslCipher> ciphers) implements CipherChoice {

        public Listed {
            ciphers = List.copyOf(ciphers);
        }
    }
}
