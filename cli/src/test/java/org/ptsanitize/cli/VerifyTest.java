package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code verify} finds the same, what it finds different, and how it says so. */
class VerifyTest {
    private static final String SPECIMEN = "specimens/records/dictionary.pt";

    @TempDir
    Path folder;

    private Workplace work;

    @BeforeEach
    void workplace() throws IOException {
        work = new Workplace(folder);
        work.corpus(SPECIMEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "out.safetensors",
                "out.pt",
                "out.safetensors --metadata none",
                "out.pt --metadata none",
                "out.safetensors --rename encoder=e --strip-prefix decoder.",
                "out.safetensors --select model",
                "out.safetensors --tied dedupe",
                "out.safetensors --max-shard-size 80"
            })
    void aConversionIsTheSame(String conversion) throws IOException {
        work.run(("~/dictionary.pt ~/" + conversion).split(" ")).succeeded();
        String output = Files.exists(work.path("out.safetensors.index.json"))
                ? "~/out.safetensors.index.json"
                : "~/" + conversion.split(" ")[0];
        Workplace.Run run = work.run("verify", "~/dictionary.pt", output).succeeded();
        assertTrue(
                run.out()
                        .startsWith("same       ~/dictionary.pt and " + output
                                + "\n  tensors  2 tensors compared, 108 B\n"),
                run.out());
    }

    @Test
    void theFirstDifferenceIsShownWithItsElementAndValues() throws IOException {
        changed();
        Workplace.Run run = work.run("verify", "~/dictionary.pt", "~/changed.safetensors");
        assertEquals("""
                different  ~/dictionary.pt and ~/changed.safetensors
                  tensors  2 tensors compared, 108 B
                  differ   1 tensor, first:
                    bytes  'model.decoder.output_projection.weight' is 0.74365234 in ~/dictionary.pt and 48736.0 in ~/changed.safetensors at element [5, 1]
                """, run.out());
        assertEquals("", run.err());
        assertEquals(1, run.code());
    }

    /** A conversion in which one bit of one element is another. */
    private void changed() throws IOException {
        work.run("~/dictionary.pt", "~/out.safetensors").succeeded();
        byte[] bytes = Files.readAllBytes(work.path("out.safetensors"));
        bytes[bytes.length - 3] ^= 0x40;
        Files.write(work.path("changed.safetensors"), bytes);
    }

    @Test
    void aTensorLessAndATensorMoreAreDifferences() throws IOException {
        work.run("~/dictionary.pt", "~/out.safetensors", "--exclude", "encoder*", "--metadata", "none")
                .succeeded();
        Workplace.Run less = work.run("verify", "~/dictionary.pt", "~/out.safetensors");
        assertEquals(1, less.code());
        assertTrue(
                less.out().contains("    missing  'encoder.embed_tokens.weight' is not in ~/out.safetensors\n"),
                less.out());
        Workplace.Run more = work.run("verify", "~/out.safetensors", "~/dictionary.pt");
        assertEquals(1, more.code());
        assertTrue(
                more.out().contains("    extra  'encoder.embed_tokens.weight' is not in ~/out.safetensors\n"),
                more.out());
        work.run("verify", "~/dictionary.pt", "~/out.safetensors", "--exclude", "encoder*")
                .succeeded();
    }

    @Test
    void namesThatTheCopyDoesNotTellAreSaid() throws IOException {
        work.run("~/dictionary.pt", "~/out.safetensors", "--metadata=none", "--rename", "encoder=e")
                .succeeded();
        assertEquals(
                1, work.run("verify", "~/dictionary.pt", "~/out.safetensors").code());
        assertEquals(
                """
                same       ~/dictionary.pt and ~/out.safetensors
                  tensors  2 tensors compared, 108 B
                  names    names of the original without 'model.'
                """,
                work.run("verify", "~/dictionary.pt", "~/out.safetensors", "--rename", "encoder=e")
                        .succeeded()
                        .out());
    }

    @Test
    void digestsAreCheckedWithoutTheOriginal() throws IOException {
        Workplace.Run written = work.run("verify", "~/dictionary.pt", "--digests", "~/sums.json");
        assertEquals(new Workplace.Run(0, "", "wrote ~/sums.json  2 digests\n"), written);
        changed();
        Files.delete(work.path("dictionary.pt"));
        work.run("verify", "~/out.safetensors", "--against", "~/sums.json").succeeded();
        Workplace.Run run = work.run("verify", "~/changed.safetensors", "--against", "~/sums.json");
        assertEquals(1, run.code());
        assertTrue(run.out().contains("'model.decoder.output_projection.weight' has SHA-256 "), run.out());
    }

    @Test
    void digestsOfWhatDiffersAreNotWritten() throws IOException {
        changed();
        Workplace.Run run =
                work.run("verify", "~/dictionary.pt", "~/changed.safetensors", "--digests", "~/sums.json", "-q");
        assertEquals(new Workplace.Run(1, "", ""), run);
        assertTrue(Files.notExists(work.path("sums.json")));
    }

    @Test
    void existingDigestsAreReplacedOnlyByForce() throws IOException {
        work.text("sums.json", "mine, and longer than what is written ".repeat(100));
        work.run("verify", "~/dictionary.pt", "--digests", "~/sums.json")
                .failed(4, "~/sums.json: exists already; --force replaces it");
        assertEquals(
                0,
                work.run("verify", "~/dictionary.pt", "--digests", "~/sums.json", "--force")
                        .code());
        work.run("verify", "~/dictionary.pt", "--against", "~/sums.json").succeeded();
    }

    @Test
    void digestsNeverReplaceWhatTheyAreAbout() throws IOException {
        byte[] before = Files.readAllBytes(work.path("dictionary.pt"));
        work.run("verify", "~/dictionary.pt", "--digests", "~/dictionary.pt", "--force")
                .failed(4, "--digests ~/dictionary.pt: is the original itself");
        work.run("~/dictionary.pt", "~/out.pt").succeeded();
        work.run("verify", "~/dictionary.pt", "~/out.pt", "--digests", "~/out.pt", "--force")
                .failed(4, "--digests ~/out.pt: is the file to check itself");
        assertArrayEquals(before, Files.readAllBytes(work.path("dictionary.pt")));
    }

    @Test
    void digestsThatCannotBeWrittenAreNoFaultOfTheInput() throws IOException {
        work.run("verify", "~/dictionary.pt", "--digests", "~/none/sums.json").failed(5, "~/none: no such folder");
    }

    @Test
    void otherJsonIsNoFileOfDigests() throws IOException {
        work.text("sums.json", "{\"schema\": 2}");
        work.run("verify", "~/dictionary.pt", "--against", "~/sums.json")
                .failed(2, "~/sums.json: the file of digests has another schema; this version reads 1");
    }

    @Test
    void jsonTellsTheSame() throws IOException {
        changed();
        String shown = work.run("verify", "~/dictionary.pt", "~/changed.safetensors", "--format", "json")
                .out();
        assertTrue(shown.contains("""
                  "same": false,
                  "tensors": 2,
                  "bytes": 108,
                  "mapping": "",
                  "different": 1,
                  "differences": [
                    {
                      "kind": "bytes",
                      "name": "model.decoder.output_projection.weight",
                      "path": "model.decoder.output_projection.weight",
                      "element": "[5, 1]",
                """), shown);
    }

    @Test
    void aFileThatCannotBeReadIsAnError() throws IOException {
        work.run("verify", "~/none.pt", "~/dictionary.pt").failed(2, "~/none.pt: no such file");
        work.run("verify", "~/dictionary.pt", work.corpus("hostile/zip_truncated-half.pt"))
                .failed(
                        2,
                        "~/zip_truncated-half.pt: no end of a zip directory: the file is cut short or damaged (byte 308)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "~/dictionary.pt|name a second file, --digests FILE or --against FILE",
                "~/dictionary.pt ~/dictionary.pt --against ~/x|--against FILE checks one file and writes no digests",
                "~/dictionary.pt ~/dictionary.pt --weights --select x|--weights and --select exclude each other",
                "~/dictionary.pt ~/dictionary.pt --select x|--select 'x': no such path in the checkpoint; at the top are model"
            })
    void aCommandLineThatMakesNoSenseIsUsage(String words, String message) {
        work.run(("verify " + words).split(" ")).failed(4, message);
    }

    @Test
    void aTensorThatRepeatsItsStorageWithoutEndIsALimit() throws IOException {
        String bomb = work.corpus("hostile/expand_bomb-one_element.pt");
        for (String[] words : new String[][] {{"verify", bomb, bomb}, {"verify", bomb, "--digests", "~/sums.json"}}) {
            Workplace.Run run = work.run(words);
            assertEquals(2, run.code());
            assertTrue(run.err().contains("--max-expansion"), run.err());
        }
        assertTrue(Files.notExists(work.path("sums.json")));
    }

    @Test
    void componentsOfSpecialTensorsAreCompared() throws IOException {
        String quantized = work.corpus("specimens/special/quantized.pt");
        work.run(quantized, "~/q.safetensors").succeeded();
        work.run(quantized, "~/q.pt").succeeded();
        for (String output : new String[] {"~/q.safetensors", "~/q.pt"}) {
            String shown = work.run("verify", quantized, output).succeeded().out();
            assertTrue(shown.contains("  tensors  15 tensors compared, 165 B\n"), shown);
        }
    }
}
