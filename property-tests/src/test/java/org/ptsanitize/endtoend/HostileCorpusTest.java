package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.cli.Main;

/** Every hostile file ends as its manifest row says, in bounded time and memory. */
class HostileCorpusTest {
    @TempDir
    Path folder;

    static Stream<?> rows() {
        return Corpus.hostile();
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void endsAsItsRowSays(JsonObject row) throws Exception {
        checkEnd(row);
    }

    private void checkEnd(JsonObject row) throws IOException {
        Path input = Corpus.FOLDER.resolve("hostile").resolve(row.get("file").getAsString());
        Path output = folder.resolve("out.safetensors");
        Path report = folder.resolve("report.json");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int code = Main.run(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                input.toString(),
                output.toString(),
                "--report",
                report.toString());

        String said = err.toString(StandardCharsets.UTF_8);
        assertTrue(exits(row).contains(code), () -> "exit code " + code + " is none of " + exits(row) + ": " + said);
        assertNoControl(out.toString(StandardCharsets.UTF_8) + said);
        if (code == 0) {
            assertEquals("", said);
            assertEquals(List.of("out.safetensors", "report.json"), left());
            assertTensors(row, Readers.safetensors(output));
            assertReported(row, JsonParser.parseString(Files.readString(report)).getAsJsonObject());
        } else {
            assertEquals("", out.toString(StandardCharsets.UTF_8));
            assertEquals(List.of(), left());
            assertTrue(said.startsWith("ptsanitize: " + input + ": "), said);
            assertEquals(said.length() - 1, said.indexOf('\n'), said);
            assertTrue(!said.contains("internal error") && !said.contains("Exception"), said);
        }
    }

    private static Set<Integer> exits(JsonObject row) {
        Set<Integer> codes = new HashSet<>();
        row.getAsJsonArray("exit").forEach(code -> codes.add(code.getAsInt()));
        return codes;
    }

    private static void assertNoControl(String printed) {
        printed.codePoints()
                .filter(c -> c != '\n' && (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT))
                .findFirst()
                .ifPresent(c -> {
                    throw new AssertionError("U+" + Integer.toHexString(c) + " is printed: " + printed);
                });
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertTensors(JsonObject row, Map<String, Facts> found) {
        Map<String, Facts> wanted = new TreeMap<>();
        Expectation.object(row, "tensors")
                .entrySet()
                .forEach(tensor ->
                        wanted.put(tensor.getKey(), Facts.of(tensor.getValue()).inSafetensors()));
        if (row.get("names").getAsString().equals("any")) {
            // A file that may as well be refused may also keep more than it has to.
            List<String> kept = sorted(found);
            boolean right = row.get("expectation").getAsString().equals("either")
                    ? kept.containsAll(sorted(wanted))
                    : kept.equals(sorted(wanted));
            assertTrue(right, () -> kept + " instead of " + sorted(wanted));
        } else {
            assertEquals(wanted, new TreeMap<>(found));
        }
    }

    private static List<String> sorted(Map<String, Facts> tensors) {
        return tensors.values().stream().map(Facts::toString).sorted().toList();
    }

    private static void assertReported(JsonObject row, JsonObject report) {
        Set<String> named = new HashSet<>();
        report.getAsJsonArray("findings")
                .forEach(finding ->
                        named.add(finding.getAsJsonObject().get("global").getAsString()));
        for (String global : Expectation.strings(row, "reports")) {
            assertTrue(named.contains(global), global + " is not among the findings " + named);
        }
    }

    /** One JVM of 512 MiB takes them all, one after the other, and says one line about each that it refuses. */
    @Test
    void aSmallHeapIsEnoughForAllOfThem() throws IOException, InterruptedException {
        Path inputs = folder.resolve("inputs.txt");
        Path outputs = Files.createDirectory(folder.resolve("outputs"));
        List<String> files = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        Corpus.manifest("hostile").forEach(each -> {
            String name = each.getAsJsonObject().get("file").getAsString();
            files.add(Corpus.FOLDER.resolve("hostile").resolve(name).toString());
            expected.add(name);
        });
        Files.write(inputs, files);
        Path printed = folder.resolve("printed.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        HostileRuns.class.getName(),
                        outputs.toString(),
                        inputs.toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        assertTrue(process.waitFor(10, TimeUnit.MINUTES), "it takes more than ten minutes");
        List<String> lines = Files.readAllLines(printed);
        assertEquals(0, process.exitValue(), lines::toString);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (i >= expected.size() || !isAsExpected(i, expected.get(i), lines.get(i))) {
                wrong.add(lines.get(i));
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(expected.size(), lines.size());
    }

    private static boolean isAsExpected(int index, String file, String line) {
        String[] parts = line.split(" ", 4);
        int code = Integer.parseInt(parts[1]);
        boolean rightCode =
                exits(Corpus.manifest("hostile").get(index).getAsJsonObject()).contains(code);
        boolean memory = line.contains("needs more memory than the heap") || line.contains("internal error");
        return parts[0].equals(file) && rightCode && parts[2].equals(code == 0 ? "0" : "1") && !memory;
    }
}
