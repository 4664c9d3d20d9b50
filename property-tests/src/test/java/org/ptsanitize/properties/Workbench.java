package org.ptsanitize.properties;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.convert.StrictException;

/** A temporary folder in which inputs are converted; it goes when it is closed. */
final class Workbench implements Closeable {
    private final Path folder;
    private final Path output;

    private Workbench(Path folder) {
        this.folder = folder;
        this.output = folder.resolve("output");
    }

    static Workbench open() throws IOException {
        return new Workbench(Files.createTempDirectory("properties"));
    }

    static ConvertOptions wholeRoot() {
        return ConvertOptions.builder().select(".").build();
    }

    /** The bytes that an input becomes. */
    byte[] convert(byte[] input, OutputFormat format) throws IOException, NothingToConvertException, StrictException {
        return convert(input, format, wholeRoot());
    }

    byte[] convert(byte[] input, OutputFormat format, ConvertOptions options)
            throws IOException, NothingToConvertException, StrictException {
        Path file = put("input", input);
        Files.deleteIfExists(output);
        new Converter(options).convert(file, output, format);
        return Files.readAllBytes(output);
    }

    Path put(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    Path output() {
        return output;
    }

    /** The names of the files there are. */
    List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
