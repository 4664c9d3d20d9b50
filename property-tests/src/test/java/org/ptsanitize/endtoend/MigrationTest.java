package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.cli.Main;
import org.ptsanitize.oracle.NeedsPyTorch;
import org.ptsanitize.oracle.PythonOracle;

/**
 * Migrations of a tree of all families, broken and hostile files among them: what comes out, and that it comes out the
 * same however often the work is cut off. {@code -Dptsanitize.migrate.files=10000 -Dptsanitize.migrate.kills=10} is the
 * long form.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class MigrationTest {
    private static final int FILES = Integer.getInteger("ptsanitize.migrate.files", 300);
    private static final int KILLS = Integer.getInteger("ptsanitize.migrate.kills", 3);
    private static final int SAMPLE = 25;

    @TempDir
    static Path shared;

    private static MigrationTree tree;
    private static Path whole;
    private static Path report;

    @TempDir
    Path folder;

    @BeforeAll
    static void migrateOnce() throws IOException {
        tree = MigrationTree.make(shared.resolve("src"), FILES);
        whole = shared.resolve("whole");
        report = shared.resolve("report.jsonl");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = run(out, "migrate", tree.root().toString(), "--out", whole.toString(), "--report", "" + report);
        assertEquals(2, code, () -> out.toString(StandardCharsets.UTF_8));
    }

    private static int run(ByteArrayOutputStream out, String... words) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Main.run(stream, stream, words);
    }

    @Test
    void everyFileBecomesWhatItBecomesAloneOrIsListedWithTheReason() throws IOException {
        Map<String, JsonObject> lines = new TreeMap<>();
        for (String line : Files.readAllLines(report)) {
            JsonObject unit = JsonParser.parseString(line).getAsJsonObject();
            lines.put(unit.get("source").getAsString(), unit);
        }
        Map<Path, Path> alone = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, Path> each : tree.checkpoints().entrySet()) {
            JsonObject unit = lines.remove(each.getKey());
            Path single = alone.get(each.getValue());
            if (single == null) {
                single = folder.resolve(alone.size() + ".safetensors");
                run(new ByteArrayOutputStream(), each.getValue().toString(), single.toString());
                alone.put(each.getValue(), single);
            }
            String difference = difference(unit, single);
            if (!difference.isEmpty()) {
                wrong.add(each.getKey() + " (" + each.getValue().getFileName() + "): " + difference);
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(Map.of(), lines);
        int outputs = MigrationTree.contents(whole).size();
        assertTrue(outputs > tree.checkpoints().size() * 0.6, () -> "only " + outputs + " outputs");
    }

    /** What a file became, compared with what it becomes when it is converted alone. */
    private static String difference(JsonObject unit, Path single) throws IOException {
        if (unit == null) {
            // Only what looks like no checkpoint is passed over: never what can be converted.
            return Files.exists(single) ? "is not in the report" : "";
        }
        String outcome = unit.get("outcome").getAsString();
        if (!outcome.equals("converted")) {
            boolean told = !unit.get("reason").getAsString().isEmpty();
            return Files.exists(single) || !told ? "is " + unit : "";
        }
        String output = unit.getAsJsonArray("outputs")
                .get(0)
                .getAsJsonObject()
                .get("path")
                .getAsString();
        boolean same = Files.exists(single) && Files.mismatch(single, whole.resolve(output)) < 0;
        return same ? "" : "differs from the output of a single conversion";
    }

    @Test
    @NeedsPyTorch
    void theSafetensorsLibraryReadsThem() throws IOException {
        List<Path> outputs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(whole)) {
            files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .forEach(outputs::add);
        }
        for (int i = 0; i < outputs.size(); i += Math.max(1, outputs.size() / SAMPLE)) {
            JsonObject answer = PythonOracle.loadSafetensors(outputs.get(i));
            assertTrue(answer.get("ok").getAsBoolean(), answer::toString);
            Map<String, Facts> seen = new TreeMap<>();
            answer.getAsJsonObject("tensors")
                    .entrySet()
                    .forEach(tensor -> seen.put(
                            tensor.getKey(), Facts.of(tensor.getValue()).inSafetensors()));
            assertEquals(new TreeMap<>(Readers.safetensors(outputs.get(i))), seen);
        }
    }

    // ---- cut off

    private Process start(String... words) throws IOException {
        // A test run in the background hands an ignored interrupt on to its children.
        return start(OS.LINUX.isCurrentOs() ? List.of("env", "--default-signal=INT") : List.of(), words);
    }

    /** @param before what starts the program */
    private Process start(List<String> before, String... words) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("printed").toFile())
                .start();
    }

    private int end(Process process) throws InterruptedException {
        assertTrue(process.waitFor(30, TimeUnit.MINUTES), "it does not end");
        return process.exitValue();
    }

    private String printed() throws IOException {
        return Files.readString(folder.resolve("printed"));
    }

    /** Waits until a journal has so many lines, or the process has ended. */
    private static void waitFor(int lines, Path home, Process process) throws IOException, InterruptedException {
        Path journal = home.resolve(".ptsanitize/journal.jsonl");
        while (process.isAlive()) {
            if (Files.exists(journal)) {
                try (Stream<String> there = Files.lines(journal, StandardCharsets.ISO_8859_1)) {
                    if (there.count() >= lines) {
                        return;
                    }
                }
            }
            Thread.sleep(1);
        }
    }

    @Test
    void aRunThatIsKilledAndStartedAgainGivesTheSameTree() throws IOException, InterruptedException {
        SortedMap<String, String> expected = MigrationTree.contents(whole);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < KILLS; i++) {
            Path home = folder.resolve("killed" + i);
            int kills = 0;
            int lines = 0;
            while (kills < 2) {
                Process process = start("migrate", tree.root().toString(), "--out", home.toString());
                lines += random.nextInt(FILES / 3);
                waitFor(lines, home, process);
                Thread.sleep(random.nextInt(30));
                process.destroyForcibly();
                end(process);
                kills++;
            }
            int code = end(start("migrate", tree.root().toString(), "--out", home.toString()));
            assertEquals(2, code, this::printedUnchecked);
            assertEquals(expected.keySet(), MigrationTree.contents(home).keySet(), "seed " + seed);
            assertEquals(expected, MigrationTree.contents(home), "seed " + seed);
            assertFalse(Files.exists(home.resolve(".ptsanitize/unfinished")));
        }
    }

    private String printedUnchecked() {
        try {
            return printed();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void anInterruptEndsTheRunInGoodOrder() throws IOException, InterruptedException {
        Path home = folder.resolve("dst");
        large("large/m.safetensors");
        Process process = start("migrate", folder.resolve("large").toString(), "--out", home.toString());
        Path unfinished = home.resolve(".ptsanitize/unfinished/0");
        while (process.isAlive() && !Files.exists(unfinished)) {
            Thread.sleep(1);
        }
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertEquals(130, end(process), this::printedUnchecked);
        assertEquals(
                "ptsanitize: interrupted; what is finished stays, and the same command goes on from there\n",
                printed());
        assertFalse(Files.exists(home.resolve(".ptsanitize/unfinished")));
        assertEquals(Map.of(), MigrationTree.contents(home));
    }

    // ---- in each other's way

    @Test
    void aSecondRunInTheSameFolderIsRefused() throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("dst"));
        large("large/m.safetensors");
        Process first = start("migrate", folder.resolve("large").toString(), "--out", home.toString());
        while (first.isAlive() && !Files.exists(home.resolve(".ptsanitize/unfinished/0"))) {
            Thread.sleep(1);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = run(out, "migrate", tree.root().toString(), "--out", home.toString());
        first.destroyForcibly();
        assertEquals(
                "ptsanitize: " + home + ": another migration is at work there (process " + first.pid()
                        + "); wait until it has ended, or stop it\n",
                out.toString(StandardCharsets.UTF_8));
        assertEquals(5, code);
        end(first);
        assertEquals(
                2, run(out, "migrate", tree.root().toString(), "--out", home.toString()), "the lock is free again");
    }

    @Test
    void aRunInTheSameProcessIsRefusedToo() throws IOException {
        Path own = Files.createDirectories(folder.resolve("dst/.ptsanitize"));
        try (FileChannel channel =
                        FileChannel.open(own.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertTrue(lock.isValid());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertEquals(5, run(out, "migrate", tree.root().toString(), "--out", "" + folder.resolve("dst")));
            assertTrue(out.toString(StandardCharsets.UTF_8).contains("(another process); wait"), out::toString);
        }
    }

    // ---- no room

    /** A limit on the size of files stands for a disk that is full: for a large output, or for the journal. */
    @Test
    void aRunWithoutRoomGoesOnWhenThereIsSome() throws IOException, InterruptedException {
        Path home = folder.resolve("dst");
        int code = end(limited(8, "migrate", tree.root().toString(), "--out", home.toString()));
        assertEquals(5, code, this::printedUnchecked);
        assertTrue(printed().contains("journal.jsonl: cannot be written: File too large\n"), this::printedUnchecked);
        assertFalse(Files.exists(home.resolve(".ptsanitize/unfinished")));

        end(start("migrate", tree.root().toString(), "--out", home.toString()));
        assertEquals(MigrationTree.contents(whole), MigrationTree.contents(home));
    }

    @Test
    void anOutputWithoutRoomIsAFailureOfItsOwn() throws IOException, InterruptedException {
        Path home = folder.resolve("dst");
        large("src/m.safetensors");
        Files.copy(Corpus.FOLDER.resolve("specimens/dtypes/common.pt"), folder.resolve("src/small.pt"));
        int code = end(limited(2000, "migrate", folder.resolve("src").toString(), "--out", home.toString()));
        assertEquals(2, code, this::printedUnchecked);
        assertTrue(printed().startsWith("ptsanitize: m.safetensors: "), this::printedUnchecked);
        assertTrue(printed().contains(": cannot be written: File too large\n"), this::printedUnchecked);
        assertEquals(
                List.of("small.safetensors"),
                List.copyOf(MigrationTree.contents(home).keySet()));
    }

    /** @param blocks of 512 bytes that a file may have */
    private Process limited(int blocks, String... words) throws IOException {
        return start(List.of("sh", "-c", "ulimit -f " + blocks + "; exec \"$@\"", "sh"), words);
    }

    /** A checkpoint of half a gigabyte that takes no room: its one tensor is a hole in the file. */
    private void large(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        long size = 1L << 29;
        String header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[" + size + "],\"data_offsets\":[0," + size + "]}}";
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(bytes.length)
                    .array());
            out.write(bytes);
            out.setLength(8 + bytes.length + size);
        }
    }
}
