package dev.qssl.backend.openssl;

import java.lang.ref.Cleaner;

/** Frees what nobody closed. One thread for the process, made when the first native object is. */
final class Forgotten {

    static final Cleaner CLEANER = Cleaner.create();

    private Forgotten() {}
}
