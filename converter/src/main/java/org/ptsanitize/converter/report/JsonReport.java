package org.ptsanitize.converter.report;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A conversion as JSON, for programs. The page {@code docs/report.md} describes every field. */
public final class JsonReport {
    /** Version of the layout. */
    public static final int SCHEMA = 1;

    private final JsonWriter json;

    private JsonReport(Writer out) {
        this.json = new JsonWriter(out);
        json.setFormattingStyle(FormattingStyle.PRETTY);
        json.setHtmlSafe(false);
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
        ties(conversion);
        counts(conversion.log());
        events(conversion.log());
        findings(conversion.log());
        json.endObject();
        json.flush();
    }

    private void text(String name, String value) throws IOException {
        json.name(name);
        text(value);
    }

    /** Text that UTF-8 can hold; unpaired surrogates are escaped visibly. */
    private void text(String value) throws IOException {
        boolean wellFormed =
                java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(value);
        json.value(wellFormed ? value : Escaped.text(value));
    }

    private void tensors(List<OutputTensor> tensors) throws IOException {
        json.name("tensors").beginArray();
        for (OutputTensor tensor : tensors) {
            json.beginObject();
            text("name", tensor.name());
            text("path", tensor.path());
            json.name("dtype").value(tensor.dtype());
            json.name("shape").beginArray();
            for (long size : tensor.shape()) {
                json.value(size);
            }
            json.endArray();
            json.name("bytes").value(tensor.bytes());
            if (!tensor.representation().isEmpty()) {
                json.name("representation").value(tensor.representation());
            }
            json.endObject();
        }
        json.endArray();
    }

    private void ties(Conversion conversion) throws IOException {
        json.name("ties").beginArray();
        for (List<String> group : conversion.ties()) {
            json.beginArray();
            for (String name : group) {
                text(name);
            }
            json.endArray();
        }
        json.endArray();
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

    private static List<Finding> worstFirst(List<Finding> findings) {
        List<Finding> sorted = new ArrayList<>(findings);
        sorted.sort(Comparator.comparing(Finding::severity).reversed());
        return sorted;
    }

    private void findings(EventLog log) throws IOException {
        json.name("findings").beginArray();
        for (Finding finding : worstFirst(log.findings())) {
            json.beginObject();
            json.name("severity").value(finding.severity().text());
            text("global", finding.global());
            text("pickle", finding.part());
            json.name("offset").value(finding.offset());
            text("detail", finding.detail());
            json.endObject();
        }
        json.endArray();
        json.name("finding_counts").beginObject();
        for (Severity severity : Severity.values()) {
            json.name(severity.text()).value(log.findings(severity));
        }
        json.endObject();
    }
}
