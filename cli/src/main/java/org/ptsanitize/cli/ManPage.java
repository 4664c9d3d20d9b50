package org.ptsanitize.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page in roff, made of the options of all commands. */
final class ManPage {
    private final CommandLine root;
    private final List<String> lines = new ArrayList<>();

    ManPage(CommandLine root) {
        this.root = root;
    }

    /** The page, without line ends. */
    List<String> lines() {
        String version = new Version().getVersion()[0];
        lines.add(".TH PTSANITIZE 1 \"\" \"" + escaped(version) + "\" \"User Commands\"");
        section("NAME");
        text("ptsanitize - make PyTorch checkpoints safe to load, without running them");
        section("SYNOPSIS");
        synopsis("ptsanitize [OPTIONS] INPUT OUTPUT");
        root.getSubcommands()
                .forEach((name, command) ->
                        synopsis("ptsanitize " + name + " [OPTIONS]" + parameters(command.getCommandSpec())));
        section("DESCRIPTION");
        describe(root.getCommandSpec());
        section("OPTIONS");
        options(root.getCommandSpec());
        root.getSubcommands().forEach((name, command) -> {
            section("PTSANITIZE " + name.toUpperCase(Locale.ROOT));
            describe(command.getCommandSpec());
            options(command.getCommandSpec());
        });
        return lines;
    }

    private static String parameters(CommandSpec spec) {
        StringBuilder text = new StringBuilder();
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
            text.append(parameter.arity().min() == 0 ? " [" + label + "]" : " " + label);
        }
        return text.toString();
    }

    private void section(String title) {
        lines.add(".SH \"" + escaped(title) + "\"");
    }

    private void synopsis(String line) {
        lines.add(".B " + escaped(line));
        lines.add(".br");
    }

    private void describe(CommandSpec spec) {
        text(String.join(" ", spec.usageMessage().description()).strip());
        String codes = String.join(" ", spec.usageMessage().footer()).strip();
        if (!codes.isEmpty()) {
            lines.add(".PP");
            text(heading(spec.usageMessage().footerHeading()) + " " + codes);
        }
    }

    private void options(CommandSpec spec) {
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            item(parameter.paramLabel(), parameter.description());
        }
        List<OptionSpec> grouped = new ArrayList<>();
        spec.argGroups().forEach(group -> grouped.addAll(group.allOptionsNested()));
        for (OptionSpec option : spec.options()) {
            if (!grouped.contains(option)) {
                option(option);
            }
        }
        spec.argGroups().forEach(this::group);
    }

    private void group(ArgGroupSpec group) {
        if (group.heading() != null) {
            lines.add(".SS \"" + escaped(heading(group.heading())) + "\"");
        }
        group.options().forEach(this::option);
        group.subgroups().forEach(this::group);
    }

    private void option(OptionSpec option) {
        String names = String.join(", ", Arrays.asList(option.names()));
        item(option.arity().max() == 0 ? names : names + "=" + option.paramLabel(), option.description());
    }

    private void item(String head, String[] description) {
        lines.add(".TP");
        lines.add(".B " + escaped(head));
        text(String.join(" ", description));
    }

    /** A heading or a description as picocli prints it, its placeholders resolved. */
    private static String heading(String template) {
        return String.format(Locale.ROOT, template).strip().replaceFirst(":$", "") + ":";
    }

    private void text(String text) {
        lines.add(escaped(text.replace("%%", "%").replace("%n", " ")));
    }

    /** Text in which roff sees no command: dashes and backslashes stay, no line begins with a dot. */
    private static String escaped(String text) {
        String plain = text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }
}
