package org.ptsanitize.converter.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.gson.stream.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.checkpoint.SafetensorsFile;

class RestorerTest {
    private static final String REST = ",\"schema\":1,\"ties\":[]}";
    private static final String START = "{\"dropped\":{},\"representations\":{},\"root\":";
    private static final String FLAT = "dict['a'=float32[2]@a, 'b'=float32[2]@b, 'z'=float64[1, 2]@z]";

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final EventLog log = new EventLog();

    /** {@code a} and {@code b} are F32 [2] with the same bytes, {@code z} is F64 [1, 2]. */
    private Restored restored() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            json.name("__metadata__").beginObject();
            for (Map.Entry<String, String> entry : metadata.entrySet()) {
                json.name(entry.getKey()).value(entry.getValue());
            }
            json.endObject();
            tensor(json, "a", "F32", 0, 8, 2);
            tensor(json, "b", "F32", 8, 16, 2);
            tensor(json, "z", "F64", 16, 32, 1, 2);
            json.endObject();
        }
        byte[] header = text.toString().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        file.write(header);
        file.write(new byte[32]);
        Budget budget = new Budget(Limits.defaults());
        SafetensorsFile opened = SafetensorsFile.open(MemorySource.of("t", file.toByteArray()), budget);
        return Restorer.restore(opened, log, budget);
    }

    private static void tensor(JsonWriter json, String name, String type, long begin, long end, long... shape)
            throws IOException {
        json.name(name).beginObject().name("dtype").value(type).name("shape").beginArray();
        for (long size : shape) {
            json.value(size);
        }
        json.endArray()
                .name("data_offsets")
                .beginArray()
                .value(begin)
                .value(end)
                .endArray();
        json.endObject();
    }

    private String tree(String json) throws IOException {
        metadata.put("ptsanitize", json);
        return TreeText.of(restored().tree().root());
    }

    private String notes() {
        StringBuilder notes = new StringBuilder();
        for (Event event : log.events()) {
            notes.append(event.detail());
        }
        return notes.toString();
    }

    private static String tensors() {
        return "{\"a\":{\"$tensor\":\"a\"},\"b\":{\"$tensor\":\"b\"},\"c\":%s,\"z\":{\"$tensor\":\"z\"}}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null|NONE",
                "true|TRUE",
                "-7|-7",
                "1.0|1.0f",
                "1e-05|1.0E-5f",
                "\"text\"|'text'",
                "[]|list[]",
                "{}|dict[]",
                "{\"$int\":\"9007199254740992\"}|9007199254740992",
                "{\"$int\":\"-170141183460469231731687303715884105728\"}|-170141183460469231731687303715884105728",
                "{\"$float\":\"nan\"}|NaNf",
                "{\"$complex\":[\"1.5\",\"-inf\"]}|ComplexNumber[real=1.5, imaginary=-Infinity]",
                "{\"$bytes\":\"AAE=\"}|BYTES(2)",
                "{\"$bytearray\":\"\"}|BYTEARRAY(0)",
                "{\"$dtype\":\"float16\"}|TorchConstant[kind=DTYPE, text=float16]",
                "{\"$device\":\"cuda:1\"}|TorchConstant[kind=DEVICE, text=cuda:1]",
                "{\"$tuple\":[1,[2]]}|tuple[1, list[2]]",
                "{\"$set\":[\"x\",1]}|set['x', 1]",
                "{\"$size\":[2,3]}|size[2, 3]",
                "{\"$dict\":[[1,2],[\"k\",{\"$dict\":[[null,{}]]}]]}|dict[1=2, 'k'=dict[NONE=dict[]]]",
                "{\"$ordered_dict\":[],\"$metadata\":{\"v\":1}}|ordered_dict[]+dict['v'=1]",
                "{\"$counter\":[[{\"$bytes\":\"AA==\"},3]]}|counter[BYTES(1)=3]",
                "{\"$stub\":[[\"__class__\",\"a.B\"]]}|stub['__class__'='a.B']",
            })
    void everyTagBecomesItsValue(String json, String expected) throws IOException {
        String found = tree(START + tensors().replace("%s", json) + REST);
        assertEquals(
                "dict['a'=float32[2]@a, 'b'=float32[2]@b, 'c'=" + expected + ", 'z'=float64[1, 2]@z]", found, notes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "01|the metadata is not strict JSON",
                "1e2|the metadata has the number \"1e2\", spelled in a way it never is",
                "1.50|the metadata has the number \"1.50\", spelled in a way it never is",
                "-0|the metadata has the number \"-0\", spelled in a way it never is",
                "{\"$int\":\"5\"}|the metadata has the integer \"5\", spelled in a way it never is",
                "{\"$int\":\"1e9\"}|the metadata has the integer \"1e9\"",
                "{\"$float\":\"1.0\"}|the metadata has the float \"1.0\"",
                "{\"$bytes\":\"A\"}|the metadata has bytes that are no base64",
                "{\"$bytes\":\"AAF=\"}|the metadata has bytes that are no canonical base64",
                "{\"$dtype\":\"float\"}|the metadata has the unknown constant \"float\"",
                "{\"$device\":\"os.system\"}|the metadata has the unknown constant \"os.system\"",
                "{\"$evil\":1}|the metadata has the unknown tag \"$evil\"",
                "{\"b\":1,\"a\":2}|the metadata has an object whose names are not in order: \"a\"",
                "{\"a\":1,\"a\":2}|the metadata has an object whose names are not in order: \"a\"",
                "{\"$dict\":[[1,2],[true,3]]}|the metadata has a key twice in one mapping or set",
                "{\"$set\":[1,1.0]}|the metadata has a key twice in one mapping or set",
                "{\"$dict\":[[1,2,3]]}|the metadata has a number where the end of an array is expected",
                "{\"$tensor\":\"a\"}|tensor \"a\" stands in the tree twice",
                "{\"$tensor\":\"nope\"}|it names the tensor \"nope\", which is not in the file",
                "{\"$state_dict\":[\"x\",\"y\"],\"kind\":\"dict\",\"prefix\":\"\"}"
                        + "|it names the tensor \"x\", which is not in the file",
            })
    void whatContradictsIsNotUsedAndSaysWhy(String json, String reason) throws IOException {
        String found = tree(START + "{\"c\":" + json.replace("{}", "") + "}" + REST);
        if (reason.contains("twice") && reason.contains("tree")) {
            found = tree(START + tensors().replace("%s", json) + REST);
        }
        assertEquals(FLAT, found);
        assertEquals(
                "its metadata 'ptsanitize' is not used: " + reason,
                log.events().get(log.events().size() - 1).detail());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|the metadata has too few members",
                "[]|the metadata has an array where an object is expected",
                "{\"dropped\":{},\"representations\":{},\"root\":{},\"schema\":2,\"ties\":[]}"
                        + "|the metadata has schema \"2\", this version reads 1",
                "{\"dropped\":{},\"dropped\":{}}|the metadata has members in another order",
                "{\"dropped\":{},\"more\":{}}|the metadata has the unknown member \"more\"",
                "{\"dropped\":{},\"representations\":{\"a\":{\"dtype\":\"complex128\",\"kind\":\"\",\"shape\":[1]}},"
                        + "\"root\":{},\"schema\":1,\"ties\":[]}"
                        + "|a tensor reaches element 0 of storage 'a', which has 0 elements of complex128 (tensor a)",
                "{\"dropped\":{},\"representations\":{\"a\":{\"dtype\":\"int32\",\"kind\":\"\",\"shape\":[2]}},"
                        + "\"root\":{},\"schema\":1,\"ties\":[]}"
                        + "|tensor \"a\" is F32 [2] and cannot have been int32 [2]",
                "{\"dropped\":{},\"representations\":{},\"root\":{},\"schema\":1,\"ties\":[[\"a\",\"z\"]]}"
                        + "|tensor \"z\" is another tensor than the one it is tied to",
                "{\"dropped\":{},\"representations\":{},\"root\":{},\"schema\":1,\"ties\":[[\"a\",\"b\"],[\"b\"]]}"
                        + "|tensor \"b\" is tied twice",
            })
    void factsThatContradictTheFileAreNotUsed(String json, String reason) throws IOException {
        assertEquals(FLAT, tree(json));
        assertEquals("its metadata 'ptsanitize' is not used: " + reason, notes());
    }

    @Test
    void namesOfATieShareOneView() throws IOException {
        String ties = ",\"schema\":1,\"ties\":[[\"a\",\"b\"]]}";
        metadata.put(
                "ptsanitize", START + "{\"x\":[{\"$tensor\":\"b\"},{\"$tensor\":\"a\"},{\"$tensor\":\"z\"}]}" + ties);
        assertEquals(
                "dict['x'=list[float32[2]@a, float32[2]@a, float64[1, 2]@z]]",
                TreeText.of(restored().tree().root()));
    }

    @Test
    void complexNumbersComeBackFromPairs() throws IOException {
        String forms = "{\"z\":{\"dtype\":\"complex128\",\"kind\":\"complex128\",\"shape\":[1]}}";
        assertEquals(
                "list[complex128[1]@z, float32[2]@a, float32[2]@b]",
                tree("{\"dropped\":{},\"representations\":" + forms
                        + ",\"root\":[{\"$tensor\":\"z\"},{\"$tensor\":\"a\"},{\"$tensor\":\"b\"}]" + REST));
    }

    @Test
    void aTensorThatIsNotMentionedIsAddedAtTheRoot() throws IOException {
        assertEquals(
                "dict['x'=float32[2]@b, 'a'=float32[2]@a, 'z'=float64[1, 2]@z]",
                tree(START + "{\"x\":{\"$tensor\":\"b\"}}" + REST));
        assertEquals("not mentioned in the file's metadata, added at the root".repeat(2), notes());
    }

    @Test
    void aTensorThatIsNotMentionedAndHasNoPlaceMakesTheTreeFlat() throws IOException {
        assertEquals(FLAT, tree(START + "[{\"$tensor\":\"b\"}]" + REST));
        assertEquals(
                "its metadata 'ptsanitize' is not used: it does not mention the tensor \"a\", and its root is no mapping",
                notes());
    }

    @Test
    void aliasesOfAnyWriterAreNamesAgain() throws IOException {
        metadata.put("format", "pt");
        metadata.put("tied", "a");
        metadata.put("author", "someone");
        Restored restored = restored();
        MapNode root = (MapNode) restored.tree().root();
        assertEquals(FLAT.replace("]@z]", "]@z, 'tied'=float32[2]@a]"), TreeText.of(root));
        assertSame(
                ((TensorNode) root.get("a").orElseThrow()).view(),
                ((TensorNode) root.get("tied").orElseThrow()).view());
        assertEquals(Map.of("author", "someone"), restored.origin().texts());
    }

    @Test
    void nestingIsLimitedAndNeverOverflowsTheStack() throws IOException {
        String deep = "[".repeat(200_000) + "]".repeat(200_000);
        assertEquals(FLAT, tree(START + deep + REST));
        assertEquals(
                "its metadata 'ptsanitize' is not used: needs more than the limit of 1,000 levels of nesting"
                        + " (the metadata); raise --max-depth if you trust this file",
                notes());
    }
}
