package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.convert.StrictException;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.report.Event;

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

    /** Each level is two calls with one tuple of arguments, so that 2^12 paths lead to the innermost. */
    @Test
    void callsInASharedTupleAreLookedAtOnce() throws IOException, NothingToConvertException, StrictException {
        String tensor = "ctorch\nFloatTensor\n((lF1.0\natR";
        StringBuilder pickle = new StringBuilder("(" + tensor + "tp0\n0");
        for (int level = 0; level < 12; level++) {
            String call = "cfoo\nBar\ng" + level + "\nR";
            pickle.append("(")
                    .append(call)
                    .append(call)
                    .append("tp")
                    .append(level + 1)
                    .append("\n0");
        }
        pickle.append("(dS'm'\ncfoo\nBar\ng12\nRsS'w'\n").append(tensor).append("s.");
        Path input = Files.writeString(folder.resolve("in.pkl"), pickle);
        Conversion conversion = new Converter(ConvertOptions.defaults())
                .convert(input, folder.resolve("out.safetensors"), OutputFormat.SAFETENSORS);
        assertEquals(Map.of("foo.Bar", 25L), conversion.log().counts(Event.Kind.DROPPED));
    }
}
