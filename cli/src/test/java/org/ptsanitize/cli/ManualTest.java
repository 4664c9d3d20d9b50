package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page and the completion script, which are made of the options. */
class ManualTest {
    @TempDir
    Path folder;

    private List<String> manual() {
        return new Workplace(folder).run("man").succeeded().out().lines().toList();
    }

    @Test
    void thePageHasTheSectionsOfAManualPage() {
        List<String> lines = manual();
        assertTrue(lines.get(0).startsWith(".TH PTSANITIZE 1 "), lines.get(0));
        List<String> sections =
                lines.stream().filter(line -> line.startsWith(".SH ")).toList();
        assertEquals(
                List.of(".SH \"NAME\"", ".SH \"SYNOPSIS\"", ".SH \"DESCRIPTION\"", ".SH \"OPTIONS\""),
                sections.subList(0, 4));
        for (String command : List.of("MIGRATE", "INSPECT", "SCAN", "VERIFY")) {
            assertTrue(sections.contains(".SH \"PTSANITIZE " + command + "\""), sections::toString);
        }
    }

    @Test
    void thePageAndTheScriptHaveEveryOptionOfEveryCommand() {
        String page = String.join("\n", manual()).replace("\\-", "-");
        String script = new Workplace(folder).run("completion").succeeded().out();
        CommandLine root = Commands.all(new Terminal(System.out, System.err));
        for (Map.Entry<String, CommandLine> command : root.getSubcommands().entrySet()) {
            assertTrue(script.contains(command.getKey()), command.getKey());
            for (OptionSpec option : command.getValue().getCommandSpec().options()) {
                if (!option.hidden()) {
                    assertTrue(page.contains(option.longestName()), () -> command.getKey() + option.longestName());
                    assertTrue(script.contains(option.longestName()), () -> command.getKey() + option.longestName());
                }
            }
        }
    }

    @Test
    void noLineOfTextIsTakenForARequest() {
        for (String line : manual()) {
            boolean request = line.matches("\\.(TH|SH|SS|B|BR|I|br|TP|PP|RS|RE|nf|fi|IP)( .*)?");
            assertTrue(request || !line.startsWith(".") && !line.startsWith("'"), line);
        }
    }
}
