package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real {@code cli/bin/ptsanitize}, as a process: how it finds itself and Java, and how it dies. */
class LauncherTest extends LaunchedCase {
    @Test
    void aListOfFilesComesThroughAPipe() throws IOException, InterruptedException {
        Files.copy(SPECIMEN, folder.resolve("one.pt"));
        Files.copy(SPECIMEN, folder.resolve("two.pt"));
        for (String separator : List.of("\n", "\0")) {
            Process process = start(
                    Map.of(), folder, List.of(LAUNCHER.toString(), "migrate", "--from-file", "-", "--out", "dst"));
            try (OutputStream list = process.getOutputStream()) {
                list.write(("one.pt" + separator + "two.pt").getBytes(StandardCharsets.UTF_8));
            }
            Ended ended = end(process);
            assertEquals(0, ended.code(), ended::err);
            assertTrue(Files.exists(folder.resolve("dst/one.safetensors")), ended::out);
            assertTrue(Files.exists(folder.resolve("dst/two.safetensors")), ended::out);
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
    void aHeapThatIsTooSmallIsToldInOneLineWithTheFile() throws IOException, InterruptedException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2, ']', '('});
        for (int i = 0; i < 1_000_000; i++) {
            pickle.writeBytes(new byte[] {'X', 7, 0, 0, 0});
            pickle.writeBytes(Integer.toString(1_000_000 + i).getBytes(StandardCharsets.US_ASCII));
        }
        pickle.writeBytes(new byte[] {'e', '.'});
        Files.write(folder.resolve("texts.pkl"), pickle.toByteArray());
        Ended ended = run(
                Map.of("PTSANITIZE_JAVA_OPTS", "-Xmx32m"),
                LAUNCHER,
                "--max-memory",
                "1g",
                "texts.pkl",
                "out.safetensors");
        assertEquals(
                "ptsanitize: texts.pkl: needs more memory than the heap of N MiB; give it more with"
                        + " PTSANITIZE_JAVA_OPTS=-Xmx…\n",
                ended.err().replaceFirst("[0-9]+ MiB", "N MiB"));
        assertEquals(5, ended.code());
        assertFalse(Files.exists(folder.resolve("out.safetensors")));
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

    /** An ahead-of-time cache and options for class data sharing exclude one another: the JVM would not start. */
    @ParameterizedTest
    @CsvSource({
        "17.0.1, class-data.jsa, -XX:SharedArchiveFile=",
        "25, class-data.jsa, -XX:SharedArchiveFile=",
        "25.0.1, class-data.aot, -XX:AOTCache=",
        "17.0.1, class-data.aot, ''",
    })
    void whatTheBuildLeftIsHandedToTheJavaThatKnowsIt(String version, String left, String option)
            throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("java"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertTrue(java.toFile().setExecutable(true));
        Path cli = Files.createDirectories(folder.resolve("cli/bin")).getParent();
        Path launcher = Files.copy(LAUNCHER, cli.resolve("bin/ptsanitize"), StandardCopyOption.COPY_ATTRIBUTES);
        Path layout =
                Files.createDirectories(cli.resolve("target/ptsanitize/lib")).getParent();
        Files.createFile(layout.resolve("lib/ptsanitize-cli.jar"));
        Files.createFile(layout.resolve(left));
        Ended ended = run(Map.of("JAVA_HOME", home.toString()), launcher, "--version");
        assertEquals(0, ended.code(), ended::err);
        assertEquals(
                option.isEmpty()
                        ? List.of()
                        : List.of(option + layout.toRealPath().resolve(left)),
                ended.out()
                        .lines()
                        .filter(given -> given.matches("-Xshare.*|-XX:(AOT|Shared).*"))
                        .toList());
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
}
