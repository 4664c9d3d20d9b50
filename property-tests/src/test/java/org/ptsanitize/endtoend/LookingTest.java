package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The commands that only look, and what helps at the prompt, as processes. */
class LookingTest extends LaunchedCase {
    @Test
    void inspectionReadsNoTensor() throws IOException, InterruptedException {
        // Nobody could read this file while a test waits.
        sparse("vast.safetensors", 1L << 42);
        Ended ended = run(Map.of(), LAUNCHER, "inspect", "vast.safetensors");
        assertEquals("""
                vast.safetensors  4.4 TB
                  format    safetensors
                  tensors   1, 4.4 TB: uint8 4.4 TB

                dict, 1 entry, 1 tensor, 4.4 TB
                └─ w  uint8 [4398046511104]  4.4 TB
                """, ended.out());
        assertEquals(0, ended.code());
    }

    @Test
    void aReaderThatGoesEarlyIsNoFailure() throws IOException, InterruptedException {
        String many = ROOT.resolve("corpus/specimens/keys/many.pt").toString();
        Ended ended = end(start(
                Map.of(),
                folder,
                List.of(
                        "bash",
                        "-c",
                        "\"$1\" inspect \"$2\" --pickle | head -n 1; exit \"${PIPESTATUS[0]}\"",
                        "bash",
                        LAUNCHER.toString(),
                        many)));
        assertEquals("", ended.err());
        assertEquals(1, ended.out().lines().count());
        assertEquals(0, ended.code());
    }

    @Test
    void inAPipeThereAreNoColoursAndNothingIsCut() throws IOException, InterruptedException {
        String deep = ROOT.resolve("corpus/specimens/keys/long_and_deep.pt").toString();
        Ended ended = run(Map.of("COLUMNS", "40"), LAUNCHER, "inspect", deep, "--tensors");
        assertTrue(ended.out().lines().anyMatch(line -> line.length() > 100), ended::out);
        assertTrue(ended.out().indexOf('\u001b') < 0, ended::out);
    }

    @Test
    void onATerminalLinesFitAndTheTreeIsFolded() throws IOException, InterruptedException {
        String deep = ROOT.resolve("corpus/specimens/keys/long_and_deep.pt").toString();
        Map<String, String> terminal =
                Map.of("COLUMNS", "60", "PTSANITIZE_JAVA_OPTS", "-Dptsanitize.terminal=true", "NO_COLOR", "1");
        Ended table = run(terminal, LAUNCHER, "inspect", deep, "--tensors");
        assertTrue(table.out().lines().allMatch(line -> line.length() <= 60), table::out);
        Ended tree = run(
                terminal,
                LAUNCHER,
                "inspect",
                ROOT.resolve("corpus/specimens/keys/many.pt").toString());
        assertTrue(tree.out().contains("└─ … "), tree::out);
        assertTrue(tree.out().indexOf('\u001b') < 0, tree::out);
    }

    @Test
    void verificationTellsByItsExitCode() throws IOException, InterruptedException {
        assertEquals(
                0, run(Map.of(), LAUNCHER, SPECIMEN.toString(), "a.pt", "-q").code());
        assertEquals(new Ended(0, "", ""), run(Map.of(), LAUNCHER, "verify", SPECIMEN.toString(), "a.pt", "-q"));
        String other = ROOT.resolve("corpus/specimens/dtypes/bits.pt").toString();
        assertEquals(new Ended(1, "", ""), run(Map.of(), LAUNCHER, "verify", other, "a.pt", "-q"));
        assertEquals(2, run(Map.of(), LAUNCHER, "verify", "none.pt", "a.pt").code());
        assertEquals(4, run(Map.of(), LAUNCHER, "verify", "a.pt").code());
    }

    @Test
    void theCompletionIsAScriptThatKnowsTheCommandsAndTheirOptions() throws IOException, InterruptedException {
        Ended script = run(Map.of(), LAUNCHER, "completion");
        assertEquals(0, script.code());
        Files.writeString(folder.resolve("completion.sh"), script.out());
        String test = """
                . ./completion.sh
                # A shell has this only while somebody presses the key.
                compopt() { :; }
                COMP_WORDS=(ptsanitize inspect --ten)
                COMP_CWORD=2
                _complete_ptsanitize
                echo "${COMPREPLY[@]}"
                COMP_WORDS=(ptsanitize ver)
                COMP_CWORD=1
                _complete_ptsanitize
                echo "${COMPREPLY[@]}"
                """;
        assertEquals(
                new Ended(0, "--tensors\nverify\n", ""), end(start(Map.of(), folder, List.of("bash", "-c", test))));
    }

    @Test
    void theManualHasEveryCommandInTheLanguageOfMan() throws IOException, InterruptedException {
        Ended page = run(Map.of(), LAUNCHER, "man");
        assertEquals(0, page.code());
        for (String command : List.of("INSPECT", "VERIFY", "SCAN", "MIGRATE")) {
            assertTrue(page.out().contains("\n.SH \"PTSANITIZE " + command + "\"\n"), command);
        }
        for (String line : page.out().lines().toList()) {
            assertTrue(line.matches("\\.(TH|SH|SS|TP|B|br|PP)( .*)?|[^.'].*"), line);
        }
    }
}
