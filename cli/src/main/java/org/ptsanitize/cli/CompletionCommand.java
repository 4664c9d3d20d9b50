package org.ptsanitize.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code ptsanitize completion}. */
@Command(
        name = "ptsanitize completion",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {"", "Prints a script that completes commands, options and files in bash and zsh.", ""})
final class CompletionCommand implements Callable<Integer> {
    private final Terminal terminal;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.result(AutoComplete.bash("ptsanitize", Commands.all(terminal)).stripTrailing());
        return ExitCode.OK.code();
    }
}
