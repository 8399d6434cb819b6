package dev.qssl.cli;

/** A request that is answered with a status other than 200. */
final class HttpProblem extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * Creates one.
     *
     * @param status 400..599
     * @param message why, for the client's user
     */
    HttpProblem(int status, String message) {
        super(message);
        this.status = status;
    }

    /** {@return the status} */
    int status() {
        return status;
    }

    /** {@return the status and its name (RFC 9110, section 15)} */
    String reason() {
        return switch (status) {
            case 400 -> "400 Bad Request";
            case 404 -> "404 Not Found";
            case 405 -> "405 Method Not Allowed";
            case 431 -> "431 Request Header Fields Too Large";
            case 505 -> "505 HTTP Version Not Supported";
            default -> throw new AssertionError("no name for status " + status);
        };
    }
}
