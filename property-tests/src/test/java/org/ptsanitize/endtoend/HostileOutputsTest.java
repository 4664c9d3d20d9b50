package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.cli.Main;
import org.ptsanitize.oracle.NeedsPyTorch;
import org.ptsanitize.oracle.PythonOracle;

/** What becomes of a hostile file that is converted, the reference readers load, names and shapes as we see them. */
@NeedsPyTorch
class HostileOutputsTest {
    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    static Stream<?> rows() {
        return Corpus.hostile();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isLoadedByTheReferenceReaders(JsonObject row) throws IOException {
        Path input = Corpus.FOLDER.resolve("hostile").resolve(row.get("file").getAsString());
        Path safetensors = folder.resolve("out.safetensors");
        if (Main.run(NOWHERE, NOWHERE, input.toString(), safetensors.toString()) == 0) {
            Map<String, Object> shapes = new TreeMap<>();
            Readers.safetensors(safetensors).forEach((name, facts) -> shapes.put(name, facts.shape()));
            assertEquals(
                    shapes.toString(),
                    shapes(PythonOracle.loadSafetensors(safetensors)).toString());
        }
        Path pt = folder.resolve("out.pt");
        if (Main.run(NOWHERE, NOWHERE, input.toString(), pt.toString()) == 0) {
            JsonObject loaded = PythonOracle.loadPt(pt);
            // The oracle joins keys to names, and two keys may then be one name; the file is loaded all the same.
            if (!loaded.toString().contains("two tensors are named")) {
                shapes(loaded);
            }
        }
    }

    private static Map<String, Object> shapes(JsonObject loaded) {
        assertTrue(loaded.get("ok").getAsBoolean(), loaded::toString);
        Map<String, Object> shapes = new TreeMap<>();
        loaded.getAsJsonObject("tensors")
                .entrySet()
                .forEach(tensor -> shapes.put(
                        tensor.getKey(),
                        tensor.getValue()
                                .getAsJsonObject()
                                .getAsJsonArray("shape")
                                .asList()));
        return shapes;
    }
}
