package dev.qssl.cli;

import picocli.CommandLine.Option;

/** The option that every command has. */
final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 101,
            description = "Show this help.")
    boolean help;
}
