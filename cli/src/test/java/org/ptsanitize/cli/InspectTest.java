package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code inspect} shows of a file, whole or damaged. */
class InspectTest {
    @TempDir
    Path folder;

    private Workplace work;

    @BeforeEach
    void workplace() {
        work = new Workplace(folder);
    }

    @Test
    void aFileIsShownWithItsTree() throws IOException {
        assertEquals("""
                ~/ties.pt  2.1 kB
                  format    PyTorch zip archive, torch 2.6 or later (zip version 3)
                  tensors   4, 384 B (192 B stored): float32 ×4 384 B
                  tied      3 names share 1 tensor
                  globals   2 rebuild, 1 value

                dict, 4 entries, 4 tensors, 384 B
                ├─ embed.weight  float32 [6, 4]  96 B
                ├─ head.weight  float32 [6, 4]  96 B
                ├─ head.alias  float32 [6, 4]  96 B
                └─ same_values_other_storage  float32 [6, 4]  96 B
                """, inspect("specimens/views/ties.pt").out());
    }

    @Test
    void theTreeIsFoldedAtADepthAndAWidth() throws IOException {
        assertEquals(
                """
                dict, 4 entries, 2 tensors, 108 B
                ├─ args  argparse.Namespace, 2 entries
                ├─ model  OrderedDict, 2 entries, 2 tensors, 108 B
                └─ … 2 more
                """,
                tree(inspect("specimens/records/dictionary.pt", "--depth", "1", "--entries", "2")
                        .out()));
    }

    private static String tree(String shown) {
        return shown.substring(shown.indexOf("\n\n") + 2);
    }

    @Test
    void classesThatAreNotUnderstoodAreNamedWithTheirPlace() throws IOException {
        String shown = inspect("specimens/records/dictionary.pt").out();
        assertTrue(shown.contains("""
                  names     without 'model.'
                  globals   3 rebuild, 4 value, 2 unknown
                              unknown  argparse.Namespace  (data.pkl byte 17)
                              unknown  fairseq.data.dictionary.Dictionary  (data.pkl byte 665)
                """), shown);
    }

    @Test
    void callsThatWouldRunAreTold() throws IOException {
        String shown = inspect("hostile/gadget_reduce-os_system.pt").out();
        assertTrue(shown.contains("""
                  globals   2 rebuild, 1 value, 1 dangerous
                              dangerous  os.system  (data.pkl byte 146)
                  runs      loading it the old way would call 1 unknown or dangerous functions:
                              critical  os.system('touch "$PTSANITIZE_MARKER"')  (data.pkl byte 190)
                """), shown);
    }

    @Test
    void theTableOfTensorsTellsWhoShares() throws IOException {
        assertEquals("""
                name                       dtype    shape   size  storage
                embed.weight               float32  [6, 4]  96 B  #0 shared with 2
                head.weight                float32  [6, 4]  96 B  #0 shared with 2
                head.alias                 float32  [6, 4]  96 B  #0 shared with 2
                same_values_other_storage  float32  [6, 4]  96 B
                """, inspect("specimens/views/ties.pt", "--tensors").out());
    }

    @Test
    void theLargestComeFirstIfOnlySomeAreWanted() throws IOException {
        assertEquals(
                """
                name     dtype    shape     size  storage
                windows  float32  [12, 6]  288 B  #0 strided shared with 5
                whole    float32  [5, 8]   160 B  #0 shared with 5
                """,
                inspect("specimens/views/overlaps.pt", "--tensors", "--top", "2")
                        .out());
    }

    @ParameterizedTest
    @CsvSource({"name, embed.weight", "file, embed.weight", "dtype, embed.weight"})
    void theTableIsSorted(String order, String first) throws IOException {
        String table =
                inspect("specimens/views/ties.pt", "--tensors", "--sort", order).out();
        assertTrue(table.lines().toList().get(1).startsWith(first), table);
    }

    @Test
    void theTableOfGlobalsBeginsWithTheStrangest() throws IOException {
        assertEquals(
                """
                global                           class      uses  first at
                os.system                        dangerous     1  data.pkl byte 146
                torch.FloatStorage               rebuild       1  data.pkl byte 57
                torch._utils._rebuild_tensor_v2  rebuild       1  data.pkl byte 10
                collections.OrderedDict          value         1  data.pkl byte 110
                """, inspect("hostile/gadget_reduce-os_system.pt", "--globals").out());
    }

    @Test
    void theOpcodesAtAPathAreMarked() throws IOException {
        String shown = inspect("specimens/records/dictionary.pt", "--pickle", "--at", "task_state.source_dictionary")
                .out();
        assertTrue(shown.startsWith("# data.pkl, protocol 2, bytes 0 to 1034\n"), shown);
        assertTrue(shown.contains("\n> 704: NEWOBJ\n"), shown);
        assertEquals(26, shown.lines().count());
    }

    @Test
    void allOpcodesAreListed() throws IOException {
        String shown = inspect("hostile/gadget_reduce-os_system.pt", "--pickle").out();
        assertTrue(shown.contains("\n146: GLOBAL 'os' 'system'\n"), shown);
        assertTrue(shown.endsWith(": STOP\n"), shown);
    }

    @Test
    void aPathWithoutAnOpcodeIsUsage() throws IOException {
        work.run("inspect", work.corpus("specimens/records/dictionary.pt"), "--pickle", "--at", "extra_state.epoch")
                .failed(
                        4,
                        "--at 'extra_state.epoch': nothing there that an opcode is known of; tensors, objects and what"
                                + " holds them are");
    }

    @Test
    void ofATruncatedArchiveThePickleIsShown() throws IOException {
        Workplace.Run run = work.run("inspect", work.corpus("hostile/zip_truncated-half.pt"));
        assertEquals(2, run.code());
        assertEquals("", run.err());
        assertEquals("""
                ~/zip_truncated-half.pt  308 B
                  format    PyTorch zip archive
                  stops     ~/zip_truncated-half.pt: no end of a zip directory: the file is cut short or damaged (byte 308)
                  tensors   1, 16 B: float32 16 B
                  globals   2 rebuild, 1 value
                  note      the archive's directory is missing; its storages cannot be found

                dict, 1 entry, 1 tensor, 16 B
                └─ w  float32 [2, 2]  16 B
                """, run.out());
    }

    @Test
    void ofAPickleThatIsCutShortItsGlobalsAndCallsAreShown() throws IOException {
        byte[] pickle = "\u0080\u0002cos\nsystem\nVecho\n\u0085RVnever".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(work.path("cut.pkl"), pickle);
        Workplace.Run run = work.run("inspect", "~/cut.pkl");
        assertEquals(2, run.code());
        assertEquals("""
                ~/cut.pkl  27 B
                  format    plain pickle
                  stops     ~/cut.pkl: UNICODE with a line that has no end (byte 21)
                  globals   1 dangerous
                              dangerous  os.system  (pickle byte 2)
                  runs      loading it the old way would call 1 unknown or dangerous functions:
                              critical  os.system('echo')  (pickle byte 20)
                """, run.out());
        Workplace.Run listed = work.run("inspect", "~/cut.pkl", "--pickle");
        assertTrue(listed.out().startsWith("# pickle, protocol 2, bytes 0 to "), listed.out());
        assertTrue(listed.out().contains("2: GLOBAL"), listed.out());
    }

    @Test
    void aTextThatReadsLikeANameIsNoPickle() throws IOException {
        work.text("table.csv", "column,other\n1,2\n3,4\n");
        Workplace.Run run = work.run("inspect", "~/table.csv");
        assertEquals("", run.out());
        assertEquals(2, run.code());
    }

    @Test
    void ofATruncatedStreamTheTensorsAreShown() throws IOException {
        work.corpus("specimens/legacy/state_dict.pth");
        byte[] whole = Files.readAllBytes(work.path("state_dict.pth"));
        Files.write(work.path("cut.pth"), java.util.Arrays.copyOf(whole, whole.length - 1));
        Workplace.Run sound = work.run("inspect", "~/state_dict.pth", "--tensors");
        Workplace.Run cut = work.run("inspect", "~/cut.pth", "--tensors");
        assertEquals(sound.out(), cut.out());
        assertEquals(2, cut.code());
        assertTrue(cut.err().contains("truncated"), cut.err());
    }

    @Test
    void aStorageThatIsNotThereIsTold() throws IOException {
        Workplace.Run run = work.run("inspect", work.corpus("hostile/storage_size_lie-shorter.pt"));
        assertEquals(2, run.code());
        assertTrue(run.out().contains("  stops     ~/storage_size_lie-shorter.pt: storage '0' has "), run.out());
        assertTrue(run.out().contains("  note      1 of 1 storages are damaged: \"0\" has "), run.out());
        assertTrue(run.out().contains("└─ w  float32"), run.out());
    }

    @Test
    void aTensorOutsideItsStorageLeavesTheOthers() throws IOException {
        Workplace.Run run = work.run("inspect", work.corpus("hostile/tensor_bounds-size.pt"));
        assertEquals(2, run.code());
        assertTrue(run.out().contains("  stops     ~/tensor_bounds-size.pt: a tensor reaches element "), run.out());
        assertTrue(run.out().contains("  globals   "), run.out());
    }

    @Test
    void whatIsNoCheckpointIsNamed() throws IOException {
        Workplace.Run run = work.run("inspect", work.corpus("hostile/wrong_extension-html.pt"));
        assertEquals(2, run.code());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("ptsanitize: ~/wrong_extension-html.pt: an HTML or XML page"), run.err());
    }

    @Test
    void noTextOfAFileReachesTheTerminal() throws IOException {
        for (String file : new String[] {"escape", "newline", "right_to_left", "nul"}) {
            String input = work.corpus("hostile/hostile_names-" + file + ".pt");
            for (String view : new String[] {"--tensors", "--globals", "--pickle", "--format=json", "--color=never"}) {
                String shown = work.run("inspect", input, view).succeeded().out();
                assertFalse(
                        shown.chars().anyMatch(c -> c < ' ' && c != '\n' || c == 0x202e) && !view.contains("json"),
                        shown);
            }
        }
    }

    @Test
    void colourIsThereOnlyOnDemand() throws IOException {
        String input = work.corpus("hostile/gadget_reduce-os_system.pt");
        assertFalse(work.run("inspect", input).out().contains("\u001b"));
        assertFalse(work.run("inspect", input, "--color", "never").out().contains("\u001b"));
        String coloured = work.run("inspect", input, "--color", "always").out();
        assertTrue(coloured.contains("\u001b[31mdangerous\u001b[0m  os.system"), coloured);
        assertEquals(work.run("inspect", input).out(), coloured.replaceAll("\u001b\\[[0-9]+m", ""));
    }

    @Test
    void quietSaysItAllByTheExitCode() throws IOException {
        assertEquals(new Workplace.Run(0, "", ""), work.run("inspect", work.corpus("specimens/views/ties.pt"), "-q"));
        assertEquals(
                new Workplace.Run(2, "", ""), work.run("inspect", work.corpus("hostile/zip_truncated-half.pt"), "-q"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--top 3|--sort and --top are for --tensors",
                "--tensors --top 0|--top 0: at least 1",
                "--at x|--at is for --pickle",
                "--pickle --globals|--pickle stands alone",
                "--format json --tensors|--format json always holds everything"
            })
    void optionsThatMakeNoSenseAreRefused(String options, String message) throws IOException {
        String[] words = ("inspect " + work.corpus("specimens/views/ties.pt") + " " + options).split(" ");
        work.run(words).failed(4, message);
    }

    private Workplace.Run inspect(String file, String... options) throws IOException {
        String[] words = new String[options.length + 2];
        words[0] = "inspect";
        words[1] = work.corpus(file);
        System.arraycopy(options, 0, words, 2, options.length);
        return work.run(words).succeeded();
    }
}
