package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ptsanitize.formats.bytes.Figures;

/** Whole trees: what is found in them, where outputs go, and what a second run does. */
class MigrateTest {
    private static final String GOOD = "specimens/dtypes/common.pt";
    private static final String OTHER_GOOD = "specimens/records/dictionary.pt";
    private static final String BROKEN = "hostile/zip_truncated-half.pt";
    private static final String HARMFUL = "hostile/gadget_reduce-os_system.pt";

    @TempDir
    Path folder;

    private Workplace work;

    @BeforeEach
    void workplace() {
        work = new Workplace(folder);
    }

    private Path put(String corpus, String name) throws IOException {
        Path copy = folder.resolve(name);
        Files.createDirectories(copy.getParent());
        try (InputStream content = MigrateTest.class.getResourceAsStream("/" + corpus)) {
            Files.copy(content, copy);
        }
        return copy;
    }

    private Path text(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private Workplace.Run migrate(String... more) {
        String[] words = new String[more.length + 4];
        words[0] = "migrate";
        words[1] = "~/src";
        words[2] = "--out";
        words[3] = "~/dst";
        System.arraycopy(more, 0, words, 4, more.length);
        return work.run(words);
    }

    /** The files below a folder, as paths from it, without what is the program's own. */
    private List<String> files(String below) throws IOException {
        return work.files().stream()
                .filter(name -> name.startsWith(below + "/") && !name.contains(".ptsanitize"))
                .map(name -> name.substring(below.length() + 1))
                .filter(name -> Files.isRegularFile(folder.resolve(below).resolve(name)))
                .toList();
    }

    private List<String> journal() throws IOException {
        return Files.readAllLines(folder.resolve("dst/.ptsanitize/journal.jsonl"));
    }

    @Test
    void theLayoutIsMirroredAndAFileThatFailsDoesNotStopTheOthers() throws IOException {
        put(GOOD, "src/a/model.pt");
        put(OTHER_GOOD, "src/a/b/step=1.5.ckpt");
        put(BROKEN, "src/broken.pth");
        text("src/readme.txt", "It is no checkpoint.\n");
        Workplace.Run run = migrate();
        assertEquals(
                "ptsanitize: broken.pth: no end of a zip directory: the file is cut short or damaged (byte 308)\n",
                run.err());
        assertEquals(2, run.code());
        assertTrue(run.out().startsWith("migrated 2 checkpoints to ~/dst  "), run.out());
        assertTrue(run.out().endsWith(", verified\n  failed    1 told above; --report lists them\n"), run.out());
        assertEquals(List.of("a/b/step=1.5.safetensors", "a/model.safetensors"), files("dst"));
        assertEquals(10, work.names("dst/a/model.safetensors").size());
        assertEquals(List.of("a/b/step=1.5.ckpt", "a/model.pt", "broken.pth", "readme.txt"), files("src"));
    }

    @Test
    void anOutputIsTheSameAsThatOfASingleConversion() throws IOException {
        for (String to : List.of("safetensors", "pt")) {
            Files.deleteIfExists(folder.resolve("src/m.pt"));
            put(OTHER_GOOD, "src/m.pt");
            work.run("migrate", "~/src", "--out", "~/dst-" + to, "--to", to, "-j", "3")
                    .succeeded();
            work.run("~/src/m.pt", "~/single." + to).succeeded();
            assertEquals(-1, Files.mismatch(folder.resolve("dst-" + to + "/m." + to), folder.resolve("single." + to)));
        }
    }

    @Test
    void bytesDecideWhatIsACheckpoint() throws IOException {
        put(GOOD, "src/weights");
        put("specimens/containers/gzip.pt.gz", "src/packed.gz");
        put("specimens/containers/agent.zip", "src/agent.zip");
        put("specimens/containers/fortran.npy", "src/array.dat");
        put("specimens/containers/several_pickles.pkl", "src/text.pickle");
        text("src/model.pt", "a translation, in Portuguese\n");
        text("src/page.pt", "<!DOCTYPE html><p>404");
        text("src/page.htm", "<!DOCTYPE html><p>404");
        text("src/pointer.bin", "version https://git-lfs.github.com/spec/v1\n");
        text("src/empty.ckpt", "");
        text("src/empty.log", "");
        text("src/config.json", "{\"a\": 1}");
        Files.write(folder.resolve("src/noise.pt"), new byte[] {1, 2, 3, 0, 5, 6, 7, 8, 9, 10});
        Files.write(folder.resolve("src/noise.dat"), new byte[] {1, 2, 3, 0, 5, 6, 7, 8, 9, 10});
        Files.write(folder.resolve("src/picture.pt"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0});
        Workplace.Run run = migrate("-j1");
        assertEquals("""
                ptsanitize: empty.ckpt: an empty file; download or save it again
                ptsanitize: noise.pt: neither a zip, a pickle nor a safetensors file, so not a PyTorch checkpoint; name a checkpoint file
                ptsanitize: page.pt: an HTML or XML page, perhaps the error page of a failed download; download the file again
                ptsanitize: pointer.bin: a git-LFS pointer, not the file itself; fetch the file with 'git lfs pull'
                """, run.err());
        assertEquals(
                List.of(
                        "agent.safetensors",
                        "array.dat.safetensors",
                        "packed.safetensors",
                        "text.safetensors",
                        "weights.safetensors"),
                files("dst"));
    }

    @Test
    void aTreeWithoutCheckpointsIsNothingToDo() throws IOException {
        text("src/readme.txt", "nothing here\n");
        Workplace.Run run = migrate();
        assertEquals("migrated 0 checkpoints to ~/dst  0 B → 0 B\n", run.out());
        assertEquals(3, run.code());
        assertFalse(Files.exists(folder.resolve("dst")));
    }

    @Test
    void aCheckpointWithoutTensorsIsNoFailure() throws IOException {
        put(GOOD, "src/m.pt");
        put("specimens/keys/no_tensors.pt", "src/n.pt");
        Workplace.Run run = migrate().succeeded();
        assertTrue(run.out().endsWith("\n  empty     1 without tensors\n"), run.out());
        assertEquals(0, migrate().succeeded().code());
        assertEquals(2, journal().size());
    }

    // ---- names

    @Test
    void sourcesThatWouldMeetKeepTheirWholeNames() throws IOException {
        put(GOOD, "src/m.pt");
        put(GOOD, "src/m.ckpt");
        put(GOOD, "src/sub/m.pt");
        put(OTHER_GOOD, "src/pytorch_model.bin");
        migrate().succeeded();
        work.run("~/src/m.pt", "~/src/model.safetensors").succeeded();
        work.run("migrate", "~/src", "--out", "~/again").succeeded();
        assertEquals(
                List.of("m.ckpt.safetensors", "m.pt.safetensors", "model.safetensors", "sub/m.safetensors"),
                files("dst"));
        assertEquals(
                List.of(
                        "m.ckpt.safetensors",
                        "m.pt.safetensors",
                        "model.safetensors",
                        "pytorch_model.bin.safetensors",
                        "sub/m.safetensors"),
                files("again"));
        assertEquals(10, work.names("again/model.safetensors").size());
        migrate().succeeded();
        assertEquals(2, work.names("dst/model.safetensors").size(), "a name that was given stays");
        assertTrue(files("dst").contains("model.safetensors.safetensors"));
    }

    @Test
    void aPtKeepsItsName() throws IOException {
        put(GOOD, "src/pytorch_model.bin");
        put(GOOD, "src/a.pth");
        put(GOOD, "src/b.pkl");
        work.run("migrate", "~/src", "--out", "~/dst", "--to", "pt", "--suffix", ".clean")
                .succeeded();
        assertEquals(List.of("a.clean.pth", "b.clean.pt", "pytorch_model.clean.bin"), files("dst"));
    }

    @Test
    void severalSourcesKeepTheirPaths() throws IOException {
        put(GOOD, "one/m.pt");
        put(OTHER_GOOD, "two/m.pt");
        work.run("migrate", "~/one", "~/two/m.pt", "--out", "~/dst").succeeded();
        String place = folder.toAbsolutePath().toString().substring(1);
        assertEquals(List.of(place + "/one/m.safetensors", place + "/two/m.safetensors"), files("dst"));
        work.run("migrate", "~/two/m.pt", "--out", "~/single").succeeded();
        assertEquals(List.of("m.safetensors"), files("single"));
    }

    @ParameterizedTest
    @CsvSource({"'\n'", "'\r\n'", "NUL"})
    void aListNamesFilesAndFolders(String separator) throws IOException {
        put(GOOD, "one/m.pt");
        put(GOOD, "one/skipped.pt");
        put(OTHER_GOOD, "two/m.pt");
        String by = separator.equals("NUL") ? "\0" : separator;
        text("list", folder.resolve("one/m.pt") + by + folder.resolve("two") + by);
        work.run("migrate", "--from-file", "~/list".replace("~", folder.toString()), "--out", "~/dst")
                .succeeded();
        String place = folder.toAbsolutePath().toString().substring(1);
        assertEquals(List.of(place + "/one/m.safetensors", place + "/two/m.safetensors"), files("dst"));
    }

    @Test
    void globsChooseAndSkippingWins() throws IOException {
        put(GOOD, "src/a.pt");
        put(GOOD, "src/b.pt");
        put(GOOD, "src/c.ckpt");
        put(GOOD, "src/old/a.pt");
        put(GOOD, "src/deep/er/a.pt");
        text("src/a.txt", "x");
        migrate("--only-files", "*.pt", "--skip-files", "b*", "--skip-dirs", "old", "--skip-dirs", "deep/er")
                .succeeded();
        assertEquals(List.of("a.safetensors"), files("dst"));
    }

    @Test
    void largerFilesAreLeftAlone() throws IOException {
        put(GOOD, "src/a.pt");
        text("src/big.txt", "x".repeat(200_000));
        Workplace.Run run = migrate("--max-file-size", "100B", "--copy-others");
        assertEquals(3, run.code());
        assertTrue(run.out().contains("  skipped   2 left alone; --report says why\n"), run.out());
        assertEquals(List.of(), files("dst"));
    }

    // ---- links

    @Test
    void aFileWithManyNamesIsConvertedOnce() throws IOException {
        put(GOOD, "src/models--x/blobs/0123abcd");
        Files.writeString(folder.resolve("src/models--x/blobs/4567"), "{}");
        for (String revision : List.of("r1", "r2")) {
            Path snapshot = Files.createDirectories(folder.resolve("src/models--x/snapshots/" + revision));
            Files.createSymbolicLink(snapshot.resolve("pytorch_model.bin"), Path.of("../../blobs/0123abcd"));
            Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/4567"));
        }
        text("src/models--x/.no_exist/r1/model.safetensors", "");
        Workplace.Run run = migrate("--copy-others").succeeded();
        assertTrue(run.out().startsWith("migrated 1 checkpoint to "), run.out());
        assertEquals(
                List.of(
                        "models--x/snapshots/r1/config.json",
                        "models--x/snapshots/r1/model.safetensors",
                        "models--x/snapshots/r2/config.json",
                        "models--x/snapshots/r2/model.safetensors"),
                files("dst"));
        Path first = folder.resolve("dst/models--x/snapshots/r1/model.safetensors");
        Path second = folder.resolve("dst/models--x/snapshots/r2/model.safetensors");
        assertTrue(Files.isSameFile(first, second));
        assertFalse(Files.isSymbolicLink(second));

        Files.delete(second);
        Path third = Files.createDirectories(folder.resolve("src/models--x/snapshots/r0"));
        Files.createSymbolicLink(third.resolve("pytorch_model.bin"), Path.of("../../blobs/0123abcd"));
        migrate("--copy-others").succeeded();
        assertTrue(Files.isSameFile(first, second));
        assertTrue(Files.isSameFile(first, folder.resolve("dst/models--x/snapshots/r0/model.safetensors")));
    }

    @Test
    void aLinkOutOfTheTreeIsNotFollowed() throws IOException {
        Path outside = put(GOOD, "elsewhere/m.pt");
        put(GOOD, "src/real.pt");
        Files.createSymbolicLink(folder.resolve("src/out.pt"), outside);
        Files.createSymbolicLink(folder.resolve("src/lost.pt"), Path.of("nowhere"));
        Files.createSymbolicLink(folder.resolve("src/loop"), Path.of("."));
        Files.createSymbolicLink(folder.resolve("src/folder"), outside.getParent());
        Workplace.Run run = migrate("--report", folder + "/r.jsonl").succeeded();
        assertTrue(run.out().contains("  skipped   4 left alone"), run.out());
        assertEquals(List.of("real.safetensors"), files("dst"));
        String report = Files.readString(folder.resolve("r.jsonl"));
        assertTrue(
                report.contains("\"source\":\"lost.pt\",\"also_at\":[],\"bytes\":0,\"outcome\":\"skipped\""), report);
        assertTrue(report.contains("\"reason\":\"a link that leads nowhere\""), report);
        assertTrue(report.contains("\"source\":\"folder\",\"also_at\":[],\"bytes\":0,\"outcome\":\"skipped\""), report);
        assertTrue(report.contains("\"reason\":\"a link to a folder, which is not followed\""), report);
        assertTrue(report.contains("\"reason\":\"a link that leads out of the tree;"), report);
    }

    // ---- sets of files

    private void shards(String below) throws IOException {
        put(GOOD, "whole.pt");
        Files.createDirectories(folder.resolve(below));
        work.run("~/whole.pt", "~/" + below + "/pytorch_model-00001-of-00002.bin", "--to", "pt", "--include", "*6*")
                .succeeded();
        work.run("~/whole.pt", "~/" + below + "/pytorch_model-00002-of-00002.bin", "--to", "pt", "--exclude", "*6*")
                .succeeded();
        StringBuilder index = new StringBuilder("{\"metadata\": {}, \"weight_map\": {");
        work.run("~/whole.pt", "~/whole.safetensors").succeeded();
        String comma = "";
        for (String name : work.names("whole.safetensors")) {
            int shard = name.contains("6") ? 1 : 2;
            index.append(comma).append('"').append(name).append("\": \"pytorch_model-0000");
            index.append(shard).append("-of-00002.bin\"");
            comma = ", ";
        }
        text(below + "/pytorch_model.bin.index.json", index.append("}}").toString());
    }

    @Test
    void shardsAreOneUnitAndBecomeShards() throws IOException {
        shards("src");
        Workplace.Run run = migrate("--max-shard-size", "200B").succeeded();
        assertTrue(run.out().startsWith("migrated 1 checkpoint to "), run.out());
        assertEquals(
                List.of(
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json"),
                files("dst"));
        assertTrue(migrate("--max-shard-size", "200B").succeeded().out().contains("  before    1 done"));

        migrate().succeeded();
        assertEquals(List.of("model.safetensors"), files("dst"), "the set of the earlier run gives way");
        assertEquals(10, work.names("dst/model.safetensors").size());
    }

    @Test
    void aMissingShardFailsTheSet() throws IOException {
        shards("src");
        Files.delete(folder.resolve("src/pytorch_model-00002-of-00002.bin"));
        Workplace.Run run = migrate();
        assertEquals(
                "ptsanitize: pytorch_model.bin.index.json: the file \"pytorch_model-00002-of-00002.bin\" is missing\n",
                run.err());
        assertEquals(2, run.code());
        assertEquals(List.of(), files("dst"));
    }

    // ---- a second run

    @Test
    void aSecondRunDoesNothing() throws IOException {
        put(GOOD, "src/a.pt");
        put(OTHER_GOOD, "src/b.pt");
        migrate().succeeded();
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        FileTime written = Files.getLastModifiedTime(folder.resolve("dst/a.safetensors"));
        List<String> journal = journal();
        Workplace.Run run = migrate().succeeded();
        assertTrue(run.out().endsWith("  before    2 done by earlier runs\n"), run.out());
        assertEquals(written, Files.getLastModifiedTime(folder.resolve("dst/a.safetensors")));
        assertEquals(journal, journal());
        Files.setLastModifiedTime(folder.resolve("dst/a.safetensors"), time);
        assertTrue(migrate().succeeded().out().endsWith("  before    2 done by earlier runs\n"), "by its digest");
    }

    @Test
    void whatHasChangedIsDoneAgain() throws IOException {
        put(GOOD, "src/a.pt");
        put(GOOD, "src/b.pt");
        migrate().succeeded();
        Files.delete(folder.resolve("src/a.pt"));
        put(OTHER_GOOD, "src/a.pt");
        assertTrue(migrate().succeeded().out().endsWith("  before    1 done by earlier runs\n"));
        assertEquals(2, work.names("dst/a.safetensors").size());
        assertEquals(10, work.names("dst/b.safetensors").size());
        assertFalse(migrate("--metadata", "none").succeeded().out().contains("before"));
        Files.delete(folder.resolve("dst/b.safetensors"));
        assertTrue(migrate("--metadata", "none").succeeded().out().endsWith("  before    1 done by earlier runs\n"));
        assertEquals(10, work.names("dst/b.safetensors").size());
    }

    @Test
    void anythingElseInAnOutputsPlaceStays() throws IOException {
        put(GOOD, "src/a.pt");
        text("dst/a.safetensors", "somebody's");
        Workplace.Run run = migrate();
        String message = "ptsanitize: a.pt: ~/dst/a.safetensors: exists already and is not what this migration wrote;"
                + " move it away\n";
        assertEquals(message, run.err());
        assertEquals(2, run.code());
        assertEquals("somebody's", Files.readString(folder.resolve("dst/a.safetensors")));
        Files.delete(folder.resolve("dst/a.safetensors"));
        migrate().succeeded();
        text("dst/a.safetensors", "changed by somebody");
        assertEquals(message, migrate().err());
    }

    @Test
    void anOutputThatTheJournalDoesNotKnowIsTakenIfItIsTheSame() throws IOException {
        put(GOOD, "src/a.pt");
        migrate().succeeded();
        Path output = folder.resolve("dst/a.safetensors");
        FileTime written = Files.getLastModifiedTime(output);
        Files.delete(folder.resolve("dst/.ptsanitize/journal.jsonl"));
        migrate().succeeded();
        assertEquals(written, Files.getLastModifiedTime(output));
        assertEquals(1, journal().size());
    }

    @Test
    void aLastLineThatWasCutOffIsTakenAway() throws IOException {
        put(GOOD, "src/a.pt");
        put(OTHER_GOOD, "src/b.pt");
        migrate("-j1").succeeded();
        Path file = folder.resolve("dst/.ptsanitize/journal.jsonl");
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() - 40));
        assertTrue(migrate().succeeded().out().endsWith("  before    1 done by earlier runs\n"));
        assertEquals(whole, Files.readString(file));
        Files.writeString(file, "not JSON\n", StandardOpenOption.APPEND);
        assertTrue(migrate().succeeded().out().endsWith("  before    2 done by earlier runs\n"));
    }

    @Test
    void unfinishedWorkOfAKilledRunIsRemoved() throws IOException {
        put(GOOD, "src/a.pt");
        text("dst/.ptsanitize/unfinished/3/a.safetensors", "half");
        migrate().succeeded();
        assertEquals(
                List.of("dst", "dst/.ptsanitize", "dst/.ptsanitize/journal.jsonl", "dst/.ptsanitize/lock"),
                work.files().stream()
                        .filter(name -> name.startsWith("dst") && !name.endsWith(".safetensors"))
                        .toList());
    }

    // ---- what happens to sources

    @Test
    void aReplacedSourceGoesOnlyWhenItsOutputIsThere() throws IOException {
        put(GOOD, "src/a.pt");
        put(BROKEN, "src/broken.pt");
        put("specimens/keys/no_tensors.pt", "src/none.pt");
        text("src/config.json", "{}");
        Workplace.Run run = migrate("--replace", "--copy-others");
        assertEquals(2, run.code());
        assertEquals(List.of("broken.pt", "config.json", "none.pt"), files("src"));
        assertEquals(List.of("a.safetensors", "config.json"), files("dst"));
        Workplace.Run again = migrate("--replace", "--copy-others");
        assertTrue(again.out().startsWith("migrated 1 checkpoint to "), again.out());
    }

    @Test
    void aSourceThatAnEarlierRunLeftIsRemoved() throws IOException {
        put(GOOD, "src/a.pt");
        migrate().succeeded();
        migrate("--replace").succeeded();
        assertEquals(List.of(), files("src"));
        migrate("--replace").succeeded();
        assertEquals(List.of("a.safetensors"), files("dst"));
    }

    @Test
    void outputsCanLieBesideTheirSources() throws IOException {
        put(GOOD, "src/a.pt");
        put(OTHER_GOOD, "src/sub/b.ckpt");
        work.run("migrate", "~/src", "--in-place").succeeded();
        assertEquals(List.of("a.pt", "a.safetensors", "sub/b.ckpt", "sub/b.safetensors"), files("src"));
        assertTrue(work.run("migrate", "~/src", "--in-place")
                .succeeded()
                .out()
                .endsWith("  before    2 done by earlier runs\n"));
        work.run("migrate", "~/src", "--in-place", "--to", "pt", "--suffix", ".clean", "--only-files", "*.pt")
                .succeeded();
        assertEquals(List.of("a.clean.pt", "a.pt", "a.safetensors", "sub/b.ckpt", "sub/b.safetensors"), files("src"));
    }

    // ---- a dry run, reports

    @Test
    void aDryRunWritesNothing() throws IOException {
        put(HARMFUL, "src/a.pt");
        put(BROKEN, "src/broken.pt");
        text("src/config.json", "{}");
        Workplace.Run run = migrate("--dry-run", "--copy-others");
        assertEquals(2, run.code());
        List<String> lines = run.out().lines().toList();
        assertEquals(
                "a.pt → a.safetensors  " + size("src/a.pt") + " → 16 B  PyTorch zip archive; dropped os.system",
                lines.get(0));
        assertEquals("config.json → config.json  2 B → 2 B  copy", lines.get(1));
        assertTrue(lines.get(2).startsWith("would migrate 1 checkpoint to ~/dst  "), run.out());
        assertEquals("  failed    1 told above; --report lists them", lines.get(3));
        assertTrue(lines.get(4).matches("  space     needs about 18 B, .* free there"), run.out());
        assertFalse(Files.exists(folder.resolve("dst")));
    }

    private String size(String name) throws IOException {
        return Figures.size(Files.size(folder.resolve(name)));
    }

    @Test
    void theReportHasALineForEachUnit() throws IOException {
        put(HARMFUL, "src/a.pt");
        put(BROKEN, "src/b.pt");
        assertEquals(
                2,
                migrate("--report", folder + "/r.jsonl", "--report", folder + "/r.html")
                        .code());
        List<String> lines = Files.readAllLines(folder.resolve("r.jsonl"));
        assertEquals(2, lines.size());
        assertTrue(
                lines.get(0)
                        .matches("\\{\"schema\":1,\"source\":\"a.pt\",\"also_at\":\\[],\"bytes\":[0-9]+,"
                                + "\"outcome\":\"converted\",\"container\":\"PyTorch zip archive\",\"outputs\":"
                                + "\\[\\{\"path\":\"a.safetensors\",\"bytes\":[0-9]+,\"sha256\":\"[0-9a-f]{64}\"}],"
                                + "\"links\":\\[],\"tensors\":1,\"tensor_bytes\":16,"
                                + "\"counts\":\\{\"dropped\":\\{\"os.system\":1}},\"findings\":\\{\"critical\":1},"
                                + "\"reason\":\"\"}"),
                lines.get(0));
        assertTrue(
                lines.get(1)
                        .endsWith("\"reason\":\"no end of a zip directory: the file is cut short or damaged (byte"
                                + " 308)\"}"),
                lines.get(1));
        String page = Files.readString(folder.resolve("r.html"));
        assertTrue(page.contains("<code>os.system</code> <b>1</b> file</summary>"), page);
        migrate("--report", folder + "/again.jsonl");
        assertEquals(-1, Files.mismatch(folder.resolve("r.jsonl"), folder.resolve("again.jsonl")));
    }

    @Test
    void verboseTellsOfEachUnitAndQuietOfFailuresAlone() throws IOException {
        put(GOOD, "src/a.pt");
        put(BROKEN, "src/b.pt");
        String told = migrate("-v", "--progress", "always").err();
        assertTrue(told.contains("a.pt → a.safetensors  "), told);
        Workplace.Run quiet = migrate("-q");
        assertEquals("", quiet.out());
        assertEquals(
                "ptsanitize: b.pt: no end of a zip directory: the file is cut short or damaged (byte 308)\n",
                quiet.err());
    }

    @Test
    void whatASingleWorkerMayNotUseItGetsAlone() throws IOException {
        put(GOOD, "src/a.pt");
        put(OTHER_GOOD, "src/b.pt");
        migrate("-j", "100000000").succeeded();
        assertEquals(List.of("a.safetensors", "b.safetensors"), files("dst"));
        Workplace.Run run = migrate("--max-memory", "100", "--metadata", "none");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("a.pt: needs more than the limit of 100 bytes of values"), run.err());
    }

    @Test
    void hostileNamesAreEscaped() throws IOException {
        put(BROKEN, "src/\u001b[31m\u202e.pt");
        assertEquals(
                "ptsanitize: \\u001b[31m\\u202e.pt: no end of a zip directory: the file is cut short or damaged (byte"
                        + " 308)\n",
                migrate().err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--out ~/dst | name a folder to migrate, or a list of files with --from-file",
                "~/src | say where the outputs go: --out DST, or --in-place",
                "~/src --in-place --out ~/dst | --in-place and --out exclude each other",
                "~/src/a.pt --in-place | --in-place takes one folder",
                "~/src --in-place --to pt"
                        + " | --in-place --to pt would give outputs the names of their sources: add --suffix .clean",
                "~/src --in-place --copy-others | --in-place has nowhere to copy to: leave out --copy-others",
                "~/src --out ~/dst --replace --no-verify | --replace needs the proof that --no-verify leaves out",
                "~/src --out ~/dst --suffix a/b | --suffix a/b: is part of a file's name, not of a path",
                "~/src --out ~/dst -j 0 | -j 0: at least one file is converted at a time",
                "~/src --out ~/dst --to onnx | --to onnx: write safetensors or pt",
                "~/src --out ~/dst --report ~/r.txt | --report ~/r.txt: the name must end in .jsonl or .html",
                "~/src --out ~/src | ~/src: lies in the folder of outputs ~/src; choose another, or --in-place",
                "~/src/sub --out ~/src | ~/src/sub: lies in the folder of outputs ~/src; choose another, or --in-place",
                "~/src --out ~/src/a.pt | --out ~/src/a.pt: is a file",
                "~/src --out ~/dst --to pt --max-shard-size 1GB | --max-shard-size is for safetensors outputs",
            })
    void whatMakesNoSenseIsSaid(String words, String message) throws IOException {
        put(GOOD, "src/a.pt");
        put(GOOD, "src/sub/a.pt");
        String line = "migrate " + words;
        work.run(line.split(" ")).failed(4, message);
        assertEquals(List.of("a.pt", "sub/a.pt"), files("src"));
    }

    @Test
    void aSourceThatDoesNotExistIsAnError() {
        work.run("migrate", "~/none", "--out", "~/dst").failed(5, "~/none: no such file");
    }

    @Test
    void outputsBelowTheSourceAreNotSources() throws IOException {
        put(GOOD, "src/a.pt");
        work.run("migrate", "~/src", "--out", "~/src/clean").succeeded();
        work.run("migrate", "~/src", "--out", "~/src/clean").succeeded();
        assertEquals(List.of("a.pt", "clean/a.safetensors"), files("src"));
    }

    @Test
    void theJournalTellsWhatTheIssueOfARunWas() throws IOException {
        put(GOOD, "src/a.pt");
        migrate().succeeded();
        String line = journal().get(0);
        for (String member : List.of("key", "modified", "stamp", "options", "version", "source", "outcome", "sha256")) {
            assertTrue(line.contains("\"" + member + "\":"), line);
        }
        assertNotEquals(0, line.getBytes(StandardCharsets.UTF_8).length);
    }
}
