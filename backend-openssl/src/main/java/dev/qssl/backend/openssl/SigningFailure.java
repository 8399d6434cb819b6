package dev.qssl.backend.openssl;

/** A key outside of OpenSSL's memory did not sign. Its text is for users: whose key, which scheme, and what the signer threw. */
final class SigningFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SigningFailure(String message, Throwable cause) {
        super(message, cause);
    }

    SigningFailure(String message) {
        super(message);
    }

    /** {@return the message alone: it becomes part of a sentence} */
    @Override
    @SuppressWarnings(
            "OverrideThrowableToString") // the class is nobody's business, and the engine tells what was thrown
    public String toString() {
        return String.valueOf(getMessage());
    }
}
