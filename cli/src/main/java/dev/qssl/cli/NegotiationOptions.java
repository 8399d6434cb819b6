package dev.qssl.cli;

import dev.qssl.QSsl.SslProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options on what may be negotiated, the same for clients and servers. */
final class NegotiationOptions {

    private static final int MOST_ALPN_BYTES = 255;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "The TLS library to use; 'qssl backends' lists them. Default: the first available one.")
    String backend = "";

    @Option(
            names = "--protocol",
            paramLabel = "VERSION",
            converter = ProtocolConverter.class,
            description = "TLS version: 1.2, 1.3, or a range such as 1.2+ (1.2 and newer). Default: 1.2+.")
    Optional<SslProtocol> protocol = Optional.empty();

    @Option(
            names = "--alpn",
            paramLabel = "NAME[,NAME...]",
            description = "Application protocols, best first: h2,http/1.1")
    List<String> alpnLists = new ArrayList<>();

    /** {@return the versions that may be agreed on} */
    SslProtocol versions() {
        return protocol.orElse(SslProtocol.SECURE_PROTOCOLS);
    }

    /**
     * {@return the application protocols, best first; none if none were given}
     *
     * @throws CommandFailure (usage) if a name is none (RFC 7301, section 3.1): it would be left out otherwise
     */
    List<String> alpn() throws CommandFailure {
        List<String> names = new ArrayList<>();
        for (String list : alpnLists) {
            names.addAll(List.of(list.split(",", -1)));
        }
        for (String name : names) {
            if (name.isEmpty() || name.length() > MOST_ALPN_BYTES) {
                throw CommandFailure.usage("--alpn: "
                        + (name.isEmpty() ? "a name is empty" : "'" + name + "' is longer than 255 bytes")
                        + "; names are separated by single commas, such as h2,http/1.1");
            }
        }
        return names;
    }
}
