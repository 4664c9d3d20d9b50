package org.ptsanitize.properties;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the worker that asks PyTorch answered. */
final class TorchReading {
    private TorchReading() {}

    /** The dtype, shape and digest of each tensor and, as a tensor of one dimension, each bare storage, by path. */
    static Map<String, String> fingerprints(JsonObject loaded) {
        Map<String, String> found = new TreeMap<>();
        for (String kind : List.of("tensors", "bare")) {
            if (loaded.has(kind)) {
                add(loaded.getAsJsonObject(kind), found);
            }
        }
        return found;
    }

    private static void add(JsonObject tensors, Map<String, String> found) {
        for (Map.Entry<String, JsonElement> tensor : tensors.entrySet()) {
            JsonObject facts = tensor.getValue().getAsJsonObject();
            found.put(
                    tensor.getKey(),
                    facts.has("sha256")
                            ? facts.get("dtype").getAsString()
                                    + facts.get("shape")
                                    + facts.get("sha256").getAsString()
                            : facts.toString());
        }
    }
}
