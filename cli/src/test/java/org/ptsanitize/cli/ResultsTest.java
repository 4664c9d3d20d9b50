package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person and a program read after a conversion. */
class ResultsTest {
    private static final String SMALL = "hostile/gadget_reduce-os_system.pt";

    @TempDir
    Path folder;

    private Workplace work;

    @BeforeEach
    void workplace() {
        work = new Workplace(folder);
    }

    @Test
    void theSummaryOfSafetensors() throws IOException {
        String out = work.run(work.corpus("specimens/views/ties.pt"), "~/out.safetensors")
                .succeeded()
                .out();
        assertEquals("""
                wrote ~/out.safetensors  840 B, verified
                  read      PyTorch zip archive, torch 2.6 or later (zip version 3)
                  tensors   4, 384 B: F32 ×4
                  tied      3 names share 1 tensor; each is written, 192 B more (--tied dedupe writes one)
                """.replace("840 B", Files.size(folder.resolve("out.safetensors")) + " B"), out);
    }

    @Test
    void aStorageWithAWrongCrcIsTold() throws IOException {
        Path input = folder.resolve(work.corpus("specimens/views/ties.pt").substring(2));
        byte[] bytes = Files.readAllBytes(input);
        int storage = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("/data/0") + 64;
        bytes[storage - storage % 64 + 64] ^= 1;
        Files.write(input, bytes);
        for (String output : List.of("~/out.safetensors", "~/out.pt")) {
            String out = work.run("~/ties.pt", output).succeeded().out();
            assertTrue(out.contains("note      the CRC-32 of storage '0' is wrong; PyTorch does not look at it"), out);
        }
    }

    @Test
    void theSummaryOfAZipTellsWhichPyTorchLoadsIt() throws IOException {
        String out = work.run(work.corpus("specimens/views/ties.pt"), "~/out.pt", "--dry-run")
                .succeeded()
                .out();
        assertEquals("""
                would write ~/out.pt
                  read      PyTorch zip archive, torch 2.6 or later (zip version 3)
                  tensors   4, 384 B: float32 ×4
                  tied      3 names share 1 tensor; they share storage in the output too
                  readers   loads with weights_only=True in PyTorch 1.13 and later
                """, out);
    }

    @Test
    void theSummaryNamesWhatWouldHaveRun() throws IOException {
        String out = work.run(work.corpus(SMALL), "~/out.safetensors", "-v")
                .succeeded()
                .out();
        assertEquals("""
                wrote ~/out.safetensors  248 B, verified
                  read      PyTorch zip archive, torch 2.1 to 2.6 (zip version 3)
                  tensors   1, 16 B: F32
                  dropped   1 call: os.system
                  danger    loading the input would call 1 unknown or dangerous functions, 1 of them known to be dangerous:
                              critical  os.system('touch "$PTSANITIZE_MARKER"')  (data.pkl byte 190)
                    dropped  x  os.system  os.system('touch "$PTSANITIZE_MARKER"')
                """, out);
    }

    @Test
    void theSummaryTellsThatTrainingStateIsIncluded() throws IOException {
        String out = work.run(work.corpus("specimens/training/adam.pt"), "~/out.safetensors", "--dry-run")
                .succeeded()
                .out();
        assertEquals("""
                would write ~/out.safetensors
                  read      PyTorch zip archive, torch 2.6 or later (zip version 3)
                  tensors   33, 520 B: F32 ×32, I64
                  narrow    training state is included; --weights writes only the model
                """, out);
    }

    @Test
    void quietPrintsNothing() throws IOException {
        assertEquals(new Workplace.Run(0, "", ""), work.run("-q", work.corpus(SMALL), "~/out.safetensors"));
        assertEquals(new Workplace.Run(0, "", ""), work.run("--quiet", "~/gadget_reduce-os_system.pt", "~/out.pt"));
        assertEquals(
                new Workplace.Run(0, "", ""),
                work.run("-q", "--format=json", "~/gadget_reduce-os_system.pt", "~/more.pt"));
    }

    @Test
    void quietStillPrintsErrors() throws IOException {
        work.run("-q", "~/none.pt", "~/out.pt").failed(5, "~/none.pt: no such file");
    }

    @Test
    void theJsonIsWhole() throws IOException {
        String out = work.run(work.corpus(SMALL), "~/out.safetensors", "--format", "json")
                .succeeded()
                .out();
        assertEquals(report("~", true), out);
    }

    @Test
    void theReportIsTheSameJson() throws IOException {
        work.run(work.corpus(SMALL), "~/out.safetensors", "-q", "--report", "~/report.json")
                .succeeded();
        assertEquals(report(folder.toString(), true), Files.readString(folder.resolve("report.json")));
        assertEquals(List.of("gadget_reduce-os_system.pt", "out.safetensors", "report.json"), work.files());
    }

    @Test
    void theReportOfADryRunSaysThatNothingWasWritten() throws IOException {
        work.run(work.corpus(SMALL), "~/out.safetensors", "--dry-run", "--report", "~/report.json")
                .succeeded();
        assertEquals(report(folder.toString(), false), Files.readString(folder.resolve("report.json")));
    }

    private static String report(String folder, boolean written) {
        return """
                {
                  "schema": 1,
                  "input": {
                    "path": "%1$s/gadget_reduce-os_system.pt",
                    "bytes": 667,
                    "container": "PyTorch zip archive",
                    "writer": "torch 2.1 to 2.6 (zip version 3)"
                  },
                  "output": {
                    "path": "%1$s/out.safetensors",
                    "format": "safetensors",
                    "bytes": %2$s,
                    "written": %3$s,
                    "verified": %3$s,
                    "needs": []
                  },
                  "selected": "",
                  "prefix": "",
                  "tensors": [
                    {
                      "name": "w",
                      "path": "w",
                      "dtype": "F32",
                      "shape": [
                        2,
                        2
                      ],
                      "bytes": 16
                    }
                  ],
                  "ties": [],
                  "aliases": {},
                  "counts": {
                    "dropped": {
                      "os.system": 1
                    }
                  },
                  "events": [
                    {
                      "kind": "dropped",
                      "path": "x",
                      "subject": "os.system",
                      "detail": "os.system('touch \\"$PTSANITIZE_MARKER\\"')"
                    }
                  ],
                  "events_not_kept": 0,
                  "findings": [
                    {
                      "severity": "critical",
                      "global": "os.system",
                      "pickle": "data.pkl",
                      "offset": 190,
                      "detail": "os.system('touch \\"$PTSANITIZE_MARKER\\"')"
                    }
                  ],
                  "finding_counts": {
                    "info": 0,
                    "medium": 0,
                    "high": 0,
                    "critical": 1
                  }
                }
                """.formatted(folder, written ? "248" : "0", written);
    }

    @Test
    void theReportListsTiesAndAliases() throws IOException {
        String input = work.corpus("specimens/views/ties.pt");
        String out = work.run(input, "~/out.safetensors", "--tied=dedupe", "--format=json")
                .succeeded()
                .out();
        assertTrue(out.contains("""
                          "ties": [
                            [
                              "embed.weight",
                              "head.weight",
                              "head.alias"
                            ]
                          ],
                          "aliases": {
                            "head.alias": "embed.weight",
                            "head.weight": "embed.weight"
                          },
                        """), out);
    }

    @Test
    void aReportsEndingTellsItsForm() {
        work.run("~/in.pt", "~/out.pt", "--report", "~/report.txt")
                .failed(4, "--report ~/report.txt: the name must end in .json, .html, .sarif or .cdx.json");
    }

    @Test
    void aReportDoesNotReplaceTheInputOrTheOutput() throws IOException {
        Files.move(folder.resolve(work.corpus(SMALL).substring(2)), folder.resolve("in.json"));
        byte[] before = Files.readAllBytes(folder.resolve("in.json"));
        work.run("~/in.json", "~/out.pt", "--report", "~/in.json").failed(4, "--report ~/in.json: is the input itself");
        work.run("~/in.json", "~/out.json", "--to=pt", "--report", "~/./out.json")
                .failed(4, "--report ~/./out.json: is the output itself");
        Files.createSymbolicLink(folder.resolve("link.json"), Path.of("in.json"));
        work.run("~/in.json", "~/out.pt", "--report", "~/link.json")
                .failed(4, "--report ~/link.json: is the input itself");
        org.junit.jupiter.api.Assertions.assertArrayEquals(before, Files.readAllBytes(folder.resolve("in.json")));
        assertEquals(List.of("in.json", "link.json"), work.files());
    }

    @Test
    void inJsonANameWithHalfASurrogatePairIsAsItWas() throws IOException {
        String name = "\"name\": \"bad\\ud800\"";
        String specimen = work.corpus("specimens/keys/lone_surrogate.pt");
        for (String[] words : new String[][] {{specimen, "~/out.pt"}, {"inspect", specimen}}) {
            Workplace.Run run = work.run(Stream.concat(Stream.of(words), Stream.of("--format", "json"))
                    .toArray(String[]::new));
            assertTrue(run.out().contains(name), run.out());
        }
    }

    @Test
    void aReportThatCannotBeWrittenIsFoundBeforeAnyWork() throws IOException {
        String input = work.corpus(SMALL);
        work.run(input, "~/out.pt", "--report", "~/none/report.json").failed(5, "~/none: no such folder");
        Files.createDirectory(folder.resolve("folder.json"));
        work.run(input, "~/out.pt", "--report", "~/folder.json").failed(4, "--report ~/folder.json: is a directory");
        assertEquals(List.of("folder.json", "gadget_reduce-os_system.pt"), work.files());
    }
}
