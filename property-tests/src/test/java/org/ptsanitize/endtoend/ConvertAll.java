package org.ptsanitize.endtoend;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ptsanitize.cli.Main;

/** Converts a list of files to both formats, into a folder, and prints each exit code. */
final class ConvertAll {
    private ConvertAll() {}

    /** @param arguments a folder for outputs, and a file with one input a line */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        List<String> inputs = Files.readAllLines(Path.of(arguments[1]));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        for (int i = 0; i < inputs.size(); i++) {
            for (String ending : List.of("safetensors", "pt")) {
                Path output = folder.resolve(i + "." + ending);
                int code = Main.run(nowhere, nowhere, inputs.get(i), output.toString(), "--on-collision", "suffix");
                System.out.println(i + "." + ending + " " + code);
            }
        }
    }
}
