package dev.qssl.cli;

import java.math.BigDecimal;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time limit: seconds, above 0 and at most a day, maybe with a fraction. */
final class SecondsConverter implements ITypeConverter<Duration> {

    private static final BigDecimal MOST = BigDecimal.valueOf(86_400);

    @Override
    public Duration convert(String value) {
        BigDecimal seconds;
        try {
            seconds = new BigDecimal(value.strip());
        } catch (NumberFormatException e) {
            throw refusal(value);
        }
        if (seconds.signum() <= 0 || seconds.compareTo(MOST) > 0) {
            throw refusal(value);
        }
        return Duration.ofMillis(Math.max(1, seconds.movePointRight(3).longValue()));
    }

    private static TypeConversionException refusal(String value) {
        return new TypeConversionException(
                "'" + value + "' is no number of seconds above 0 and at most " + MOST + ", such as 30 or 0.5");
    }
}
