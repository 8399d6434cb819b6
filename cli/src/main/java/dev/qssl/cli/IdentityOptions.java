package dev.qssl.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options on who we are, the same for clients and servers. */
final class IdentityOptions {

    /** What other command lines use too. */
    static final String DEFAULT_PSK_IDENTITY = "Client_identity";

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description =
                    "Our certificate, PEM or DER; in PEM the rest of its chain may follow it. Or PKCS #12, with the"
                            + " key.")
    Optional<Path> certificate = Optional.empty();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Its private key, PEM or DER. Default: looked for in the file of --cert.")
    Optional<Path> key = Optional.empty();

    @Option(
            names = "--key-pass",
            paramLabel = "TEXT",
            arity = "0..1",
            interactive = true,
            prompt = "Pass phrase of the private key: ",
            description = "Pass phrase of the private key; without TEXT it is asked for, so that nobody sees it.")
    char[] keyPass = new char[0];

    @Option(
            names = "--psk",
            paramLabel = "HEX",
            arity = "0..1",
            interactive = true,
            prompt = "Pre-shared key (hexadecimal): ",
            description = "Pre-shared key in hexadecimal; without HEX it is asked for.")
    char @Nullable [] psk;

    @Option(
            names = "--psk-identity",
            paramLabel = "TEXT",
            description = "The name that the pre-shared key goes by. Default: Client_identity.")
    Optional<String> pskIdentity = Optional.empty();

    /** {@return whether a pre-shared key was given, maybe one that is none} */
    boolean hasPsk() {
        return psk != null;
    }
}
