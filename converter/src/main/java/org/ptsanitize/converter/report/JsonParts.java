package org.ptsanitize.converter.report;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What reports of several kinds hold in the same form. The page {@code docs/report.md} describes every field. */
public final class JsonParts {
    private JsonParts() {}

    /** The sizes of a tensor. */
    public static void shape(JsonWriter json, List<Long> shape) throws IOException {
        json.name("shape").beginArray();
        for (long size : shape) {
            json.value(size);
        }
        json.endArray();
    }

    /** Groups of names that are one tensor. */
    public static void ties(JsonWriter json, List<List<String>> groups) throws IOException {
        json.name("ties").beginArray();
        for (List<String> group : groups) {
            json.beginArray();
            for (String name : group) {
                JsonText.write(json, name);
            }
            json.endArray();
        }
        json.endArray();
    }

    /** The findings, the worst first, and how many there were of each severity. */
    public static void findings(JsonWriter json, EventLog log) throws IOException {
        List<Finding> worstFirst = new ArrayList<>(log.findings());
        worstFirst.sort(Comparator.comparing(Finding::severity).reversed());
        json.name("findings").beginArray();
        for (Finding finding : worstFirst) {
            json.beginObject();
            json.name("severity").value(finding.severity().text());
            JsonText.write(json, "global", finding.global());
            JsonText.write(json, "pickle", finding.part());
            json.name("offset").value(finding.offset());
            JsonText.write(json, "detail", finding.detail());
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
