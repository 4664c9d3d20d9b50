package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.bench.Filling;
import org.ptsanitize.bench.Inputs;
import org.ptsanitize.bench.Tensors;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.safetensors.SafetensorsTensor;
import org.ptsanitize.oracle.NeedsPyTorch;
import org.ptsanitize.oracle.PythonOracle;

/**
 * Names of a mebibyte, and more tensors than any model has: the output is still one that every reader of safetensors takes.
 * The system property {@code ptsanitize.tensors} says how many tensors.
 */
class LargeHeadersTest {
    private static final int TENSORS = Integer.getInteger("ptsanitize.tensors", 100_000);
    private static final int MIB = 1 << 20;
    private static final Filling FILLING = Filling.random();

    @TempDir
    private Path folder;

    /** Names that differ in their last letter only, one of letters of two bytes and one that JSON has to escape. */
    private static Tensors longNames() {
        List<Tensors.Tensor> tensors = new ArrayList<>();
        for (String name :
                List.of("a".repeat(MIB), "a".repeat(MIB - 1) + "b", "\u00e9".repeat(MIB / 2), "\"\\".repeat(MIB / 2))) {
            tensors.add(new Tensors.Tensor(name, new long[] {2, 3}, new long[] {3, 1}));
        }
        return new Tensors(tensors);
    }

    private Path convert(Tensors tensors) throws Exception {
        Path input = folder.resolve("model.pt");
        Path output = folder.resolve("model.safetensors");
        Inputs.zip(input, tensors, FILLING);
        new Converter(ConvertOptions.builder().build()).convert(input, output, OutputFormat.SAFETENSORS);
        return output;
    }

    @Test
    void theStrictReaderTakesLongNames() throws Exception {
        assertReadStrictly(convert(longNames()), longNames());
    }

    @Test
    @NeedsPyTorch
    void safetensorsTakesLongNames() throws Exception {
        assertReadByOthers(convert(longNames()), longNames());
    }

    @Test
    void theStrictReaderTakesManyTensors() throws Exception {
        assertReadStrictly(convert(Tensors.small(TENSORS)), Tensors.small(TENSORS));
    }

    @Test
    @NeedsPyTorch
    void safetensorsTakesManyTensors() throws Exception {
        assertReadByOthers(convert(Tensors.small(TENSORS)), Tensors.small(TENSORS));
    }

    private static byte[] content(int index, Tensors.Tensor tensor) throws IOException {
        return FILLING.read(64L * index, Math.toIntExact(tensor.bytes())).array();
    }

    private static void assertReadStrictly(Path file, Tensors expected) throws IOException {
        try (FileSource source = FileSource.open(file)) {
            SafetensorsHeader header = SafetensorsHeader.read(source, new Budget(Limits.defaults()));
            assertEquals(expected.list().size(), header.tensors().size());
            for (int i = 0; i < expected.list().size(); i++) {
                Tensors.Tensor tensor = expected.list().get(i);
                SafetensorsTensor found = header.find(tensor.name()).orElseThrow();
                assertArrayEquals(tensor.sizes(), found.shape());
                byte[] bytes = source.read(header.dataStart() + found.begin(), Math.toIntExact(found.length()))
                        .array();
                assertArrayEquals(content(i, tensor), bytes);
            }
        }
    }

    private static void assertReadByOthers(Path file, Tensors expected) throws Exception {
        JsonObject answer = PythonOracle.loadSafetensors(file);
        JsonObject tensors = answer.getAsJsonObject("tensors");
        assertEquals(expected.list().size(), tensors.size());
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < expected.list().size(); i++) {
            Tensors.Tensor tensor = expected.list().get(i);
            JsonObject found = tensors.getAsJsonObject(tensor.name());
            assertEquals("bfloat16", found.get("dtype").getAsString());
            assertEquals(
                    HexFormat.of().formatHex(sha256.digest(content(i, tensor))),
                    found.get("sha256").getAsString());
        }
    }
}
