package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.oracle.RepositoryRoot;

/** Runs the real {@code cli/bin/ptsanitize} as a process, in a folder of its own. */
@EnabledOnOs({OS.LINUX, OS.MAC})
abstract class LaunchedCase {
    static final Path ROOT = RepositoryRoot.find();
    static final Path LAUNCHER = ROOT.resolve("cli/bin/ptsanitize");
    static final Path SPECIMEN = ROOT.resolve("corpus/specimens/dtypes/common.pt");
    static final long LARGE = 1L << 29;

    @TempDir
    Path folder;

    /** What a process printed and how it ended. */
    record Ended(int code, String out, String err) {}

    @BeforeEach
    void itIsBuilt() {
        assumeTrue(
                Files.exists(ROOT.resolve("cli/target/ptsanitize/lib/ptsanitize-cli.jar")),
                "it is not built; mvn -B package builds it");
    }

    Process start(Map<String, String> environment, Path directory, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().remove("PTSANITIZE_JAVA_OPTS");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    Ended end(Process process) throws IOException, InterruptedException {
        assertTrue(process.waitFor(2, TimeUnit.MINUTES), "it does not end");
        Ended ended = new Ended(
                process.exitValue(),
                Files.readString(folder.resolve("stdout")),
                Files.readString(folder.resolve("stderr")));
        Files.delete(folder.resolve("stdout"));
        Files.delete(folder.resolve("stderr"));
        return ended;
    }

    Ended run(Map<String, String> environment, Path launcher, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return end(start(environment, folder, command));
    }

    List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A valid input of half a gigabyte. */
    void large() throws IOException {
        sparse("large.safetensors", LARGE);
    }

    /** A valid input that takes no room: its one tensor is a hole in the file. */
    void sparse(String name, long size) throws IOException {
        String header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[" + size + "],\"data_offsets\":[0," + size + "]}}";
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(bytes.length)
                    .array());
            file.write(bytes);
            file.setLength(8 + bytes.length + size);
        }
    }

    /** Starts a conversion and waits until it is writing. */
    Process startLarge(String ending) throws IOException, InterruptedException {
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

    static void signal(String name, Process process) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }
}
