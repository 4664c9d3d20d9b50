package org.ptsanitize.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.oracle.NeedsPyTorch;
import org.ptsanitize.oracle.PythonOracle;
import org.ptsanitize.properties.generate.Checkpoint;
import org.ptsanitize.properties.generate.CheckpointFile;
import org.ptsanitize.properties.generate.Checkpoints;
import org.ptsanitize.properties.generate.ExpectedTensor;
import org.ptsanitize.properties.generate.Sample;

/** Real PyTorch sees in our outputs what the generator put in, and never in an input what we do not see. */
@NeedsPyTorch
class TorchAgreementProperties {
    /**
     * Types that PyTorch copies bit by bit: it changes NaNs of half-width floats when it resolves a negative bit, and bools
     * that are neither 0 nor 1.
     */
    private static final List<DType> EXACT =
            List.of(DType.FLOAT64, DType.FLOAT32, DType.INT64, DType.INT32, DType.UINT8, DType.UINT16);

    private static final Map<String, Integer> OUTCOMES = new TreeMap<>();
    private static Workbench bench;

    @BeforeContainer
    static void open() throws Exception {
        bench = Workbench.open();
    }

    @AfterContainer
    static void close() throws Exception {
        bench.close();
        OUTCOMES.forEach((outcome, count) -> System.out.println("mutated zips: " + outcome + ": " + count));
    }

    @Property(tries = 100)
    void pyTorchLoadsFromAPtWhatWasPutIn(@ForAll("files") CheckpointFile file) throws Exception {
        Path output = bench.put("output.pt", bench.convert(file.bytes(), OutputFormat.PT));
        JsonObject loaded = PythonOracle.loadPt(output);
        if (isAboutNames(loaded)) {
            return;
        }
        assertLoaded(loaded);
        assertTrue(loaded.get("mmap").getAsBoolean(), "loads with mmap");
        Map<String, String> truth = new TreeMap<>();
        for (ExpectedTensor tensor : file.checkpoint().tensors()) {
            truth.put(tensor.path(), fingerprint(tensor));
        }
        Map<String, String> found = fingerprints(loaded);
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
        assertEquals(truth, fingerprints(loaded));
    }

    @Property(tries = 800)
    void aMutatedZipIsNeverReadOtherwise(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        CheckpointFile file = CheckpointFile.plainZip(someTensors(random), random.nextLong(), pickle -> pickle);
        ZipMutant.Made mutant = ZipMutant.of(file.bytes(), random);
        compareReadings(mutant.bytes(), mutant.story());
    }

    @Property(tries = 300)
    void aMutatedPickleIsNeverReadOtherwise(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        CheckpointFile file = CheckpointFile.plainZip(
                someTensors(random), random.nextLong(), pickle -> Mutations.nudge(pickle, random));
        compareReadings(file.bytes(), "pickle");
    }

    private static Checkpoint someTensors(Random random) {
        while (true) {
            Checkpoint checkpoint = Checkpoints.ofSeed(random.nextLong(), 2 + random.nextInt(8), EXACT);
            if (!checkpoint.tensors().isEmpty()) {
                return checkpoint;
            }
        }
    }

    private static void compareReadings(byte[] mutant, String story) throws Exception {
        JsonObject torch = PythonOracle.loadPtPlainly(bench.put("mutant.pt", mutant));
        boolean accepted = torch.get("ok").getAsBoolean();
        String ours = outcome(mutant);
        String kind = story.startsWith("pickle") ? "pickle: " : "zip: ";
        if (!ours.isEmpty()) {
            count(kind + (accepted ? "PyTorch loads, we refuse" : "both refuse"));
            return;
        }
        if (!accepted) {
            count(kind + "we convert, PyTorch refuses");
            return;
        }
        JsonObject converted = PythonOracle.loadPt(bench.put("converted.pt", bench.convert(mutant, OutputFormat.PT)));
        assertLoaded(converted);
        assertEquals(fingerprints(torch), fingerprints(converted), story);
        count(kind + "both read the same");
    }

    private static void count(String outcome) {
        OUTCOMES.merge(outcome, 1, Integer::sum);
    }

    /** Why we refuse, or nothing. */
    private static String outcome(byte[] mutant) throws Exception {
        try {
            bench.convert(
                    mutant,
                    OutputFormat.PT,
                    ConvertOptions.builder()
                            .select(".")
                            .onCollision(ConvertOptions.OnCollision.SUFFIX)
                            .build());
            return "";
        } catch (FileFormatException | NothingToConvertException e) {
            return e.getMessage();
        }
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

    private static Map<String, String> fingerprints(JsonObject loaded) {
        Map<String, String> found = new TreeMap<>();
        for (Map.Entry<String, JsonElement> tensor :
                loaded.getAsJsonObject("tensors").entrySet()) {
            JsonObject facts = tensor.getValue().getAsJsonObject();
            found.put(
                    tensor.getKey(),
                    facts.has("sha256")
                            ? facts.get("dtype").getAsString()
                                    + facts.get("shape")
                                    + facts.get("sha256").getAsString()
                            : facts.toString());
        }
        return found;
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
        return Checkpoints.files(Checkpoints.of(dtypes, false)
                .filter(checkpoint -> !checkpoint.tensors().isEmpty()));
    }

    /** Of types that safetensors has by themselves. */
    @Provide
    Arbitrary<CheckpointFile> portableFiles() {
        return Checkpoints.files(Checkpoints.of(
                        Checkpoints.unquantized().stream()
                                .filter(dtype -> !Set.of("U8", "F64", "F16", "BF16", "F4")
                                                .contains(SafetensorsForm.dtype(dtype))
                                        || isSame(dtype))
                                .toList(),
                        false)
                .filter(checkpoint -> !checkpoint.tensors().isEmpty()));
    }

    private static boolean isSame(DType dtype) {
        return switch (dtype) {
            case UINT8, FLOAT64, FLOAT16, BFLOAT16 -> true;
            default -> false;
        };
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs().withoutEdgeCases();
    }
}
