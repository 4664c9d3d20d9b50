package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.oracle.RepositoryRoot;

/** The real {@code cli/bin/ptsanitize}, as a process: how it finds itself and Java, and how it dies. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
    private static final Path ROOT = RepositoryRoot.find();
    private static final Path LAUNCHER = ROOT.resolve("cli/bin/ptsanitize");
    private static final Path SPECIMEN = ROOT.resolve("corpus/specimens/dtypes/common.pt");
    private static final long LARGE = 1L << 29;

    @TempDir
    Path folder;

    /** What a process printed and how it ended. */
    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void itIsBuilt() {
        assumeTrue(
                Files.exists(ROOT.resolve("cli/target/ptsanitize/lib/ptsanitize-cli.jar")),
                "it is not built; mvn -B package builds it");
    }

    private Process start(Map<String, String> environment, Path directory, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().remove("PTSANITIZE_JAVA_OPTS");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Ended end(Process process) throws IOException, InterruptedException {
        assertTrue(process.waitFor(2, TimeUnit.MINUTES), "it does not end");
        Ended ended = new Ended(
                process.exitValue(),
                Files.readString(folder.resolve("stdout")),
                Files.readString(folder.resolve("stderr")));
        Files.delete(folder.resolve("stdout"));
        Files.delete(folder.resolve("stderr"));
        return ended;
    }

    private Ended run(Map<String, String> environment, Path launcher, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return end(start(environment, folder, command));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void itRunsFromAnotherFolderWithRelativeNamesAndSpaces() throws IOException, InterruptedException {
        Files.copy(SPECIMEN, folder.resolve("in put.pt"));
        Ended ended = run(Map.of(), LAUNCHER, "in put.pt", "out put.safetensors");
        assertEquals("", ended.err());
        assertEquals("""
                wrote out put.safetensors  1.3 kB, verified
                  read      PyTorch zip archive, torch 2.6 or later (zip version 3)
                  tensors   10, 331 B: BF16, BOOL, F16, F32, F64, I16, I32, I64 and 2 more
                """, ended.out());
        assertEquals(0, ended.code());
        assertEquals(
                10, Readers.safetensors(folder.resolve("out put.safetensors")).size());
    }

    @Test
    void itFindsItselfThroughAChainOfLinks() throws IOException, InterruptedException {
        Path deep = Files.createDirectories(folder.resolve("a b/c"));
        Files.createSymbolicLink(deep.resolve("first"), LAUNCHER);
        Files.createSymbolicLink(folder.resolve("a b/second"), Path.of("c/first"));
        Files.createSymbolicLink(folder.resolve("third"), Path.of("a b/second"));
        Ended ended = run(Map.of(), folder.resolve("third"), "--version");
        assertEquals("", ended.err());
        assertEquals("ptsanitize 0.1.0\n", ended.out());
        assertEquals(0, ended.code());
    }

    @Test
    void optionsForTheJvmArePassedOn() throws IOException, InterruptedException {
        Ended ended = run(Map.of("PTSANITIZE_JAVA_OPTS", "-Xmx96m  -XX:+PrintFlagsFinal"), LAUNCHER, "--version");
        String heap = ended.out()
                .lines()
                .filter(line -> line.contains(" MaxHeapSize "))
                .findFirst()
                .orElseThrow();
        assertTrue(heap.contains("= 100663296 "), heap);
        assertEquals(0, ended.code());
    }

    @Test
    void aJavaHomeWithoutJavaIsToldInOneLine() throws IOException, InterruptedException {
        assertEquals(
                new Ended(
                        5,
                        "",
                        "ptsanitize: JAVA_HOME is /none, which has no bin/java: set it to a Java 17 or later, or unset"
                                + " it\n"),
                run(Map.of("JAVA_HOME", "/none"), LAUNCHER, "--version"));
    }

    @Test
    void withoutAJavaHomeTheJavaOnThePathRuns() throws IOException, InterruptedException {
        String path = Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH");
        Ended ended = run(Map.of("JAVA_HOME", "", "PATH", path), LAUNCHER, "--version");
        assertEquals(new Ended(0, "ptsanitize 0.1.0\n", ""), ended);
    }

    @Test
    void exitCodesArriveOutside() throws IOException, InterruptedException {
        Path specimens = ROOT.resolve("corpus/specimens");
        Path hostile = ROOT.resolve("corpus/hostile");
        assertEquals(
                0, run(Map.of(), LAUNCHER, SPECIMEN.toString(), "a.pt", "-q").code());
        assertEquals(
                1,
                run(Map.of(), LAUNCHER, hostile + "/gadget_reduce-os_system.pt", "b.pt", "--strict")
                        .code());
        assertEquals(
                2,
                run(Map.of(), LAUNCHER, hostile + "/zip_truncated-half.pt", "b.pt")
                        .code());
        assertEquals(
                3,
                run(Map.of(), LAUNCHER, specimens + "/keys/no_tensors.pt", "b.pt")
                        .code());
        assertEquals(4, run(Map.of(), LAUNCHER, "--nope").code());
        assertEquals(
                new Ended(5, "", "ptsanitize: none.pt: no such file\n"), run(Map.of(), LAUNCHER, "none.pt", "b.pt"));
        assertEquals(List.of("a.pt"), files());
    }

    @Test
    void twoRunsGiveTheSameBytes() throws IOException, InterruptedException {
        for (String ending : List.of("safetensors", "pt")) {
            run(Map.of(), LAUNCHER, SPECIMEN.toString(), "one." + ending);
            run(Map.of("TZ", "Asia/Tokyo", "LC_ALL", "C"), LAUNCHER, SPECIMEN.toString(), "two." + ending);
            assertEquals(-1, Files.mismatch(folder.resolve("one." + ending), folder.resolve("two." + ending)));
        }
    }

    @Test
    void anInterruptLeavesNothingAndExitsWith130() throws IOException, InterruptedException {
        Process process = startLarge("pt");
        signal("INT", process);
        Ended ended = end(process);
        assertEquals(130, ended.code(), ended::err);
        assertEquals(List.of("large.safetensors"), files());
    }

    @Test
    void aKillLeavesNothingUnderTheFinalName() throws IOException, InterruptedException {
        Process process = startLarge("pt");
        signal("KILL", process);
        Ended ended = end(process);
        assertEquals(137, ended.code(), ended::err);
        assertFalse(Files.exists(folder.resolve("out.pt")));
        Files.createDirectory(folder.resolve("again"));
        Ended again = run(Map.of(), LAUNCHER, SPECIMEN.toString(), "out.pt", "-q");
        assertEquals(new Ended(0, "", ""), again);
    }

    @Test
    void aFullDiskLeavesNothingAndExitsWith5() throws IOException, InterruptedException {
        large();
        for (String output : List.of("out.pt", "out.safetensors")) {
            Ended ended = end(start(
                    Map.of(),
                    folder,
                    List.of(
                            "sh",
                            "-c",
                            "ulimit -f 20000; exec \"$@\"",
                            "sh",
                            LAUNCHER.toString(),
                            "large.safetensors",
                            output)));
            assertEquals(5, ended.code(), ended::err);
            assertEquals("", ended.out());
            assertEquals("ptsanitize: " + output + ": cannot be written: File too large\n", ended.err());
            assertEquals(List.of("large.safetensors"), files());
        }
    }

    /** A valid input of half a gigabyte that takes no room: its one tensor is a hole in the file. */
    private void large() throws IOException {
        String header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[" + LARGE + "],\"data_offsets\":[0," + LARGE + "]}}";
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("large.safetensors").toFile(), "rw")) {
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(bytes.length)
                    .array());
            file.write(bytes);
            file.setLength(8 + bytes.length + LARGE);
        }
    }

    /** Starts a conversion and waits until it is writing. */
    private Process startLarge(String ending) throws IOException, InterruptedException {
        large();
        List<String> command = new ArrayList<>();
        if (OS.LINUX.isCurrentOs()) {
            // A test run in the background hands an ignored interrupt on to its children.
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(List.of(LAUNCHER.toString(), "large.safetensors", "out." + ending));
        Process process = start(Map.of(), folder, command);
        while (files().stream().noneMatch(name -> name.endsWith(".ptsanitize-tmp"))) {
            assertTrue(process.isAlive(), "it ended before it could be stopped");
            Thread.sleep(1);
        }
        return process;
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }
}
