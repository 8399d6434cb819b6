package dev.qssl.cli;

import dev.qssl.spi.PeerKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Whom to connect to.
 *
 * @param host a name, or the text of an address without brackets
 * @param port 1..65535
 */
record Target(String host, int port) {

    /** {@return host and port as people write them} */
    @Override
    public String toString() {
        return new PeerKey(host, port, host).endpoint();
    }

    /** Reads {@code HOST:PORT}, with brackets around an IPv6 address. */
    static final class Converter implements ITypeConverter<Target> {

        private static final Pattern FORM =
                Pattern.compile("(?:\\[([0-9A-Fa-f:.%\\w]+)]|([^:\\[\\]/\\s]+)):([0-9]{1,5})");
        private static final Pattern URL = Pattern.compile("[a-z][a-z0-9+.-]*://([^/?#]*).*", Pattern.CASE_INSENSITIVE);

        @Override
        public Target convert(String value) {
            Matcher matcher = FORM.matcher(value.strip());
            if (value.startsWith("@")) {
                throw new TypeConversionException("there is no options file " + value.substring(1));
            }
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + value + "' is not HOST:PORT" + advice(value));
            }
            int port = Integer.parseInt(matcher.group(3));
            if (port < 1 || port > 65_535) {
                throw new TypeConversionException("'" + value + "': a port is a number from 1 to 65535");
            }
            String bracketed = matcher.group(1);
            return new Target(bracketed == null ? matcher.group(2) : bracketed, port);
        }

        private static String advice(String value) {
            Matcher url = URL.matcher(value);
            if (url.matches()) {
                String host = url.group(1);
                return "; write " + (host.matches(".*:[0-9]+") ? host : host + ":443");
            }
            if (value.chars().filter(c -> c == ':').count() > 1) {
                return "; an IPv6 address needs brackets: [::1]:443";
            }
            return value.indexOf(':') < 0 ? "; the port is missing: " + value + ":443" : ", such as example.org:443";
        }
    }
}
