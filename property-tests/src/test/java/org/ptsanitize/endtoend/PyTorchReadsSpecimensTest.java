package org.ptsanitize.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.oracle.NeedsPyTorch;
import org.ptsanitize.oracle.PythonOracle;

/**
 * Real PyTorch and the real safetensors library see in every output what our own readers see in it, which
 * {@link CorpusSpecimensTest} compares with the manifest; and PyTorch finds the primitives of the manifest in a
 * {@code .pt}.
 */
@NeedsPyTorch
class PyTorchReadsSpecimensTest {
    private static final ConvertOptions AS_IT_IS = ConvertOptions.builder()
            .select(".")
            .onCollision(ConvertOptions.OnCollision.SUFFIX)
            .build();

    @TempDir
    Path folder;

    static Stream<?> rows() {
        return Corpus.specimens();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void safeOpenSeesTheSameTensors(JsonObject row) throws Exception {
        checkSafeOpen(row);
    }

    private void checkSafeOpen(JsonObject row) throws Exception {
        Expectation expected = Expectation.inSafetensors(row);
        Set<String> names = Expectation.object(row, "tensors").keySet();
        assumeFalse(expected.isEmpty(), "no tensors");
        assumeFalse(names.contains("__metadata__") || names.contains("bad\ud800"), "no safetensors file can hold it");
        Path output = folder.resolve("out.safetensors");
        new Converter(AS_IT_IS).convert(Corpus.specimen(row), output, OutputFormat.SAFETENSORS);

        JsonObject answer = PythonOracle.loadSafetensors(output);

        assertTrue(answer.get("ok").getAsBoolean(), answer::toString);
        assertEquals("pt", answer.getAsJsonObject("metadata").get("format").getAsString());
        Map<String, Facts> seen = new TreeMap<>();
        answer.getAsJsonObject("tensors")
                .entrySet()
                .forEach(tensor ->
                        seen.put(tensor.getKey(), Facts.of(tensor.getValue()).inSafetensors()));
        assertEquals(new TreeMap<>(Readers.safetensors(output)), seen);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void torchLoadSeesTheSame(JsonObject row) throws Exception {
        checkTorchLoad(row);
    }

    private void checkTorchLoad(JsonObject row) throws Exception {
        assumeFalse(Expectation.inPt(row).isEmpty(), "no tensors");
        Path output = folder.resolve("out.pt");
        new Converter(AS_IT_IS).convert(Corpus.specimen(row), output, OutputFormat.PT);
        Readers.PtContents own = Readers.pt(output);

        assumeFalse(row.has("collisions"), "the oracle wants one name for one tensor");
        JsonObject answer = PythonOracle.loadPt(output);

        assertTrue(answer.get("ok").getAsBoolean(), answer::toString);
        assertTrue(answer.get("mmap").getAsBoolean(), "mmap=True does not work");
        assertEquals(List.of(), differences(own, answer, row));
        assertTiesShareStorage(row, own, answer);
        assertEquals(List.of(), missingPrimitives(row, answer));
    }

    /** Every strided tensor that PyTorch sees we see too, and the other way round; special ones by their integers. */
    private static List<String> differences(Readers.PtContents contents, JsonObject answer, JsonObject row) {
        Map<String, Facts> own = contents.tensors();
        JsonObject theirs = answer.getAsJsonObject("tensors");
        List<String> differences = new ArrayList<>();
        Set<String> special = new HashSet<>(Expectation.object(row, "special").keySet());
        Map<String, Facts> rest = new TreeMap<>(own);
        theirs.entrySet().forEach(each -> {
            String name = each.getKey().isEmpty() && own.containsKey("tensor") ? "tensor" : each.getKey();
            JsonObject tensor = each.getValue().getAsJsonObject();
            if (tensor.has("layout") || tensor.has("quantized")) {
                rest.keySet().removeIf(part -> part.equals(name) || part.startsWith(name + "."));
                if (!special.contains(name)) {
                    differences.add("'" + name + "' is special in PyTorch only: " + tensor);
                }
                return;
            }
            Facts facts = Facts.of(tensor);
            Facts ours = rest.remove(name);
            if (!facts.equals(ours)) {
                differences.add("'" + name + "' is " + facts + " in PyTorch, " + ours + " in our own reader");
            }
        });
        rest.keySet().removeIf(name -> isInSharedContainer(name, contents, answer));
        rest.forEach((name, facts) -> differences.add("PyTorch does not see '" + name + "': " + facts));
        return differences;
    }

    /** The oracle goes into a container once; what hangs on its other paths is the same view under the first one. */
    private static boolean isInSharedContainer(String name, Readers.PtContents contents, JsonObject answer) {
        return isBelowContainer(name, answer)
                && answer.getAsJsonObject("tensors").keySet().stream()
                        .filter(other -> contents.views().containsKey(other))
                        .anyMatch(other -> contents.views()
                                .get(other)
                                .isSameView(contents.views().get(name)));
    }

    /** Whether a container on the way to a path is there, with nothing in it that the oracle saw. */
    private static boolean isBelowContainer(String path, JsonObject answer) {
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            String container = path.substring(0, dot);
            if (answer.getAsJsonObject("containers").has(container)) {
                return Stream.of("primitives", "containers", "tensors")
                        .flatMap(part -> answer.getAsJsonObject(part).keySet().stream())
                        .noneMatch(each -> each.startsWith(container + "."));
            }
        }
        return false;
    }

    private static void assertTiesShareStorage(JsonObject row, Readers.PtContents own, JsonObject answer) {
        List<Set<String>> sharing = new ArrayList<>();
        answer.getAsJsonArray("sharing").forEach(group -> {
            Set<String> names = new HashSet<>();
            group.getAsJsonArray().forEach(name -> names.add(name.getAsString()));
            sharing.add(names);
        });
        for (JsonElement group : row.getAsJsonArray("tied")) {
            Set<String> names = new HashSet<>();
            group.getAsJsonArray().forEach(name -> names.add(name.getAsString()));
            names.removeIf(name -> isInSharedContainer(name, own, answer));
            boolean empty =
                    names.stream().allMatch(name -> own.views().get(name).elements() == 0);
            assertTrue(
                    empty || names.size() < 2 || sharing.stream().anyMatch(each -> each.containsAll(names)),
                    () -> names + " do not share storage: " + sharing);
        }
    }

    /** The primitives of the manifest that PyTorch does not find at their paths. Values without JSON only have to be there. */
    private static List<String> missingPrimitives(JsonObject row, JsonObject answer) {
        JsonObject found = answer.getAsJsonObject("primitives");
        List<String> missing = new ArrayList<>();
        Set<String> anyName = new HashSet<>(Expectation.strings(row, "any_name"));
        JsonObject objects = Expectation.object(row, "objects");
        Expectation.object(row, "primitives").entrySet().forEach(wanted -> {
            JsonElement value = inPyTorch(wanted.getValue());
            JsonElement there = found.get(wanted.getKey());
            if (value.isJsonNull() && there != null && there.isJsonNull()) {
                return;
            }
            boolean same = there != null && (isTagged(value) || there.equals(value));
            boolean split = there == null && isTagged(value) && hasBelow(answer, wanted.getKey());
            boolean again = there == null && isBelowContainer(wanted.getKey(), answer);
            boolean numpyType = objects.entrySet().stream()
                    .anyMatch(object -> object.getValue().getAsString().equals("numpy.dtype")
                            && wanted.getKey().startsWith(object.getKey() + ".")
                            && hasBelow(answer, object.getKey()));
            if (!same && !split && !again && !numpyType && anyName.isEmpty()) {
                missing.add("'" + wanted.getKey() + "' is " + there + ", not " + value);
            }
        });
        return missing;
    }

    private static boolean hasBelow(JsonObject answer, String path) {
        return Stream.of("primitives", "containers", "tensors")
                .flatMap(part -> answer.getAsJsonObject(part).keySet().stream())
                .anyMatch(each -> each.equals(path) || each.startsWith(path + "."));
    }

    /** Whether a value of the manifest is of a type whose plain form our converter chooses. */
    private static boolean isTagged(JsonElement value) {
        if (!value.isJsonObject()) {
            return false;
        }
        String tag = value.getAsJsonObject().keySet().iterator().next();
        return !Set.of("$float", "$bytes_b64", "$complex", "$set").contains(tag);
    }

    private static JsonElement inPyTorch(JsonElement wanted) {
        if (!wanted.isJsonObject()) {
            return wanted;
        }
        JsonObject object = wanted.getAsJsonObject();
        JsonObject result = new JsonObject();
        if (object.has("$bytes")) {
            result.add("$bytes_b64", object.get("$bytes"));
            return result;
        }
        if (object.has("$bytearray")) {
            result.add("$bytes_b64", object.get("$bytearray"));
            return result;
        }
        if (object.has("$complex")) {
            JsonArray parts = new JsonArray();
            object.getAsJsonArray("$complex").forEach(part -> parts.add(inPyTorch(part)));
            result.add("$complex", parts);
            return result;
        }
        if (object.has("$float") && object.get("$float").equals(new JsonPrimitive("-0.0"))) {
            return new JsonPrimitive(-0.0);
        }
        boolean plainSet = object.has("$set") || object.has("$frozenset");
        if (plainSet) {
            result.addProperty("$sequence", "a set or a list: PyTorch has no frozenset to give back");
            return result;
        }
        return object;
    }
}
