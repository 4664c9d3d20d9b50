package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.safetensors.SafetensorsTensor;

/** A folder in which command lines are run. In what they print, the folder's path is replaced by {@code ~}. */
final class Workplace {
    /** What a command line gave: its exit code and everything it printed. */
    record Run(int code, String out, String err) {
        /** The run printed one line on stderr and nothing else. */
        void failed(int expectedCode, String line) {
            assertEquals("ptsanitize: " + line + "\n", err);
            assertEquals("", out);
            assertEquals(expectedCode, code);
        }

        /** The run ended well and had nothing to say on stderr. */
        Run succeeded() {
            assertEquals("", err);
            assertEquals(0, code);
            return this;
        }
    }

    private final Path folder;

    Workplace(Path folder) {
        this.folder = folder;
    }

    /** Runs a command line; {@code ~} at the start of an argument is the folder. */
    Run run(String... arguments) {
        String[] given = new String[arguments.length];
        for (int i = 0; i < given.length; i++) {
            given[i] = arguments[i].startsWith("~") ? folder + arguments[i].substring(1) : arguments[i];
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                given);
        return new Run(code, text(out), text(err));
    }

    private String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).replace(folder.toString(), "~");
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Copies a file of the corpus here, under the last part of its name. Returns that name after {@code ~/}. */
    String corpus(String file) throws IOException {
        Path copy = folder.resolve(file.substring(file.lastIndexOf('/') + 1));
        try (InputStream content = Workplace.class.getResourceAsStream("/" + file)) {
            if (content == null) {
                throw new AssertionError("the corpus has no " + file);
            }
            Files.copy(content, copy);
        }
        return "~/" + copy.getFileName();
    }

    /** Writes a text file. Returns its name after {@code ~/}. */
    String text(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
        return "~/" + name;
    }

    /** Everything in the folder, as paths from it, sorted. */
    List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !path.equals(folder))
                    .map(path -> folder.relativize(path).toString())
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    SafetensorsHeader header(String name) throws IOException {
        try (FileSource source = FileSource.open(folder.resolve(name))) {
            return SafetensorsHeader.read(source, new Budget(Limits.defaults()));
        }
    }

    /** The names of all tensors of a safetensors file, sorted. */
    List<String> names(String name) throws IOException {
        List<String> names = new ArrayList<>();
        for (SafetensorsTensor tensor : header(name).tensors()) {
            names.add(tensor.name());
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }
}
