package org.ptsanitize.converter.migrate;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ptsanitize.formats.json.StrictJson;

/** A {@link UnitRecord} as members of a JSON object: in the journal and in the report. */
final class RecordJson {
    private RecordJson() {}

    /**
     * Writes the members; the object is the caller's to begin and end.
     *
     * @param times whether the times of outputs are written, which differ from run to run
     */
    static void write(UnitRecord unit, JsonWriter json, boolean times) throws IOException {
        json.name("source").value(unit.source());
        strings("also_at", unit.alsoAt(), json);
        json.name("bytes").value(unit.bytes());
        json.name("outcome").value(unit.outcome().text());
        json.name("container").value(unit.container());
        json.name("outputs").beginArray();
        for (UnitRecord.Output output : unit.outputs()) {
            json.beginObject();
            json.name("path").value(output.path());
            json.name("bytes").value(output.bytes());
            if (times) {
                json.name("modified").value(output.modified());
            }
            json.name("sha256").value(output.sha256());
            json.endObject();
        }
        json.endArray();
        strings("links", unit.links(), json);
        json.name("tensors").value(unit.tensors());
        json.name("tensor_bytes").value(unit.tensorBytes());
        json.name("counts").beginObject();
        for (Map.Entry<String, SortedMap<String, Long>> kind : unit.counts().entrySet()) {
            json.name(kind.getKey());
            numbers(kind.getValue(), json);
        }
        json.endObject();
        json.name("findings");
        numbers(unit.findings(), json);
        json.name("reason").value(unit.reason());
    }

    private static void strings(String name, List<String> values, JsonWriter json) throws IOException {
        json.name(name).beginArray();
        for (String value : values) {
            json.value(value);
        }
        json.endArray();
    }

    private static void numbers(Map<String, Long> values, JsonWriter json) throws IOException {
        json.beginObject();
        for (Map.Entry<String, Long> entry : values.entrySet()) {
            json.name(entry.getKey()).value(entry.getValue());
        }
        json.endObject();
    }

    /** Reads the members that {@link #write} wrote, times among them, up to the end of their object. */
    static UnitRecord read(StrictJson json) throws IOException {
        json.name("source");
        String source = json.text();
        List<String> alsoAt = strings("also_at", json);
        json.name("bytes");
        long bytes = json.whole();
        json.name("outcome");
        Outcome outcome = outcome(json);
        json.name("container");
        String container = json.text();
        json.name("outputs");
        List<UnitRecord.Output> outputs = outputs(json);
        List<String> links = strings("links", json);
        json.name("tensors");
        long tensors = json.whole();
        json.name("tensor_bytes");
        long tensorBytes = json.whole();
        SortedMap<String, SortedMap<String, Long>> counts = new TreeMap<>();
        json.name("counts");
        json.beginObject();
        while (json.hasNext()) {
            counts.put(json.name(), numbers(json));
        }
        json.endObject();
        json.name("findings");
        SortedMap<String, Long> findings = numbers(json);
        json.name("reason");
        String reason = json.text();
        return new UnitRecord(
                source,
                alsoAt,
                bytes,
                outcome,
                container,
                outputs,
                links,
                tensors,
                tensorBytes,
                counts,
                findings,
                reason);
    }

    private static Outcome outcome(StrictJson json) throws IOException {
        String text = json.text();
        for (Outcome outcome : Outcome.values()) {
            if (outcome.text().equals(text)) {
                return outcome;
            }
        }
        throw json.wrong("an unknown outcome");
    }

    private static List<UnitRecord.Output> outputs(StrictJson json) throws IOException {
        List<UnitRecord.Output> outputs = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            json.beginObject();
            json.name("path");
            String path = json.text();
            json.name("bytes");
            long bytes = json.whole();
            json.name("modified");
            long modified = Long.parseLong(json.number());
            json.name("sha256");
            outputs.add(new UnitRecord.Output(path, bytes, modified, json.text()));
            json.endObject();
        }
        json.endArray();
        return outputs;
    }

    private static List<String> strings(String name, StrictJson json) throws IOException {
        json.name(name);
        List<String> values = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            values.add(json.text());
        }
        json.endArray();
        return values;
    }

    private static SortedMap<String, Long> numbers(StrictJson json) throws IOException {
        SortedMap<String, Long> numbers = new TreeMap<>();
        json.beginObject();
        while (json.hasNext()) {
            numbers.put(json.name(), json.whole());
        }
        json.endObject();
        return numbers;
    }
}
