package org.ptsanitize.converter.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.formats.bytes.FileFormatException;

/** Sharded outputs and inputs, and distributed folders, from file to file. */
class ShardsTest {
    @TempDir
    private Path folder;

    /** Read where it lies: the build leaves files such as {@code .metadata} out of the resources it copies. */
    private static Path distributed() {
        return Path.of("src/test/resources/org/ptsanitize/converter/distributed/sharded");
    }

    private Conversion convert(Path input, String output, ConvertOptions.Builder options) throws Exception {
        Path target = folder.resolve(output);
        return new Converter(options.build())
                .convert(input, target, OutputFormat.ofEnding(target).orElseThrow());
    }

    private static ConvertOptions.Builder options() {
        return ConvertOptions.builder();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aDistributedFolderIsPutTogether() throws Exception {
        Conversion conversion = convert(distributed(), "whole.safetensors", options());
        List<String> tensors = new ArrayList<>();
        conversion.tensors().forEach(tensor -> tensors.add(tensor.name() + " " + tensor.shape()));
        tensors.sort(null);
        assertEquals(
                List.of(
                        "empty [0, 4]",
                        "list.0 [2]",
                        "list.1.x [1]",
                        "model.columns [4, 7]",
                        "model.copied [3]",
                        "model.middle [2, 6, 2]",
                        "model.rows [5, 3]",
                        "model.turned [4, 3]",
                        "plain [2, 2]",
                        "scalar []"),
                tensors);
        byte[] file = Files.readAllBytes(folder.resolve("whole.safetensors"));
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int data = 8 + (int) bytes.getLong(0);
        // The int64 tensor comes first; it was split in the middle of three dimensions.
        for (int i = 0; i < 24; i++) {
            assertEquals(i, bytes.getLong(data + 8 * i));
        }
    }

    @Test
    void anOutputInShardsReadsBackAsTheWhole() throws Exception {
        convert(distributed(), "whole.safetensors", options());
        Conversion conversion =
                convert(distributed(), "m.safetensors", options().maxShardSize(120));
        assertEquals(folder.resolve("m.safetensors.index.json"), conversion.output());
        assertEquals(
                List.of(
                        "m-00001-of-00003.safetensors",
                        "m-00002-of-00003.safetensors",
                        "m-00003-of-00003.safetensors",
                        "m.safetensors.index.json",
                        "whole.safetensors"),
                files());
        convert(conversion.output(), "back.safetensors", options());
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("whole.safetensors")),
                Files.readAllBytes(folder.resolve("back.safetensors")));
    }

    @Test
    void anOutputThatFitsIsOneFile() throws Exception {
        convert(distributed(), "m.safetensors", options().maxShardSize(1_000_000));
        assertEquals(List.of("m.safetensors"), files());
    }

    @Test
    void nothingAppearsIfOneNameIsTaken() throws Exception {
        Files.writeString(folder.resolve("m-00003-of-00003.safetensors"), "mine");
        assertThrows(
                IOException.class,
                () -> convert(distributed(), "m.safetensors", options().maxShardSize(120)));
        assertEquals(List.of("m-00003-of-00003.safetensors"), files());
        assertEquals("mine", Files.readString(folder.resolve("m-00003-of-00003.safetensors")));
    }

    /** Two shards with one F32 [1] tensor each, and an index of this text. */
    private String problem(String index) throws IOException {
        shard("s-00001-of-00002.safetensors", "a");
        shard("s-00002-of-00002.safetensors", "b");
        Path file = folder.resolve("s.safetensors.index.json");
        Files.writeString(file, index);
        return assertThrows(FileFormatException.class, () -> convert(file, "out.safetensors", options()))
                .getMessage()
                .replace(folder + "/", "");
    }

    private void shard(String name, String tensor) throws IOException {
        byte[] header = ("{\"" + tensor + "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(
                folder.resolve(name), file.putLong(header.length).put(header).array());
    }

    private static String map(String... pairs) {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            entries.add("\"" + pairs[i] + "\": \"" + pairs[i + 1] + "\"");
        }
        return "{\"weight_map\": {" + String.join(", ", entries) + "}}";
    }

    @Test
    void aNameThatLeavesTheFolderIsRefused() throws IOException {
        for (String name : List.of("../s-00001-of-00002.safetensors", "/etc/passwd", "..")) {
            assertEquals(
                    "s.safetensors.index.json: the file name \"" + name + "\" leads out of the folder",
                    problem(map("a", name)));
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        assertEquals(
                "s.safetensors.index.json: the file \"gone.safetensors\" is missing",
                problem(map("a", "gone.safetensors")));
    }

    @Test
    void aSurplusShardIsNamed() throws IOException {
        assertEquals(
                "s.safetensors.index.json: the shard \"s-00002-of-00002.safetensors\" lies in the folder, but the index"
                        + " does not name it; complete the index or move the file away",
                problem(map("a", "s-00001-of-00002.safetensors")));
    }

    @Test
    void aTensorThatIsInNoShardIsNamed() throws IOException {
        assertEquals(
                "s.safetensors.index.json: tensor \"c\" is in the index, but not in the shard"
                        + " \"s-00002-of-00002.safetensors\"",
                problem(map("a", "s-00001-of-00002.safetensors", "c", "s-00002-of-00002.safetensors")));
    }

    @Test
    void aTensorInAnotherShardThanTheIndexSaysIsAnError() throws IOException {
        assertEquals(
                "s.safetensors.index.json: tensor \"a\" is in \"s-00001-of-00002.safetensors\", the index says"
                        + " \"s-00002-of-00002.safetensors\"",
                problem(map("b", "s-00001-of-00002.safetensors", "a", "s-00002-of-00002.safetensors")));
    }

    @Test
    void aTensorInTwoShardsIsAnError() throws IOException {
        shard("other.safetensors", "a");
        assertEquals(
                "s.safetensors.index.json: tensor \"a\" is in two shards, \"other.safetensors\" and"
                        + " \"s-00001-of-00002.safetensors\"",
                problem(map(
                        "a",
                        "other.safetensors",
                        "x",
                        "s-00001-of-00002.safetensors",
                        "b",
                        "s-00002-of-00002.safetensors")));
    }

    @Test
    void aHostileIndexIsAnError() throws IOException {
        assertEquals(
                "s.safetensors.index.json: the index has the tensor \"a\" twice",
                problem(map("a", "s-00001-of-00002.safetensors", "a", "s-00002-of-00002.safetensors")));
        assertEquals(
                "s.safetensors.index.json: the index has a number where a text is expected",
                problem("{\"weight_map\": {\"a\": 1}}"));
        assertEquals("s.safetensors.index.json: the index is not strict JSON", problem("{\"weight_map\": {\"a\": "));
        assertEquals(
                "s.safetensors.index.json: a JSON document without a weight_map, so not the index of a sharded"
                        + " checkpoint; name a checkpoint file",
                problem("{\"model_type\": \"bert\"}"));
    }
}
