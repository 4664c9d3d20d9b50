package org.ptsanitize.converter.report;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** A conversion as JSON, for programs. The page {@code docs/report.md} describes every field. */
public final class JsonReport {
    /** Version of the layout. */
    public static final int SCHEMA = 1;

    private final JsonWriter json;

    private JsonReport(Writer out) {
        this.json = JsonText.writer(out);
    }

    /** Writes one report. */
    public static void write(Conversion conversion, Writer out) throws IOException {
        new JsonReport(out).write(conversion);
        out.write('\n');
        out.flush();
    }

    private void write(Conversion conversion) throws IOException {
        json.beginObject();
        json.name("schema").value(SCHEMA);
        json.name("input").beginObject();
        text("path", conversion.input().toString());
        json.name("bytes").value(conversion.inputSize());
        text("container", conversion.container().description());
        text("writer", conversion.writer());
        json.endObject();
        json.name("output").beginObject();
        text("path", conversion.output().toString());
        text("format", conversion.format());
        json.name("bytes").value(conversion.outputSize());
        json.name("written").value(conversion.written());
        json.name("verified").value(conversion.verified());
        json.name("needs").beginArray();
        for (String need : conversion.needs()) {
            json.value(need);
        }
        json.endArray();
        json.endObject();
        text("selected", conversion.from());
        text("prefix", conversion.prefix());
        tensors(conversion.tensors());
        JsonParts.ties(json, conversion.ties());
        aliases(conversion);
        counts(conversion.log());
        events(conversion.log());
        JsonParts.findings(json, conversion.log());
        json.endObject();
        json.flush();
    }

    private void text(String name, String value) throws IOException {
        JsonText.write(json, name, value);
    }

    private void tensors(List<OutputTensor> tensors) throws IOException {
        json.name("tensors").beginArray();
        for (OutputTensor tensor : tensors) {
            json.beginObject();
            text("name", tensor.name());
            text("path", tensor.path());
            json.name("dtype").value(tensor.dtype());
            JsonParts.shape(json, tensor.shape());
            json.name("bytes").value(tensor.bytes());
            if (!tensor.representation().isEmpty()) {
                json.name("representation").value(tensor.representation());
            }
            json.endObject();
        }
        json.endArray();
    }

    private void aliases(Conversion conversion) throws IOException {
        json.name("aliases").beginObject();
        for (Map.Entry<String, String> alias : conversion.aliases().entrySet()) {
            text(alias.getKey(), alias.getValue());
        }
        json.endObject();
    }

    private void counts(EventLog log) throws IOException {
        json.name("counts").beginObject();
        for (Event.Kind kind : Event.Kind.values()) {
            Map<String, Long> counts = log.counts(kind);
            if (!counts.isEmpty()) {
                json.name(kind.text()).beginObject();
                for (Map.Entry<String, Long> entry : counts.entrySet()) {
                    json.name(Escaped.text(entry.getKey())).value(entry.getValue());
                }
                json.endObject();
            }
        }
        json.endObject();
    }

    private void events(EventLog log) throws IOException {
        json.name("events").beginArray();
        for (Event event : log.events()) {
            json.beginObject();
            json.name("kind").value(event.kind().text());
            text("path", event.path());
            text("subject", event.subject());
            text("detail", event.detail());
            json.endObject();
        }
        json.endArray();
        json.name("events_not_kept").value(log.eventsNotKept());
    }
}
