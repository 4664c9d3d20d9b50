package org.ptsanitize.properties.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.convert.StrictException;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.safetensors.SafetensorsTensor;

/** Takes one checkpoint to safetensors, to safetensors again, and through a {@code .pt}. */
final class RoundTrip {
    private final Path folder;
    private final ConvertOptions options;
    private int files;

    RoundTrip(Path folder, ConvertOptions.Tied tied) {
        this.folder = folder;
        this.options = ConvertOptions.builder()
                .select(".")
                .tied(tied)
                .onCollision(ConvertOptions.OnCollision.SUFFIX)
                .build();
    }

    /** Checks a checkpoint. Returns whether there was something to check. */
    boolean check(Path checkpoint) throws IOException, StrictException {
        Path first = next(".safetensors");
        Conversion written;
        try {
            written = new Converter(options).convert(checkpoint, first, OutputFormat.SAFETENSORS);
        } catch (NothingToConvertException | UnsupportedFileException e) {
            return false;
        }
        try {
            Path again = convert(first, ".safetensors", ConvertOptions.builder().tied(options.tied()));
            assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(again), "safetensors to safetensors");
            boolean renamed = written.log().count(Event.Kind.RENAMED) > 0;
            boolean nested = written.log().counts(Event.Kind.REPRESENTED).containsKey("nested")
                    || written.log().counts(Event.Kind.REPRESENTED).containsKey("jagged");
            Path second = through(first);
            if (!renamed && !nested) {
                assertEquals(tensors(first), tensors(second), "safetensors to pt to safetensors");
            }
            Path third = through(second);
            assertArrayEquals(Files.readAllBytes(second), Files.readAllBytes(third), "the same once more");
        } catch (NothingToConvertException e) {
            throw new AssertionError(e);
        }
        return true;
    }

    private Path through(Path file) throws IOException, NothingToConvertException, StrictException {
        ConvertOptions.Builder builder =
                ConvertOptions.builder().select(".").tied(options.tied()).onCollision(options.onCollision());
        return convert(convert(file, ".pt", builder), ".safetensors", builder);
    }

    private Path convert(Path input, String ending, ConvertOptions.Builder builder)
            throws IOException, NothingToConvertException, StrictException {
        Path output = next(ending);
        new Converter(builder.build())
                .convert(input, output, OutputFormat.ofEnding(output).orElseThrow());
        return output;
    }

    private Path next(String ending) {
        return folder.resolve(files++ + ending);
    }

    /** Name, type, shape and bytes of each tensor, and which names the file says are the same. */
    private static List<String> tensors(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        try (FileSource source = FileSource.open(file)) {
            SafetensorsHeader header = SafetensorsHeader.read(source, new Budget(Limits.defaults()));
            for (SafetensorsTensor tensor : header.tensors()) {
                byte[] bytes = new byte[Math.toIntExact(tensor.length())];
                source.read(header.dataStart() + tensor.begin(), bytes.length).get(bytes);
                lines.add(tensor.name() + " " + tensor.type() + " " + List.of(box(tensor.shape())) + " "
                        + java.util.Arrays.hashCode(bytes));
            }
            header.metadata().forEach((key, value) -> {
                if (!key.equals("ptsanitize")) {
                    lines.add(key + " = " + value);
                }
            });
            String json = header.metadata().getOrDefault("ptsanitize", "");
            lines.add(json.substring(Math.max(0, json.lastIndexOf("\"ties\":"))));
        }
        return lines;
    }

    private static Long[] box(long[] values) {
        Long[] boxed = new Long[values.length];
        for (int i = 0; i < boxed.length; i++) {
            boxed[i] = values[i];
        }
        return boxed;
    }
}
