package dev.qssl.backend.openssl;

import java.util.OptionalInt;

/**
 * What the library says of a failure.
 *
 * @param isOfSsl whether the number below is one of libssl's
 * @param reason the number of the reason; 0 if the library says nothing
 * @param text the reason for people
 */
record LibraryError(boolean isOfSsl, int reason, String text) {

    /** It says nothing. */
    static final LibraryError NOTHING = new LibraryError(false, 0, "no reason");

    static final int NO_SHARED_CIPHER = 193;
    static final int PEER_DID_NOT_RETURN_A_CERTIFICATE = 199;
    static final int PSK_IDENTITY_NOT_FOUND = 223;
    static final int BAD_PSK = 219;
    static final int BINDER_DOES_NOT_VERIFY = 253;
    static final int PSK_NO_CLIENT_CB = 224;
    static final int PSK_NO_SERVER_CB = 225;

    private static final int SSL_LIBRARY = 20;
    private static final int FIRST_ALERT = 1000;
    private static final int ALERTS = 256;

    /** {@return what this thread's queue says, of libssl if it says anything of that; the queue is empty afterwards} */
    static LibraryError take(OpenSsl library) {
        LibraryError found = NOTHING;
        for (long code = LibCrypto.ERR_get_error(); code != 0; code = LibCrypto.ERR_get_error()) {
            LibraryError next = of(code, library.isVersion3());
            if (found.reason == 0 || (next.isOfSsl && !found.isOfSsl)) {
                found = next;
            }
        }
        return found;
    }

    private static LibraryError of(long code, boolean version3) {
        long source = (version3 ? code >>> 23 : code >>> 24) & 0xFF;
        int reason = (int) (version3 ? code & 0x7F_FFFF : code & 0xFFF);
        String text = NativeMemory.text(LibCrypto.ERR_reason_error_string(code));
        return new LibraryError(source == SSL_LIBRARY, reason, text.isEmpty() ? "error " + reason : text);
    }

    /** {@return the code of the peer's fatal alert, if that is the reason} */
    OptionalInt receivedAlert() {
        int alert = reason - FIRST_ALERT;
        return isOfSsl && alert >= 0 && alert < ALERTS ? OptionalInt.of(alert) : OptionalInt.empty();
    }
}
