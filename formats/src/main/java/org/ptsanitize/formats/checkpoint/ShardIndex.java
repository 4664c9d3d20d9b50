package org.ptsanitize.formats.checkpoint;

import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.NotACheckpointException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.json.StrictJson;

/**
 * The index of a sharded checkpoint: {@code {"metadata": {"total_size": …}, "weight_map": {name: file}}}.
 *
 * @param files the shard of each tensor
 * @param texts the texts in its metadata; other values there are passed over
 * @param totalSize bytes of all tensors, if it says so with a whole number
 */
record ShardIndex(Map<String, String> files, SortedMap<String, String> texts, OptionalLong totalSize) {
    private static final int ENTRY_BYTES = 150;

    /** Whether bytes look like a JSON object: text from the first byte, which no binary container has. */
    static boolean mayBe(ByteBuffer head) {
        int at = 0;
        while (at < head.limit() && " \t\r\n".indexOf(head.get(at)) >= 0) {
            at++;
        }
        boolean object = at < head.limit() && head.get(at) == '{';
        for (int i = 0; i < Math.min(9, head.limit()) && object; i++) {
            object = head.get(i) == '\t' || head.get(i) == '\n' || head.get(i) == '\r' || head.get(i) >= ' ';
        }
        return object && head.limit() >= 9;
    }

    /**
     * Reads an index.
     *
     * @throws NotACheckpointException if it is JSON of another kind
     */
    static ShardIndex read(ByteSource source, Budget budget) throws IOException {
        StrictJson json = StrictJson.of(source, "the index", budget);
        return new Reader(json, budget).read();
    }

    /** The names of the shards, sorted. */
    SortedSet<String> shards() {
        return new TreeSet<>(files.values());
    }

    private static final class Reader {
        private final StrictJson json;
        private final Budget budget;
        private final Map<String, String> interned = new TreeMap<>();
        private final Map<String, String> files = new LinkedHashMap<>();
        private final SortedMap<String, String> texts = new TreeMap<>();
        private OptionalLong totalSize = OptionalLong.empty();
        private boolean complete;

        Reader(StrictJson json, Budget budget) {
            this.json = json;
            this.budget = budget;
        }

        ShardIndex read() throws IOException {
            json.object(member -> {
                switch (member) {
                    case "metadata" -> readMetadata();
                    case "weight_map" -> readFiles();
                    default -> {
                        return false;
                    }
                }
                return true;
            });
            json.end();
            if (!complete) {
                throw new NotACheckpointException(
                        "a JSON document without a weight_map, so not the index of a sharded checkpoint",
                        "",
                        "name a checkpoint file");
            }
            return new ShardIndex(files, texts, totalSize);
        }

        private void readMetadata() throws IOException {
            if (json.peek() == JsonToken.NULL) {
                json.nullValue();
                return;
            }
            json.object(this::readFact);
        }

        private boolean readFact(String key) throws IOException {
            if (json.peek() == JsonToken.STRING) {
                String value = json.text();
                budget.spendMemory(2L * value.length(), 0);
                texts.put(key, value);
            } else if (key.equals("total_size") && json.peek() == JsonToken.NUMBER) {
                totalSize = whole(json.number());
            } else {
                return false;
            }
            return true;
        }

        /** Some writers give the size as a float. */
        private static OptionalLong whole(String number) {
            String digits = number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
            boolean whole = digits.length() <= 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
            return whole ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
        }

        private void readFiles() throws IOException {
            complete = true;
            json.beginObject();
            while (json.hasNext()) {
                String name = json.name();
                String file = json.text();
                String known = interned.putIfAbsent(file, file);
                budget.spendMemory(ENTRY_BYTES + 2L * name.length() + (known == null ? 2L * file.length() : 0), 0);
                if (files.put(name, known == null ? file : known) != null) {
                    throw json.wrong("the tensor " + Printable.quote(name) + " twice");
                }
            }
            json.endObject();
        }
    }
}
