package org.ptsanitize.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.oracle.NeedsPyTorch;
import org.ptsanitize.oracle.PythonOracle;
import org.ptsanitize.properties.generate.CheckpointFile;
import org.ptsanitize.properties.generate.Checkpoints;
import org.ptsanitize.properties.generate.ExpectedTensor;
import org.ptsanitize.properties.generate.Sample;

/** Real PyTorch and safetensors see in our outputs what the generator put in. */
@NeedsPyTorch
class TorchAgreementProperties extends WithWorkbench {
    @Property(tries = 100)
    void pyTorchLoadsFromAPtWhatWasPutIn(@ForAll("files") CheckpointFile file) throws Exception {
        Path output = bench.put("output.pt", bench.convert(file.bytes(), OutputFormat.PT));
        JsonObject loaded = PythonOracle.loadPt(output);
        Assume.that(!isAboutNames(loaded));
        assertLoaded(loaded);
        assertTrue(loaded.get("mmap").getAsBoolean(), "loads with mmap");
        Map<String, String> truth = new TreeMap<>();
        for (ExpectedTensor tensor : file.checkpoint().tensors()) {
            truth.put(tensor.path(), fingerprint(tensor));
        }
        Map<String, String> found = TorchReading.fingerprints(loaded);
        if (!hasEmptyKeys(truth.keySet())) {
            found.forEach((name, tensor) -> assertEquals(truth.get(name), tensor, name));
        }
        // A container in two places is told once, so that only the contents are the same.
        assertEquals(new TreeSet<>(truth.values()), new TreeSet<>(found.values()));
    }

    @Property(tries = 100)
    void safetensorsLoadsWhatWasPutIn(@ForAll("portableFiles") CheckpointFile file) throws Exception {
        Path output = bench.put("output.safetensors", bench.convert(file.bytes(), OutputFormat.SAFETENSORS));
        JsonObject loaded = PythonOracle.loadSafetensors(output);
        assertLoaded(loaded);
        Map<String, String> truth = new TreeMap<>();
        boolean isRoot = !(file.checkpoint().root() instanceof Sample.Mapping)
                && !(file.checkpoint().root() instanceof Sample.Sequence);
        for (ExpectedTensor tensor : file.checkpoint().tensors()) {
            truth.put(SafetensorsForm.name(tensor, isRoot), fingerprint(tensor));
        }
        assertEquals(truth, TorchReading.fingerprints(loaded));
    }

    private static void assertLoaded(JsonObject loaded) {
        assertTrue(loaded.get("ok").getAsBoolean(), () -> "PyTorch refuses: " + loaded.get("error"));
    }

    /** The oracle joins names in another way when keys are empty, and then two of them may be one. */
    private static boolean isAboutNames(JsonObject loaded) {
        return !loaded.get("ok").getAsBoolean()
                && loaded.get("error").getAsString().contains("two tensors are named");
    }

    private static boolean hasEmptyKeys(Set<String> paths) {
        return paths.stream()
                .anyMatch(path -> Arrays.asList(path.split("\\.", -1)).contains(""));
    }

    private static String fingerprint(ExpectedTensor tensor) throws Exception {
        String shape = Arrays.toString(tensor.shape()).replace(" ", "");
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(tensor.bytes());
        return tensor.dtype().torchName() + shape + HexFormat.of().formatHex(digest);
    }

    /** Of all types that PyTorch 2.13 lets {@code weights_only} load: not {@code bcomplex32}. */
    @Provide
    Arbitrary<CheckpointFile> files() {
        List<DType> dtypes = Checkpoints.unquantized().stream()
                .filter(dtype -> dtype != DType.BCOMPLEX32)
                .toList();
        return Checkpoints.filesWithTensors(Checkpoints.of(dtypes, false));
    }

    /** Of types that safetensors has by themselves. */
    @Provide
    Arbitrary<CheckpointFile> portableFiles() {
        List<DType> dtypes = Checkpoints.unquantized().stream()
                .filter(dtype -> !Set.of("U8", "F64", "F16", "BF16", "F4").contains(SafetensorsForm.dtype(dtype))
                        || isSame(dtype))
                .toList();
        return Checkpoints.filesWithTensors(Checkpoints.of(dtypes, false));
    }

    private static boolean isSame(DType dtype) {
        return switch (dtype) {
            case UINT8, FLOAT64, FLOAT16, BFLOAT16 -> true;
            default -> false;
        };
    }
}
