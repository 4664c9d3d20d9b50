package org.ptsanitize.properties;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A safetensors file read by the letter of the format, without the code that is under test. */
record ReadSafetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
    /** An entry: compared by what it says and holds. */
    record Tensor(String dtype, List<Long> shape, String hex) {
        static Tensor of(String dtype, List<Long> shape, byte[] bytes) {
            return new Tensor(dtype, shape, HexFormat.of().formatHex(bytes));
        }

        @Override
        public String toString() {
            String start = hex.substring(0, Math.min(16, hex.length()));
            return dtype + shape + " " + start + (hex.length() > 16 ? "…#" + hex.hashCode() : "");
        }
    }

    private record Range(long from, long to) {}

    static ReadSafetensors of(byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(buffer.getLong());
        int data = 8 + length;
        require(data % 8 == 0, "the data begins at " + data);
        JsonObject header = JsonParser.parseString(new String(file, 8, length, StandardCharsets.UTF_8))
                .getAsJsonObject();
        Map<String, Tensor> tensors = new TreeMap<>();
        Map<String, String> metadata = new TreeMap<>();
        List<Range> ranges = new java.util.ArrayList<>();
        for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
            JsonObject value = entry.getValue().getAsJsonObject();
            if (entry.getKey().equals("__metadata__")) {
                value.entrySet()
                        .forEach(text ->
                                metadata.put(text.getKey(), text.getValue().getAsString()));
                continue;
            }
            JsonArray offsets = value.getAsJsonArray("data_offsets");
            Range range = new Range(offsets.get(0).getAsLong(), offsets.get(1).getAsLong());
            ranges.add(range);
            byte[] bytes =
                    Arrays.copyOfRange(file, Math.toIntExact(data + range.from()), Math.toIntExact(data + range.to()));
            List<Long> shape = value.getAsJsonArray("shape").asList().stream()
                    .map(JsonElement::getAsLong)
                    .toList();
            tensors.put(entry.getKey(), Tensor.of(value.get("dtype").getAsString(), shape, bytes));
        }
        long end = 0;
        ranges.sort(Comparator.comparingLong(Range::from).thenComparingLong(Range::to));
        for (Range range : ranges) {
            require(range.from() == end, "a hole or an overlap at " + end);
            end = range.to();
        }
        require(data + end == file.length, "the data ends at " + (data + end) + " of " + file.length);
        return new ReadSafetensors(tensors, metadata);
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new AssertionError("not a safetensors file: " + problem);
        }
    }
}
