package dev.qssl.backend.openssl;

import java.nio.file.Path;

/**
 * The two libraries of one OpenSSL, which belong together.
 *
 * @param ssl absolute path of libssl
 * @param crypto absolute path of libcrypto
 */
record LibraryFiles(Path ssl, Path crypto) {}
