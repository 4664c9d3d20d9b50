package org.ptsanitize.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.report.Severity;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The commands. Conversion is what the program does when its first word names none of the others. Only the command that
 * is asked for is built: reading the options of all of them would cost more than most runs.
 */
final class Commands {
    private static final Map<String, Function<Terminal, Object>> NAMED = new LinkedHashMap<>();

    private static final int USAGE_WIDTH = 110;

    static {
        NAMED.put("inspect", InspectCommand::new);
        NAMED.put("verify", VerifyCommand::new);
        NAMED.put("scan", ScanCommand::new);
        NAMED.put("migrate", MigrateCommand::new);
        NAMED.put("completion", CompletionCommand::new);
        NAMED.put("man", ManCommand::new);
    }

    private Commands() {}

    /** The command that a command line asks for, and the words that are left for it. */
    record Chosen(CommandLine command, String[] arguments) {}

    static Chosen choose(Terminal terminal, String... words) {
        Function<Terminal, Object> named = words.length == 0 ? null : NAMED.get(words[0]);
        if (named == null) {
            return new Chosen(conversion(terminal), words);
        }
        CommandLine command = prepared(named.apply(terminal));
        command.setCommandName("ptsanitize " + words[0]);
        return new Chosen(command, Arrays.copyOfRange(words, 1, words.length));
    }

    /** The conversion with all others below it: what a manual is made of. */
    static CommandLine all(Terminal terminal) {
        CommandLine root = prepared(new ConvertCommand(terminal));
        NAMED.forEach((name, command) -> root.addSubcommand(name, prepared(command.apply(terminal))));
        return root;
    }

    private static CommandLine conversion(Terminal terminal) {
        CommandLine command = prepared(new ConvertCommand(terminal));
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> list(terminal));
        return command;
    }

    /** Each command with the sentence that its own help begins with. */
    private static String list(Terminal terminal) {
        StringBuilder list = new StringBuilder(String.format("%nOther commands ('ptsanitize COMMAND --help'):%n"));
        NAMED.forEach((name, command) -> {
            String[] description = new CommandLine(command.apply(terminal))
                    .getCommandSpec()
                    .usageMessage()
                    .description();
            String words = String.join(" ", description).strip();
            int end = words.indexOf(". ");
            list.append(String.format("  %-12s %s%n", name, end < 0 ? words : words.substring(0, end + 1)));
        });
        return list.toString();
    }

    private static CommandLine prepared(Object command) {
        CommandLine commandLine = new CommandLine(command);
        Choices.register(commandLine, ConvertOptions.Tied.class);
        Choices.register(commandLine, ConvertOptions.Metadata.class);
        Choices.register(commandLine, ConvertOptions.OnCollision.class);
        Choices.register(commandLine, PrintFormat.class);
        Choices.register(commandLine, When.class);
        Choices.register(commandLine, TensorOrder.class);
        Choices.register(commandLine, ScanCommand.Format.class);
        Choices.register(commandLine, Severity.class);
        commandLine.setUnmatchedOptionsArePositionalParams(false);
        commandLine
                .getCommandSpec()
                .usageMessage()
                .sortOptions(false)
                .width(USAGE_WIDTH)
                .synopsisHeading("Usage: ");
        return commandLine;
    }
}
