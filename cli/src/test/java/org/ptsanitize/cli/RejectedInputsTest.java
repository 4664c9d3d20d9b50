package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one line that a bad input gives: file, what, where, what to do. */
class RejectedInputsTest {
    @TempDir
    Path folder;

    private Workplace work;

    @BeforeEach
    void workplace() {
        work = new Workplace(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hostile/wrong_extension-html.pt | an HTML or XML page, perhaps the error page of a failed download;"
                        + " download the file again",
                "hostile/malformed_stack-underflow.pt | REDUCE needs more values than the stack holds (byte 2)"
            })
    void aFileThatIsNoCheckpointIsNamedForWhatItIs(String file, String problem) throws IOException {
        String input = work.corpus(file);
        work.run(input, "~/out.safetensors").failed(2, input + ": " + problem);
        assertEquals(List.of(input.substring(2)), work.files());
    }

    @Test
    void aCheckpointWithoutTensorsIsNothingToDo() throws IOException {
        work.run(work.corpus("specimens/keys/no_tensors.pt"), "~/out.pt")
                .failed(3, "~/no_tensors.pt: no tensors in it, so there is nothing to convert");
        work.run(work.corpus("specimens/keys/root_none.pt"), "~/out.safetensors")
                .failed(3, "~/root_none.pt: no tensors in it, so there is nothing to convert");
    }

    @Test
    void aLimitIsNamedWithItsFlag() throws IOException {
        work.run(work.corpus("specimens/training/wrapped.pth"), "~/out.pt", "--max-opcodes", "3")
                .failed(
                        2,
                        "~/wrapped.pth: needs more than the limit of 3 pickle opcodes (byte 5); raise --max-opcodes if"
                                + " you trust this file");
    }

    @ParameterizedTest
    @CsvSource({
        "--max-opcodes, specimens/training/adam.pt, 10",
        "--max-memory, specimens/training/adam.pt, 10",
        "--max-depth, specimens/training/adam.pt, 1",
        "--max-text, specimens/training/adam.pt, 3",
        "--max-integer, specimens/training/adam.pt, 1",
        "--max-entries, specimens/training/adam.pt, 2",
        "--max-paths, specimens/training/adam.pt, 5",
        "--max-metadata, specimens/training/adam.pt, 50",
        "--max-array, specimens/special/sparse_coo.pt, 1",
        "--max-nested, specimens/special/load_from_bytes.pt, 0"
    })
    void limitsCanBeLowered(String flag, String file, String value) throws IOException {
        String input = work.corpus(file);
        Workplace.Run run = work.run(input, "~/out.safetensors", flag, value);
        assertEquals(2, run.code(), run::err);
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("ptsanitize: " + input + ": needs more than the limit of "), run::err);
        assertTrue(run.err().contains(flag), run::err);
        assertEquals(1, run.err().lines().count());
        assertFalse(Files.exists(work.path("out.safetensors")));
    }

    @Test
    void aStackTraceIsPrintedOnlyOnRequest() throws IOException {
        String input = work.corpus("hostile/malformed_stack-underflow.pt");
        Workplace.Run run = work.run("-v", input, "~/out.pt");
        List<String> lines = run.err().lines().toList();
        assertEquals(2, run.code());
        assertTrue(
                lines.get(0).startsWith("org.ptsanitize.formats.bytes.MalformedFileException: " + input), lines.get(0));
        assertTrue(lines.get(1).startsWith("    at org.ptsanitize.formats."), lines.get(1));
        assertEquals(
                "ptsanitize: " + input + ": REDUCE needs more values than the stack holds (byte 2)",
                lines.get(lines.size() - 1));
    }

    @Test
    void aNameThatWouldSteerTheTerminalIsEscaped() throws IOException {
        String name = "in\u001b[2J\n\u202e.pt";
        Files.move(work.path(work.corpus("hostile/wrong_extension-empty.pt").substring(2)), work.path(name));
        Workplace.Run run = work.run("~/" + name, "~/out.pt");
        assertEquals(2, run.code());
        assertTrue(run.err().startsWith("ptsanitize: ~/in\\u001b[2J\\n\\u202e.pt: "), run::err);
        assertEquals(1, run.err().lines().count());
        Workplace.Run verbose = work.run("-v", "~/" + name, "~/out.pt");
        assertFalse(verbose.err().contains("\u001b"), verbose::err);
    }

    @Test
    void tensorNamesThatWouldSteerTheTerminalAreEscaped() throws IOException {
        String input = work.corpus("hostile/hostile_names-escape.pt");
        String out = work.run(input, "~/out.safetensors", "-v", "--rename", "w$=v")
                .succeeded()
                .out();
        assertFalse(out.contains("\u001b"), out);
        assertTrue(out.contains("\\u001b[2J\\u001b]0;owned\\u0007"), out);
    }

    /** A .pt can say it in a few bytes, but each element would be compared. */
    @ParameterizedTest
    @ValueSource(strings = {"expand_bomb-one_element.pt", "view_bomb-overlapping.pt"})
    void viewsThatSpellOutFarMoreThanIsStoredAreRefusedForBothOutputs(String file) throws IOException {
        String input = work.corpus("hostile/" + file);
        String line = "~/" + file + ": needs more than the limit of 4 times the stored bytes in the output"
                + " (tensors that share or repeat storage); raise --max-expansion if you trust this file";
        work.run(input, "~/out.safetensors").failed(2, line);
        work.run(input, "~/out.pt").failed(2, line);
    }
}
