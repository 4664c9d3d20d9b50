package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.inspect.InspectOptions;
import org.ptsanitize.converter.inspect.Inspection;
import org.ptsanitize.converter.inspect.Inspector;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.verify.Verification;
import org.ptsanitize.converter.verify.Verifier;
import org.ptsanitize.converter.verify.VerifyOptions;

/** Every specimen is shown as it is converted, and its conversions are found to be the same. */
class LookedAtSpecimensTest {
    private static final ConvertOptions OPTIONS = ConvertOptions.builder()
            .onCollision(ConvertOptions.OnCollision.SUFFIX)
            .build();

    @TempDir
    Path folder;

    static Stream<?> rows() {
        return Corpus.specimens();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isShownAsItIsConverted(JsonObject row) throws Exception {
        Path input = Corpus.specimen(row);
        Inspection inspection = new Inspector(InspectOptions.defaults()).inspect(input);
        if (inspection.tensors().isEmpty()) {
            return;
        }
        for (OutputFormat format : OutputFormat.values()) {
            Path output = folder.resolve("out." + format.name().toLowerCase(Locale.ROOT));
            if (Expectation.object(row, "tensors").keySet().stream().anyMatch(LookedAtSpecimensTest::isImpossible)
                    && format == OutputFormat.SAFETENSORS) {
                continue;
            }
            Conversion conversion = new Converter(OPTIONS).convert(input, output, format);
            if (format == OutputFormat.SAFETENSORS) {
                assertEquals(
                        conversion.tensors().stream()
                                .map(tensor -> tensor.name() + " at " + tensor.path() + " of " + tensor.bytes())
                                .toList(),
                        inspection.tensors().stream()
                                .map(tensor -> tensor.name() + " at " + tensor.path() + " of " + tensor.bytes())
                                .toList());
            }
            Verification result = new Verifier(VerifyOptions.defaults()).verify(input, output);
            assertEquals(List.of(), result.differences());
            Files.delete(output);
        }
    }

    private static boolean isImpossible(String name) {
        return name.equals("__metadata__") || name.contains("\ud800");
    }
}
