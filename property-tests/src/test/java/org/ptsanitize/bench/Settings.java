package org.ptsanitize.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.oracle.RepositoryRoot;

/**
 * How the benchmark is run; each setting is a system property.
 *
 * @param size {@code bench.size}: bytes, tensors and files as a part of the full ones
 * @param runs {@code bench.runs}: rounds of each piece of work; those that take long have fewer
 * @param only {@code bench.only}: a regular expression that titles have to contain
 * @param folder {@code bench.folder}: where inputs and outputs go, and nothing stays
 * @param docs {@code bench.docs}: the folder that gets the table and the plots
 */
record Settings(double size, int runs, String only, Path folder, Path docs) {
    static Settings fromProperties() throws IOException {
        Path root = RepositoryRoot.find();
        Path folder = root.resolve(property("bench.folder", "property-tests/target/benchmark-files"));
        Files.createDirectories(folder);
        return new Settings(
                Double.parseDouble(property("bench.size", "1")),
                Integer.parseInt(property("bench.runs", "9")),
                property("bench.only", ""),
                folder,
                root.resolve(property("bench.docs", "property-tests/target/benchmark")));
    }

    private static String property(String name, String otherwise) {
        String value = System.getProperty(name, "");
        return value.isBlank() || value.startsWith("${") ? otherwise : value;
    }

    long bytes(double full) {
        return (long) (full * size);
    }

    int count(int full) {
        return (int) Math.max(1, Math.round(full * size));
    }

    /** The Python with torch and safetensors, where {@code PTSANITIZE_PYTHON} or {@code corpus/.venv} is one. */
    Optional<Path> python() {
        Path root = RepositoryRoot.find();
        String named = Optional.ofNullable(System.getenv("PTSANITIZE_PYTHON")).orElse("");
        Path python = root.resolve(named.isBlank() ? "corpus/.venv/bin/python" : named);
        return Files.isExecutable(python) ? Optional.of(python) : Optional.empty();
    }

    Competitor tool(String name, Path output, String... arguments) {
        return tool(name, "", output, arguments);
    }

    /** The program itself, with options for the JVM. */
    Competitor tool(String name, String javaOptions, Path output, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(RepositoryRoot.find().resolve("cli/bin/ptsanitize").toString());
        command.addAll(List.of(arguments));
        return new Competitor(name, command, Map.of("PTSANITIZE_JAVA_OPTS", javaOptions), List.of(output));
    }
}
