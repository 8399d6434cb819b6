package dev.qssl.cli;

/** Ends a command with a message for a person and an exit code. */
final class CommandFailure extends Exception {

    /** The connection, the handshake or the verification failed. */
    static final int FAILED = 1;

    /** The command was given something that it cannot use. */
    static final int USAGE = 2;

    private static final long serialVersionUID = 1;

    private final int exitCode;

    private CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** {@return the failure of what was tried} */
    static CommandFailure failed(String message) {
        return new CommandFailure(FAILED, message);
    }

    /** {@return the refusal of an option or parameter} */
    static CommandFailure usage(String message) {
        return new CommandFailure(USAGE, message);
    }

    /** {@return the exit code of the process} */
    int exitCode() {
        return exitCode;
    }
}
