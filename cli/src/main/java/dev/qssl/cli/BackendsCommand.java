package dev.qssl.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.qssl.BackendInfo;
import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Availability;
import dev.qssl.spi.Availability.Available;
import dev.qssl.spi.Availability.Unavailable;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.TlsRole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qssl backends}: what there is, what it can do, and why the rest cannot run. */
@Command(
        name = "backends",
        description =
                "Lists the TLS backends: library, versions and features, or why one cannot run and what would help.",
        optionListHeading = "%nOptions:%n")
final class BackendsCommand implements Callable<Integer> {

    private static final Gson JSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    /** What an application may look for that is none of Qt's features. */
    private static final Set<Capability> FURTHER = EnumSet.of(
            Capability.CIPHER_SUITE_CHOICE,
            Capability.GROUP_CHOICE,
            Capability.SIGNATURE_SCHEME_CHOICE,
            Capability.DIFFIE_HELLMAN_PARAMETERS,
            Capability.EXPORTER,
            Capability.KEY_LOG,
            Capability.TICKET_KEYS,
            Capability.HALF_CLOSE);

    private final Terminal terminal;

    @Option(names = "--json", description = "Write everything that is known, as JSON.")
    boolean json;

    @Mixin
    HelpOption help = new HelpOption();

    BackendsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure {
        List<BackendInfo> backends = QSslSocket.backends();
        if (json) {
            JsonArray array = new JsonArray();
            backends.forEach(backend -> array.add(json(backend)));
            terminal.outputText().println(JSON.toJson(array));
        } else {
            terminal.outputText().println(table(backends));
            loaded(backends).forEach(terminal::print);
            unavailable(backends).forEach(terminal::print);
            further(backends).forEach(terminal::print);
            limited(backends).forEach(terminal::print);
        }
        NamedBackend.active().find();
        return 0;
    }

    private static String table(List<BackendInfo> backends) {
        return Tables.render(
                List.of(
                        Tables.words("backend"),
                        Tables.words("library"),
                        Tables.words("TLS versions"),
                        Tables.words("features"),
                        Tables.words("classes")),
                backends.stream().filter(BackendInfo::isAvailable).toList(),
                BackendsCommand::cells);
    }

    private static List<String> cells(BackendInfo backend) {
        Capabilities capabilities = backend.capabilities().orElseThrow();
        Available library = library(backend);
        return List.of(
                backend.name() + (backend.name().equals(QSslSocket.activeBackend()) ? " (default)" : ""),
                library.version(),
                names(capabilities.protocols()),
                lowerCase(capabilities.features()),
                lowerCase(capabilities.classes()));
    }

    private static String lowerCase(Collection<? extends Enum<?>> constants) {
        return constants.stream()
                .sorted(Comparator.comparingInt(Enum::ordinal))
                .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
    }

    /** {@return a line on each library that is a file: in a cell of the table its path would be broken} */
    private static List<String> loaded(List<BackendInfo> backends) {
        return backends.stream()
                .filter(BackendInfo::isAvailable)
                .flatMap(backend ->
                        library(backend).path().map(path -> backend.name() + " was loaded from " + path + ".").stream())
                .toList();
    }

    /** {@return a line on each backend that cannot run} */
    static List<String> unavailable(List<BackendInfo> backends) {
        return backends.stream()
                .map(backend -> backend.availability() instanceof Unavailable why
                        ? backend.name() + " cannot run here: " + why.reason() + ". What helps: " + why.remedy() + "."
                        : "")
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** {@return a line on each backend that can do more than Qt's features tell} */
    private static List<String> further(List<BackendInfo> backends) {
        List<String> lines = new ArrayList<>();
        for (BackendInfo backend : backends) {
            String more = backend.capabilities().stream()
                    .flatMap(capabilities -> FURTHER.stream().filter(capabilities::can))
                    .map(BackendsCommand::words)
                    .collect(Collectors.joining(", "));
            if (!more.isEmpty()) {
                lines.add(backend.name() + " also has: " + more + ".");
            }
        }
        return lines;
    }

    private static String words(Capability capability) {
        return capability.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** {@return a line on each thing that a backend with sockets lacks, in a role or a version, and why} */
    private static List<String> limited(List<BackendInfo> backends) {
        List<String> lines = new ArrayList<>();
        for (BackendInfo backend : backends) {
            backend.capabilities().ifPresent(capabilities -> {
                for (Capability capability : Capability.values()) {
                    capabilities
                            .limitation(capability)
                            .ifPresent(reason -> lines.add(backend.name() + ", "
                                    + words(capability) + ": "
                                    + extent(capabilities, capability) + reason + "."));
                }
            });
        }
        return lines;
    }

    /** {@return where it works all the same, for the beginning of a sentence} */
    private static String extent(Capabilities capabilities, Capability capability) {
        List<String> works = new ArrayList<>();
        for (TlsRole role : TlsRole.values()) {
            if (!capabilities.protocols(capability, role).isEmpty()) {
                works.add(role.name().toLowerCase(Locale.ROOT) + " " + names(capabilities.protocols(capability, role)));
            }
        }
        return works.isEmpty() ? "no; " : String.join(", ", works) + "; ";
    }

    /** {@return the library of a backend that can run} */
    static Available library(BackendInfo backend) {
        Availability availability = backend.availability();
        if (availability instanceof Available library) {
            return library;
        }
        throw new IllegalArgumentException(backend.name() + " cannot run");
    }

    private static String names(Collection<SslProtocol> protocols) {
        return protocols.stream().map(SslProtocol::displayName).collect(Collectors.joining(", "));
    }

    private static JsonObject json(BackendInfo backend) {
        JsonObject object = new JsonObject();
        object.addProperty("name", backend.name());
        object.addProperty("available", backend.isAvailable());
        if (backend.availability() instanceof Unavailable why) {
            object.addProperty("reason", why.reason());
            object.addProperty("remedy", why.remedy());
            return object;
        }
        Available library = library(backend);
        object.addProperty("default", backend.name().equals(QSslSocket.activeBackend()));
        object.addProperty("version", library.version());
        object.addProperty("versionNumber", library.versionNumber());
        object.addProperty("buildVersion", library.buildVersion());
        object.addProperty("path", library.path().orElse(null));
        add(object, backend.capabilities().orElseThrow());
        return object;
    }

    private static void add(JsonObject object, Capabilities capabilities) {
        object.add(
                "protocols",
                array(capabilities.protocols().stream()
                        .map(SslProtocol::displayName)
                        .toList()));
        object.add("features", array(capabilities.features()));
        object.add(
                "classes",
                array(capabilities.classes().stream()
                        .map(ImplementedClass::name)
                        .toList()));
        JsonObject matrix = new JsonObject();
        for (Capability capability : Capability.values()) {
            JsonObject roles = new JsonObject();
            for (TlsRole role : TlsRole.values()) {
                roles.add(
                        role.name().toLowerCase(Locale.ROOT),
                        array(capabilities.protocols(capability, role).stream()
                                .map(SslProtocol::displayName)
                                .toList()));
            }
            matrix.add(capability.name(), roles);
        }
        object.add("capabilities", matrix);
        JsonObject limitations = new JsonObject();
        for (Capability capability : Capability.values()) {
            capabilities.limitation(capability).ifPresent(reason -> limitations.addProperty(capability.name(), reason));
        }
        object.add("limitations", limitations);
        object.add(
                "cipherSuites",
                array(capabilities.cipherSuites().stream()
                        .map(CipherSuite::ianaName)
                        .toList()));
        object.add("groups", array(capabilities.groups()));
        object.add("signatureSchemes", array(capabilities.signatureSchemes()));
    }

    private static JsonElement array(Collection<?> values) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(value.toString()));
        return array;
    }
}
