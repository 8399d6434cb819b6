package dev.qssl.benchmarks.programs;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code openssl speed} says of AES-128-GCM without TLS around it. A record is encrypted once and decrypted once, so half
 * of it is the ceiling of two engines in one thread.
 */
public final class OpenSslSpeed {

    /** Its name in reports. */
    public static final String BAR = "openssl-speed";

    private static final String ALGORITHM = "aes-128-gcm";
    private static final int RECORD_BYTES = 16_384;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private OpenSslSpeed() {}

    /** {@return why it cannot be asked; empty if it can} */
    public static Optional<String> obstacle() {
        try {
            Output version = Output.of(List.of("openssl", "version"), PATIENCE);
            return version.succeeded() ? Optional.empty() : Optional.of(version.firstLine());
        } catch (IOException e) {
            return Optional.of("the command openssl is missing: " + e.getMessage());
        }
    }

    /**
     * {@return bytes that can be encrypted and decrypted in a second of processor time}
     *
     * @param seconds for how long; at least one whole second is taken
     */
    public static double bytesPerSecond(double seconds) throws IOException {
        long whole = Math.max(1, Math.round(seconds));
        List<String> command = List.of(
                "openssl",
                "speed",
                "-mr",
                "-evp",
                ALGORITHM,
                "-bytes",
                String.valueOf(RECORD_BYTES),
                "-seconds",
                String.valueOf(whole));
        Output output = Output.of(command, PATIENCE.plusSeconds(whole));
        if (!output.succeeded()) {
            throw new IOException("openssl speed failed: " + output.firstLine());
        }
        return parse(output.text()) / 2;
    }

    /**
     * {@return the bytes per second of the machine-readable form: {@code +F:number:algorithm:figure}, one figure for one size}
     *
     * @throws IOException if there is no such line, or it says nothing
     */
    static double parse(String text) throws IOException {
        for (String line : text.lines().toList()) {
            String[] fields = line.split(":", -1);
            if (fields.length == 4 && fields[0].equals("+F") && fields[2].equalsIgnoreCase(ALGORITHM)) {
                try {
                    double figure = Double.parseDouble(fields[3]);
                    if (figure > 0) {
                        return figure;
                    }
                } catch (NumberFormatException e) {
                    throw new IOException("openssl speed says no number: " + line, e);
                }
            }
        }
        throw new IOException("openssl speed says nothing of " + ALGORITHM + ": " + text);
    }
}
