package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Disks that are full, folders that cannot be written, processes that are killed or that race, inputs that change while
 * they are read: never half a file under the final name, never a changed input, nothing left by a run that ended by itself.
 */
class PlacesUnderStressTest extends LaunchedCase {
    /** Runs its arguments with a small file system of their own in {@code disk}, and tells what is left in there. */
    private static final String ON_A_SMALL_DISK = """
            mount -t tmpfs -o size="$1" none disk || exit 99
            [ "$2" = rw ] || mount -o remount,ro disk || exit 99
            shift 2
            "$@"
            code=$?
            ls -A disk
            exit $code
            """;

    @Test
    void aFullFileSystemGivesAnErrorAndNothingElse() throws Exception {
        large();
        for (String output : List.of("disk/out.pt", "disk/out.safetensors")) {
            Ended ended = onDisk("8m", "rw", LAUNCHER.toString(), "large.safetensors", output);
            assertEquals(
                    new Ended(5, "", "ptsanitize: " + output + ": cannot be written: No space left on device\n"),
                    ended);
        }
    }

    @Test
    void aFileSystemThatIsFullForTemporaryFilesGivesAnErrorAndNothingElse() throws Exception {
        Path input = ROOT.resolve("corpus/hostile/compressed_bomb-gzip_zeros.pt");
        Ended ended = onDisk("1m", "rw", LAUNCHER.toString(), input.toString(), "out.pt", "--temp-dir", "disk");
        assertTrue(ended.code() == 2 || ended.code() == 5, ended::err);
        assertEquals("", ended.out());
        assertEquals(1, ended.err().lines().count(), ended::err);
        assertEquals(List.of("disk"), files());
    }

    @Test
    void aFileSystemThatCannotBeWrittenGivesAnErrorAndNothingElse() throws Exception {
        for (String output : List.of("disk/out.pt", "disk/out.safetensors")) {
            Ended ended = onDisk("8m", "ro", LAUNCHER.toString(), SPECIMEN.toString(), output);
            assertEquals(5, ended.code(), ended::err);
            assertEquals("", ended.out());
            assertEquals("ptsanitize: " + output + ": Read-only file system\n", ended.err());
        }
    }

    private Ended onDisk(String size, String mode, String... command) throws IOException, InterruptedException {
        assumeTrue(hasNamespaces(), "this user may not mount anything in a namespace of its own");
        Files.createDirectories(folder.resolve("disk"));
        List<String> all = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", ON_A_SMALL_DISK, "sh", size, mode));
        all.addAll(List.of(command));
        return end(start(Map.of(), folder, all));
    }

    private static boolean hasNamespaces() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/tmp").start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aKillAtAnyMomentLeavesTheOldFileOrTheWholeNewOne() throws Exception {
        Path input = ROOT.resolve("corpus/specimens/dtypes/common.pt");
        byte[] before = Files.readAllBytes(input);
        run(Map.of(), LAUNCHER, input.toString(), "whole.safetensors");
        byte[] whole = Files.readAllBytes(folder.resolve("whole.safetensors"));
        byte[] old = "old".getBytes(StandardCharsets.US_ASCII);
        Path output = folder.resolve("out.safetensors");
        Random random = new Random(1);
        for (int i = 0; i < 12; i++) {
            Files.write(output, old);
            Process process = start(
                    Map.of(), folder, List.of(LAUNCHER.toString(), input.toString(), "out.safetensors", "--force"));
            Thread.sleep(random.nextInt(900));
            process.destroyForcibly();
            end(process);
            byte[] found = Files.readAllBytes(output);
            assertTrue(
                    Arrays.equals(found, old) || Arrays.equals(found, whole),
                    () -> "half a file: " + found.length + " bytes");
        }
        assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(input)));
    }

    @Test
    void oneOfTwoRunsOnOneTargetGetsTheName() throws Exception {
        for (String option : List.of("-q", "--force")) {
            Files.deleteIfExists(folder.resolve("out.safetensors"));
            List<Process> processes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                processes.add(new ProcessBuilder(LAUNCHER.toString(), SPECIMEN.toString(), "out.safetensors", option)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("printed" + i).toFile())
                        .start());
            }
            List<Integer> codes = new ArrayList<>();
            for (Process process : processes) {
                assertTrue(process.waitFor(2, TimeUnit.MINUTES));
                codes.add(process.exitValue());
            }
            codes.sort(null);
            assertEquals(option.equals("-q") ? List.of(0, 4, 4) : List.of(0, 0, 0), codes);
            assertEquals(
                    10, Readers.safetensors(folder.resolve("out.safetensors")).size());
            assertEquals(List.of("out.safetensors", "printed0", "printed1", "printed2"), files());
        }
    }

    @Test
    void anInputThatIsCutWhileItIsReadGivesAnErrorAndNothingElse() throws Exception {
        Process process = startLarge("pt");
        try (RandomAccessFile file = new RandomAccessFile(input(), "rw")) {
            file.setLength(LARGE / 2);
        }
        Ended ended = end(process);
        assertEquals(2, ended.code(), ended::err);
        assertEquals("", ended.out());
        String expected = "ptsanitize: large.safetensors: the file became shorter while it was read \\(byte \\d+\\)\n";
        assertTrue(ended.err().matches(expected), ended::err);
        assertEquals(List.of("large.safetensors"), files());
    }

    @Test
    void anInputThatIsReplacedWhileItIsReadIsReadAsItWas() throws Exception {
        Process process = startLarge("safetensors");
        Path other = Files.writeString(folder.resolve("other"), "something else");
        Files.move(other, folder.resolve("large.safetensors"), StandardCopyOption.REPLACE_EXISTING);
        Ended ended = end(process);
        assertEquals(0, ended.code(), ended::err);
        assertEquals("something else", Files.readString(folder.resolve("large.safetensors")));
        assertTrue(Files.size(folder.resolve("out.safetensors")) > LARGE);
        assertEquals(List.of("large.safetensors", "out.safetensors"), files());
    }

    /** The time of modification tells; within the resolution of its clock a change can pass for the file as it was. */
    @Test
    void anInputThatIsChangedWhileItIsReadIsNoticedOrReadAsOneOfTheTwo() throws Exception {
        Process process = startLarge("safetensors");
        try (RandomAccessFile file = new RandomAccessFile(input(), "rw")) {
            file.seek(file.length() - LARGE / 2);
            file.write(1);
        }
        Ended ended = end(process);
        Path output = folder.resolve("out.safetensors");
        if (ended.code() == 0) {
            assertTrue(Files.size(output) > LARGE);
        } else {
            assertEquals(
                    new Ended(2, "", "ptsanitize: large.safetensors: the file changed while it was read\n"), ended);
            assertEquals(List.of("large.safetensors"), files());
        }
    }

    private File input() {
        return folder.resolve("large.safetensors").toFile();
    }
}
