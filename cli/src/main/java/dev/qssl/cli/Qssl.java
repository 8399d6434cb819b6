package dev.qssl.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code qssl} command line: reads the arguments, runs the command, turns its outcome into an exit code. */
@Command(
        name = "qssl",
        versionProvider = Qssl.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        synopsisHeading = "%nUsage: ",
        header = "TLS over interchangeable backends: try them, look into connections, serve files.",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Everything went well.",
            "1:The connection, the handshake or the verification failed; the message says why.",
            "2:An option or parameter cannot be used; nothing was sent."
        },
        footer = {
            "",
            "Start with 'qssl demo'. 'qssl COMMAND --help' tells more about a command.",
            "QSSL_BACKEND=NAME in the environment chooses the default backend."
        })
public final class Qssl implements Runnable {

    private static final String COMMANDS = "demo, backends, connect and serve";

    private final Terminal terminal;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    @Mixin
    HelpOption help = new HelpOption();

    private Qssl(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        // One line a message, like our own, for what the library logs.
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "qssl: %4$s: %5$s%n");
        }
        System.exit(run(Terminal.ofProcess(), arguments));
    }

    /** {@return the exit code of a command that reads from and writes to this terminal} */
    static int run(Terminal terminal, String... arguments) {
        return commandLine(terminal).execute(arguments);
    }

    private static CommandLine commandLine(Terminal terminal) {
        CommandLine line = new CommandLine(new Qssl(terminal))
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(new BackendsCommand(terminal))
                .addSubcommand(new ConnectCommand(terminal))
                .addSubcommand(new ServeCommand(terminal));
        line.setOut(terminal.outputText());
        line.setErr(terminal.messages());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((mistake, given) -> refuse(terminal, mistake, List.of(given)));
        line.setExecutionExceptionHandler((failure, command, parsed) -> fail(terminal, failure, command));
        return line;
    }

    private static int refuse(Terminal terminal, ParameterException mistake, List<String> given) {
        CommandLine command = mistake.getCommandLine();
        terminal.tell("qssl: " + explain(mistake) + advice(mistake, given));
        UnmatchedArgumentException.printSuggestions(mistake, terminal.messages());
        terminal.tell("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandFailure.USAGE;
    }

    /** {@return what is wrong, in the words of this command rather than of the parser where those are no help} */
    private static String explain(ParameterException mistake) {
        if (mistake instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().get(0);
            if (first.startsWith("@")) {
                return "there is no options file " + first.substring(1);
            }
            if (!first.startsWith("-") && mistake.getCommandLine().getParent() == null) {
                return "there is no command " + first + "; there are " + COMMANDS;
            }
        }
        return String.valueOf(mistake.getMessage());
    }

    /** {@return what became of a parameter that an option took for its text, if one may have done so} */
    private static String advice(ParameterException mistake, List<String> given) {
        boolean parameterMissing = mistake instanceof MissingParameterException missing
                && missing.getMissing().stream().anyMatch(ArgSpec::isPositional);
        if (!parameterMissing) {
            return "";
        }
        return mistake.getCommandLine().getCommandSpec().options().stream()
                .filter(option -> option.interactive() && option.arity().min() == 0)
                .map(OptionSpec::longestName)
                .filter(name -> given.contains(name) && given.indexOf(name) < given.size() - 1)
                .findFirst()
                .map(name -> "; " + name + " takes what follows it for its text: to be asked, write " + name
                        + " behind all else")
                .orElse("");
    }

    private static int fail(Terminal terminal, Exception failure, CommandLine command) {
        if (failure instanceof CommandFailure told) {
            String message = String.valueOf(told.getMessage());
            if (!message.isEmpty()) {
                terminal.tell("qssl: " + message);
            }
            if (told.exitCode() == CommandFailure.USAGE) {
                terminal.tell("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
            }
            return told.exitCode();
        }
        terminal.tell("qssl: this should not have happened; please report it with these lines:");
        failure.printStackTrace(terminal.messages());
        return CommandFailure.FAILED;
    }

    /** Without a command there is nothing to do but to say which there are. */
    @Override
    public void run() {
        throw new ParameterException(commandLine(terminal), "a command is missing: demo, backends, connect or serve");
    }

    /** Reads the version that the build wrote down. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {
                "qssl " + project(), "Java " + Runtime.version() + ", " + System.getProperty("java.vendor")
            };
        }

        private static String project() {
            Properties properties = new Properties();
            try (InputStream resource = Qssl.class.getResourceAsStream("version.properties")) {
                if (resource == null) {
                    throw new AssertionError("version.properties is missing in the jar");
                }
                properties.load(resource);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return properties.getProperty("version");
        }
    }
}
