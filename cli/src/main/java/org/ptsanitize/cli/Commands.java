package org.ptsanitize.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.report.Severity;
import picocli.CommandLine;

/**
 * The commands. Conversion is what the program does when its first word names none of the others. Only the command that
 * is asked for is built: reading the options of all of them would cost more than most runs.
 */
final class Commands {
    private static final Map<String, Function<Terminal, Object>> NAMED = new LinkedHashMap<>();

    static {
        NAMED.put("inspect", InspectCommand::new);
        NAMED.put("verify", VerifyCommand::new);
        NAMED.put("migrate", MigrateCommand::new);
        NAMED.put("scan", ScanCommand::new);
    }

    private Commands() {}

    /** The command that a command line asks for, and the words that are left for it. */
    record Chosen(CommandLine command, String[] arguments) {}

    static Chosen choose(Terminal terminal, String... words) {
        Function<Terminal, Object> named = words.length == 0 ? null : NAMED.get(words[0]);
        if (named == null) {
            return new Chosen(prepared(new ConvertCommand(terminal)), words);
        }
        CommandLine command = prepared(named.apply(terminal));
        command.setCommandName("ptsanitize " + words[0]);
        return new Chosen(command, Arrays.copyOfRange(words, 1, words.length));
    }

    private static CommandLine prepared(Object command) {
        CommandLine commandLine = new CommandLine(command);
        Choices.register(commandLine, ConvertOptions.Tied.class);
        Choices.register(commandLine, ConvertOptions.Metadata.class);
        Choices.register(commandLine, ConvertOptions.OnCollision.class);
        Choices.register(commandLine, PrintFormat.class);
        Choices.register(commandLine, ColorOption.When.class);
        Choices.register(commandLine, TensorOrder.class);
        Choices.register(commandLine, Progress.When.class);
        Choices.register(commandLine, ScanCommand.Format.class);
        Choices.register(commandLine, Severity.class);
        commandLine.setUnmatchedOptionsArePositionalParams(false);
        return commandLine;
    }
}
