package org.ptsanitize.endtoend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ptsanitize.cli.Main;

/** Converts hostile files one after the other in one JVM, and prints a line about each: file, exit code, lines on stderr. */
public final class HostileRuns {
    private HostileRuns() {}

    /** @param arguments a folder for outputs, then the files */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        for (String file : Files.readAllLines(Path.of(arguments[1]))) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            int code = Main.run(
                    new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
                    new PrintStream(err, false, StandardCharsets.UTF_8),
                    file,
                    folder.resolve("out.safetensors").toString(),
                    "--force");
            List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
            System.out.println(Path.of(file).getFileName() + " " + code + " " + lines.size() + " " + lines);
            try (Stream<Path> left = Files.list(folder)) {
                left.filter(path -> !path.getFileName().toString().equals("out.safetensors"))
                        .forEach(path -> System.out.println("left behind " + path));
            }
        }
    }
}
