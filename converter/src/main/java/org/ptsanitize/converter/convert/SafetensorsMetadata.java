package org.ptsanitize.converter.convert;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ptsanitize.converter.naming.NameWalk;
import org.ptsanitize.converter.naming.OutputNames;
import org.ptsanitize.converter.naming.Selection;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.restore.Origin;
import org.ptsanitize.converter.restore.Restorer;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;

/**
 * The {@code __metadata__} of a safetensors output: {@code format}, and under {@code ptsanitize} one canonical JSON text
 * with everything that is no tensor. Keys are sorted, numbers are the shortest that read back the same; the page
 * {@code docs/metadata.md} describes every field.
 */
final class SafetensorsMetadata {
    static final String FORMAT_KEY = Restorer.FORMAT_KEY;
    static final String TREE_KEY = Restorer.TREE_KEY;

    /** Version of the JSON's layout. */
    static final int SCHEMA = 1;

    private SafetensorsMetadata() {}

    /** @param origin what the input's own metadata tells, which stays */
    static SortedMap<String, String> of(
            Origin origin,
            Selection selection,
            NameWalk walk,
            List<OutputNames.Named> named,
            SafetensorsPlan plan,
            ConvertOptions options,
            EventLog log,
            Budget budget)
            throws IOException {
        boolean all = options.metadata() == ConvertOptions.Metadata.ALL;
        SortedMap<String, String> metadata = new TreeMap<>();
        if (all) {
            metadata.putAll(origin.texts());
        }
        metadata.putAll(plan.aliases());
        metadata.put(FORMAT_KEY, "pt");
        if (all) {
            metadata.put(TREE_KEY, json(origin, selection, walk, named, plan, log, budget));
        }
        return metadata;
    }

    private static String json(
            Origin origin,
            Selection selection,
            NameWalk walk,
            List<OutputNames.Named> named,
            SafetensorsPlan plan,
            EventLog log,
            Budget budget)
            throws IOException {
        long limit = budget.limits().of(Limit.METADATA);
        WrittenNames names = walk.repeats() ? repeated(selection, walk, named, limit) : new WrittenNames(named);
        StringWriter text = new StringWriter();
        try (JsonWriter json = writer(text, limit)) {
            json.beginObject();
            writeDropped(json, origin, log);
            if (!selection.from().isEmpty()) {
                TreeJson.text(json.name("from"), selection.from());
            }
            if (!selection.prefix().isEmpty()) {
                TreeJson.text(json.name("prefix"), selection.prefix());
            }
            writeRepresentations(json, plan);
            new TreeJson(json.name("root"), names, walk.omitted()).write(selection.root());
            json.name("schema").value(SCHEMA);
            writeTies(json, plan);
            json.endObject();
        }
        return text.toString();
    }

    private static JsonWriter writer(Writer out, long limit) {
        JsonWriter json = new JsonWriter(new BoundedWriter(out, limit));
        json.setStrictness(Strictness.STRICT);
        json.setHtmlSafe(false);
        return json;
    }

    /**
     * The names where some tensors stand in several places. An object is written once, at the first of its places, which
     * need not be the one by which a tensor in it has its name: writing the tree for nothing tells.
     */
    private static WrittenNames repeated(Selection selection, NameWalk walk, List<OutputNames.Named> named, long limit)
            throws IOException {
        WrittenNames names = WrittenNames.withRepetitions(named);
        try (JsonWriter nowhere = writer(Writer.nullWriter(), limit)) {
            new TreeJson(nowhere, names, walk.omitted()).write(selection.root());
        }
        return WrittenNames.withRepetitions(named).hide(names.left());
    }

    private static void writeDropped(JsonWriter json, Origin origin, EventLog log) throws IOException {
        SortedMap<String, Long> dropped = new TreeMap<>(origin.dropped());
        for (Map.Entry<String, Long> entry : log.counts(Event.Kind.DROPPED).entrySet()) {
            dropped.merge(TreeJson.wellFormed(entry.getKey()), entry.getValue(), Long::sum);
        }
        json.name("dropped").beginObject();
        for (Map.Entry<String, Long> entry : dropped.entrySet()) {
            json.name(entry.getKey()).value(entry.getValue());
        }
        json.endObject();
    }

    private static void writeRepresentations(JsonWriter json, SafetensorsPlan plan) throws IOException {
        SortedMap<String, PlannedTensor> changed = new TreeMap<>();
        for (PlannedTensor tensor : plan.tensors()) {
            if (!tensor.representation().isEmpty()) {
                changed.put(tensor.name(), tensor);
            }
        }
        json.name("representations").beginObject();
        for (Map.Entry<String, PlannedTensor> entry : changed.entrySet()) {
            PlannedTensor tensor = entry.getValue();
            json.name(entry.getKey()).beginObject();
            json.name("dtype").value(tensor.view().dtype().torchName());
            json.name("kind").value(tensor.representation());
            json.name("shape").beginArray();
            for (long size : tensor.view().sizes()) {
                json.value(size);
            }
            json.endArray();
            json.endObject();
        }
        json.endObject();
    }

    private static void writeTies(JsonWriter json, SafetensorsPlan plan) throws IOException {
        json.name("ties").beginArray();
        for (List<String> group : plan.ties()) {
            json.beginArray();
            for (String name : group) {
                json.value(name);
            }
            json.endArray();
        }
        json.endArray();
    }

    static LimitExceededException tooLarge(long limit) {
        return new LimitExceededException(Limit.METADATA, limit, "metadata; or leave it out with --metadata none");
    }

    /** Passes on as many characters as the limit allows. */
    private static final class BoundedWriter extends FilterWriter {
        private final long limit;
        private long length;

        BoundedWriter(Writer out, long limit) {
            super(out);
            this.limit = limit;
        }

        @Override
        public void write(int character) throws IOException {
            count(1);
            super.write(character);
        }

        @Override
        public void write(char[] text, int offset, int count) throws IOException {
            count(count);
            super.write(text, offset, count);
        }

        @Override
        public void write(String text, int offset, int count) throws IOException {
            count(count);
            super.write(text, offset, count);
        }

        private void count(int more) throws LimitExceededException {
            length += more;
            if (length > limit) {
                throw tooLarge(limit);
            }
        }
    }
}
