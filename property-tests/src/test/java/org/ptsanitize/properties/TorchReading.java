package org.ptsanitize.properties;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** What the worker that asks PyTorch answered. */
final class TorchReading {
    private TorchReading() {}

    /** Each tensor's dtype, shape and digest, by path. */
    static Map<String, String> fingerprints(JsonObject loaded) {
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
}
