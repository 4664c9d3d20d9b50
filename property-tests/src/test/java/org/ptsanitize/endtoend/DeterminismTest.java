package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The same input, options and version give the same bytes: in another folder, another JVM, another Java. */
class DeterminismTest {
    private static final String OTHER_JAVA = "PTSANITIZE_OTHER_JAVA";

    @TempDir
    Path folder;

    @Test
    void everySpecimenGivesTheSameBytesAgain() throws IOException, InterruptedException {
        Map<String, String> first = convertAll(thisJava(), "first");
        assertTrue(first.size() > 400, first::toString);
        assertEquals(first, convertAll(thisJava(), "second folder"));
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = OTHER_JAVA,
            matches = ".+",
            disabledReason = "no second Java is named; to enable this test: " + OTHER_JAVA + "=/path/to/bin/java")
    void anotherJavaGivesTheSameBytes() throws IOException, InterruptedException {
        assertEquals(convertAll(thisJava(), "this"), convertAll(System.getenv(OTHER_JAVA), "other"));
    }

    private static String thisJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Digests of all outputs, by name, with the exit code of what gave none. */
    private Map<String, String> convertAll(String java, String name) throws IOException, InterruptedException {
        List<String> inputs = new ArrayList<>();
        Corpus.manifest("specimens")
                .forEach(
                        row -> inputs.add(Corpus.specimen(row.getAsJsonObject()).toString()));
        Path list = Files.write(folder.resolve(name + ".txt"), inputs);
        Path outputs = Files.createDirectory(folder.resolve(name));
        Path printed = folder.resolve(name + ".log");
        Process process = new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ConvertAll.class.getName(),
                        outputs.toString(),
                        list.toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        assertTrue(process.waitFor(5, TimeUnit.MINUTES), "it takes more than five minutes");
        Map<String, String> results = new TreeMap<>();
        Files.readAllLines(printed).forEach(line -> results.put(line.split(" ")[0], line));
        assertEquals(0, process.exitValue(), results::toString);
        try (Stream<Path> files = Files.list(outputs)) {
            for (Path file : files.toList()) {
                results.put(file.getFileName().toString(), Facts.sha256(ByteBuffer.wrap(Files.readAllBytes(file))));
            }
        }
        return results;
    }
}
