package org.ptsanitize.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code ptsanitize man}. */
@Command(
        name = "ptsanitize man",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {"", "Prints the manual page, in the form that man reads.", ""})
final class ManCommand implements Callable<Integer> {
    private final Terminal terminal;

    ManCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        new ManPage(Commands.all(terminal)).lines().forEach(terminal::result);
        return ExitCode.OK.code();
    }
}
