package dev.qssl.internal.backend;

/** Puts what a backend threw into one bounded line. */
final class FailureText {

    private static final int MAX_CHARACTERS = 400;
    private static final int MAX_CAUSES = 4;

    private FailureText() {}

    static String of(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable next = failure;
        for (int depth = 0; next != null && depth < MAX_CAUSES; depth++) {
            if (depth > 0) {
                text.append(", caused by ");
            }
            text.append(next.getClass().getSimpleName());
            String message = next.getMessage();
            if (message != null && !message.isBlank()) {
                text.append(": ").append(message.strip().replaceAll("\\s+", " "));
            }
            next = next.getCause();
        }
        return text.length() <= MAX_CHARACTERS ? text.toString() : text.substring(0, MAX_CHARACTERS) + "...";
    }
}
