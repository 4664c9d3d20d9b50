package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.convert.StrictException;

/** A large value that a pickle holds in many places is written once, so that no small file becomes a large one. */
class SharedValuesTest {
    private static final long LARGEST = 1 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"text_references", "integer_references"})
    void areWrittenOnce(String name) throws IOException, NothingToConvertException, StrictException {
        Path input = Corpus.FOLDER.resolve("hostile/billion_laughs-" + name + ".pt");
        Path output = folder.resolve("out.pt");
        new Converter(ConvertOptions.defaults()).convert(input, output, OutputFormat.PT);
        assertTrue(Files.size(output) < LARGEST, () -> output.toFile().length() + " bytes");
        Path again = folder.resolve("again.pt");
        new Converter(ConvertOptions.defaults()).convert(output, again, OutputFormat.PT);
        assertEquals(-1, Files.mismatch(output, again));
    }
}
