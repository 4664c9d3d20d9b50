package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanTest {
    private static final String EVIL = "hostile/gadget_reduce-os_system.pt";
    private static final String EVIL_LINE = "critical: os.system called at byte 190 of archive/data.pkl:"
            + " os.system('touch \"$PTSANITIZE_MARKER\"') (runs programs and changes files)\n";

    @TempDir
    Path folder;

    private Workplace workplace;

    @BeforeEach
    void openWorkplace() {
        workplace = new Workplace(folder);
    }

    private void assertRun(int code, String out, String... arguments) {
        Workplace.Run run = workplace.run(arguments);
        assertEquals("", run.err());
        assertEquals(out, run.out());
        assertEquals(code, run.code());
    }

    private void write(String name, String latin1) throws IOException {
        Files.write(workplace.path(name), latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aDangerousCallEndsWithOne() throws IOException {
        String evil = workplace.corpus(EVIL);
        assertRun(1, evil + ": " + EVIL_LINE + "1 file scanned: 1 critical\n", "scan", evil);
    }

    @Test
    void aPlainStateDictIsClean() throws IOException {
        write("plain.pkl", "\u0080\u0002}X\u0001\u0000\u0000\u0000aK\u0001s.");
        assertRun(0, "1 file scanned: no findings\n", "scan", "~/plain.pkl");
    }

    @Test
    void aFileThatIsNoCheckpointIsSkippedWithACount() throws IOException {
        workplace.text("README.md", "# Nothing to run\n");
        workplace.text("empty", "");
        workplace.text("config.json", "{\"a\": 1}");
        workplace.text("class.py", "class Net:\n    pass\n");
        assertRun(0, "0 files scanned, 4 skipped that hold no pickle: no findings\n", "scan", "~");
    }

    @Test
    void aPickleIsAPickleUnderAnyNameAndOfAnyProtocol() throws IOException {
        write("notes.txt", "cos\nsystem\n(S'ls'\ntR.");
        assertRun(
                1,
                "~/notes.txt: critical: os.system called at byte 19: os.system(<2 bytes>) (runs programs and changes"
                        + " files)\n1 file scanned: 1 critical\n",
                "scan",
                "~");
    }

    @Test
    void whatRanBeforeTheDamageIsFoundAndTheDamageTold() throws IOException {
        write("broken.pkl", "\u0080\u0002cos\nsystem\nU\u0002ls\u0085R\u00ff");
        assertRun(
                1,
                "~/broken.pkl: critical: os.system called at byte 18: os.system(<2 bytes>) (runs programs and changes"
                        + " files)\n"
                        + "~/broken.pkl: unfinished: byte 0xff is not an opcode (byte 19)\n"
                        + "1 file scanned: 1 critical; 1 file not scanned to the end\n",
                "scan",
                "~/broken.pkl");
    }

    @Test
    void anUnfinishedScanIsNeverClean() throws IOException {
        write("cut.pkl", "\u0080\u0002}q");
        assertRun(2, """
                ~/cut.pkl: unfinished: truncated: BINPUT needs 1 bytes at byte 4, the data ends at byte 4 (byte 3)
                1 file scanned: no findings; 1 file not scanned to the end
                """, "scan", "~/cut.pkl");
        assertRun(
                2,
                "~/none.pt: unfinished: no such file\n1 file scanned: no findings; 1 file not scanned to the end\n",
                "scan",
                "~/none.pt");
    }

    @Test
    void aLimitLeavesAFileUnfinished() throws IOException {
        String evil = workplace.corpus(EVIL);
        Workplace.Run run = workplace.run("scan", "--max-opcodes", "3", evil);
        assertEquals(2, run.code());
        assertTrue(run.out().contains("raise --max-opcodes if you trust this file"), run.out());
    }

    @Test
    void failOnSaysWhichSeverityCounts() throws IOException {
        write("object.pkl", "\u0080\u0002cfoo\nBar\n)\u0081.");
        String line = "~/object.pkl: medium: foo.Bar made an instance at byte 12: foo.Bar() (an object of a class that"
                + " PyTorch does not accept)\n1 file scanned: 1 medium\n";
        assertRun(0, line, "scan", "~/object.pkl");
        assertRun(1, line, "scan", "--fail-on", "medium", "~/object.pkl");
        assertRun(1, line, "scan", "--fail-on", "info", "~/object.pkl");
        assertRun(
                0, "1 file scanned: no findings\n", "scan", "--fail-on", "info", "--allow", "foo.Bar", "~/object.pkl");
    }

    @Test
    void plainDataThatPyTorchRefusesIsOneLineUnlessAskedFor() throws IOException {
        write(
                "date.pkl",
                "\u0080\u0002cdatetime\ndate\nU\u0004\u0007\u00e8\u0001\u0001\u0085Rcbuiltins\nslice\n\u0086.");
        assertRun(0, "~/date.pkl: info: datetime.date, builtins.slice\n1 file scanned: 2 info\n", "scan", "~/date.pkl");
        Workplace.Run run = workplace.run("scan", "-v", "~/date.pkl");
        assertEquals(3, run.out().lines().count(), run.out());
    }

    @Test
    void aCallOfTheBaselineIsKnownUntilItsPickleChanges() throws IOException {
        write("call.pkl", "\u0080\u0002cos\nsystem\nU\u0002ls\u0085R.");
        workplace.text(
                "known.json",
                workplace.run("scan", "--format", "json", "~/call.pkl").out().replace("~", folder.toString()));
        assertRun(0, "1 file scanned: no findings, 1 known\n", "scan", "--baseline", "~/known.json", "~/call.pkl");
        write("call.pkl", "\u0080\u0002cos\nsystem\nU\u0002rm\u0085R.");
        assertEquals(
                1,
                workplace
                        .run("scan", "--baseline", "~/known.json", "~/call.pkl")
                        .code());
    }

    @Test
    void aClassOfTheBaselineStaysKnownWhenItsPickleChanges() throws IOException {
        write("object.pkl", "\u0080\u0002cfoo\nBar\n)\u0081.");
        workplace.text(
                "known.json",
                workplace.run("scan", "--format", "json", "~/object.pkl").out());
        write("object.pkl", "\u0080\u0002K\u00010cfoo\nBar\n)\u0081.");
        assertRun(
                0,
                "1 file scanned: no findings, 1 known\n",
                "scan",
                "--fail-on",
                "info",
                "--baseline",
                "~/known.json",
                "~/object.pkl");
    }

    @Test
    void whatIsNoReportOfAScanIsNoBaseline() throws IOException {
        String message = "--baseline ~/b.json: not the JSON report of a scan; write one with --format json";
        for (String content : new String[] {"", "[]", "{\"schema\": 2}", "{\"schema\": 1, \"files\": [1]}"}) {
            workplace.text("b.json", content);
            workplace.run("scan", "--baseline", "~/b.json", "~/b.json").failed(4, message);
        }
    }

    @Test
    void linksLeadNowhereNewAndLoopsAreNotEntered() throws IOException {
        Path tree = Files.createDirectories(workplace.path("tree/below"));
        String evil = workplace.corpus(EVIL);
        Files.move(workplace.path(evil.substring(2)), tree.resolve("evil.pt"));
        Files.createSymbolicLink(tree.resolve("again.pt"), tree.resolve("evil.pt"));
        Files.createSymbolicLink(tree.resolve("loop"), workplace.path("tree"));
        Files.createSymbolicLink(tree.resolve("gone"), workplace.path("nothing"));
        assertRun(
                1,
                "~/tree/below/evil.pt: " + EVIL_LINE + "1 file scanned, 3 skipped that hold no pickle: 1 critical\n",
                "scan",
                "~/tree");
    }

    @Test
    void aLinkOutOfTheFolderIsToldAndNotFollowed() throws IOException {
        Path tree = Files.createDirectories(workplace.path("tree"));
        write("outside.pkl", "\u0080\u0002N.");
        Files.createSymbolicLink(tree.resolve("link.pkl"), workplace.path("outside.pkl"));
        assertRun(
                2,
                "~/tree/link.pkl: unfinished: a link that leads out of the folder is not followed; name what it points"
                        + " to\n1 file scanned: no findings; 1 file not scanned to the end\n",
                "scan",
                "~/tree");
        assertRun(0, "1 file scanned: no findings\n", "scan", "~/tree/link.pkl");
    }

    @Test
    void aFileNamedTwiceIsScannedOnce() throws IOException {
        String evil = workplace.corpus(EVIL);
        assertRun(1, evil + ": " + EVIL_LINE + "1 file scanned: 1 critical\n", "scan", "~", evil, "~");
    }

    @Test
    void resultsComeInTheOrderOfThePathsWithAnyNumberOfWorkers() throws IOException {
        for (int i = 0; i < 50; i++) {
            write("f" + i + ".pkl", "\u0080\u0002cfoo\nBar" + i + "\n)\u0081.");
        }
        String one = workplace.run("scan", "-j", "1", "~").out();
        assertEquals(one, workplace.run("scan", "-j", "8", "~").out());
        assertEquals(51, one.lines().count());
        workplace.run("scan", "-j", "0", "~").failed(4, "-j 0: at least 1 expected");
    }

    @Test
    void quietPrintsNothing() throws IOException {
        assertRun(1, "", "scan", "-q", workplace.corpus(EVIL));
    }

    @Test
    void aZipOfAnythingIsLookedInto() throws IOException {
        try (java.util.zip.ZipOutputStream zip =
                new java.util.zip.ZipOutputStream(Files.newOutputStream(workplace.path("bundle.mar")))) {
            zip.putNextEntry(new java.util.zip.ZipEntry("a/handler.py"));
            zip.write("import os\n".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new java.util.zip.ZipEntry("a/weights"));
            zip.write("\u0080\u0002cos\nsystem\nU\u0002ls\u0085R.".getBytes(StandardCharsets.ISO_8859_1));
        }
        assertRun(
                1,
                "~/bundle.mar: critical: os.system called at byte 18 of a/weights: os.system(<2 bytes>) (runs programs"
                        + " and changes files)\n1 file scanned: 1 critical\n",
                "scan",
                "~/bundle.mar");
    }
}
