package dev.qssl.cli;

import dev.qssl.QSsl.SslProtocol;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options on what may be negotiated, the same for clients and servers. */
final class NegotiationOptions {

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
    SslProtocol protocol = SslProtocol.SECURE_PROTOCOLS;

    @Option(
            names = "--alpn",
            paramLabel = "NAME",
            split = ",",
            description = "Application protocols, best first: h2,http/1.1")
    List<String> alpn = new ArrayList<>();
}
