package org.ptsanitize.cli;

import picocli.CommandLine.Option;

/** How much a command prints. */
final class Verbosity {
    @Option(
            names = {"-q", "--quiet"},
            description = "Print nothing but errors.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print more, and stack traces of errors.")
    private boolean verbose;

    boolean isQuiet() {
        return quiet;
    }

    boolean isVerbose() {
        return verbose;
    }
}
