package org.ptsanitize.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.convert.StrictException;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.report.OutputTensor;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.safetensors.SafetensorsTensor;

/**
 * Any bytes become an output or an error, and with an error there is no file. An output holds what the report says, and
 * becomes itself when it is converted again.
 */
class ConversionFuzzTest {
    private static final Path FOLDER = folder();
    private static final Path INPUT = FOLDER.resolve("input");
    private static final Path OUTPUT = FOLDER.resolve("output");
    private static final Path AGAIN = FOLDER.resolve("again");

    static Stream<byte[]> seeds() {
        return Seeds.files(6000);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "")
    void isConvertedOrAnError(byte[] bytes) throws Exception {
        Files.deleteIfExists(OUTPUT);
        Files.deleteIfExists(AGAIN);
        Files.write(INPUT, bytes);
        OutputFormat format = Arrays.hashCode(bytes) % 2 == 0 ? OutputFormat.SAFETENSORS : OutputFormat.PT;
        Optional<Conversion> done = convert(INPUT, OUTPUT, format);
        Bounds.same(done.isPresent() ? List.of("input", "output") : List.of("input"), files(), "files");
        Bounds.check(Arrays.equals(bytes, Files.readAllBytes(INPUT)), () -> "the input was changed");
        if (done.isPresent()) {
            if (format == OutputFormat.SAFETENSORS) {
                checkHeader(done.get());
            }
            Conversion again = convert(OUTPUT, AGAIN, format).orElseThrow();
            Bounds.same(names(done.get()), names(again), "names of the second conversion");
        }
    }

    private static Optional<Conversion> convert(Path input, Path output, OutputFormat format) throws Exception {
        ConvertOptions options = ConvertOptions.builder()
                .limits(Bounds.SMALL)
                .onCollision(ConvertOptions.OnCollision.SUFFIX)
                .force(true)
                .build();
        try {
            return Bounds.read(() -> {
                try {
                    return new Converter(options).convert(input, output, format);
                } catch (NothingToConvertException | StrictException e) {
                    throw new Nothing(e);
                }
            });
        } catch (Nothing e) {
            return Optional.empty();
        }
    }

    private static final class Nothing extends IOException {
        private static final long serialVersionUID = 1L;

        Nothing(Exception cause) {
            super(cause);
        }
    }

    private static void checkHeader(Conversion conversion) throws IOException {
        try (FileSource file = FileSource.open(OUTPUT)) {
            SafetensorsHeader header = SafetensorsHeader.read(file, new Budget(Limits.defaults()));
            Bounds.same(
                    names(conversion),
                    header.tensors().stream()
                            .map(SafetensorsTensor::name)
                            .collect(Collectors.toCollection(TreeSet::new)),
                    "names in the header");
        }
    }

    private static Set<String> names(Conversion conversion) {
        return conversion.tensors().stream().map(OutputTensor::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("conversions");
            for (String name : List.of("input", "output", "again")) {
                folder.resolve(name).toFile().deleteOnExit();
            }
            return folder;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
