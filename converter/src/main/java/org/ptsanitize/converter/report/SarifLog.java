package org.ptsanitize.converter.report;

import com.google.gson.stream.JsonWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes one run as a SARIF 2.1.0 log (OASIS, "Static Analysis Results Interchange Format"), front to back: the rules, the
 * results, and what went wrong.
 */
public final class SarifLog implements Closeable {
    /** Where the schema is said to be. Nothing is ever fetched from there. */
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private final JsonWriter json;
    private final Writer out;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * A kind of result.
     *
     * @param id stable, such as {@code dangerous-call}
     * @param title in a few words
     * @param description one sentence
     */
    public record Rule(String id, Severity severity, String title, String description) {}

    /**
     * One result.
     *
     * @param part where in the file; empty for the file itself
     * @param offset the byte in the part; negative if there is none
     * @param fingerprint what tells it apart over time; empty if nothing does
     */
    public record Result(
            Rule rule, String message, Path file, String part, long offset, String fingerprint, Baseline baseline) {}

    /** What a baseline says of a result. */
    public enum Baseline {
        NONE,
        NEW,
        UNCHANGED
    }

    private record Problem(Path file, String message) {}

    private SarifLog(Writer out) {
        this.out = out;
        json = JsonText.writer(out);
    }

    /** Begins a log. The writer stays the caller's. */
    public static SarifLog begin(Writer out, List<Rule> rules) throws IOException {
        SarifLog log = new SarifLog(out);
        log.head(rules);
        return log;
    }

    private void head(List<Rule> rules) throws IOException {
        json.beginObject();
        json.name("$schema").value(SCHEMA);
        json.name("version").value("2.1.0");
        json.name("runs").beginArray().beginObject();
        json.name("tool").beginObject().name("driver").beginObject();
        json.name("name").value("ptsanitize");
        json.name("rules").beginArray();
        for (Rule rule : rules) {
            json.beginObject();
            json.name("id").value(rule.id());
            text("shortDescription", rule.title());
            text("fullDescription", rule.description());
            json.name("defaultConfiguration").beginObject();
            json.name("level").value(level(rule.severity())).endObject();
            json.name("properties").beginObject();
            json.name("security-severity").value(score(rule.severity()));
            json.name("tags").beginArray().value("security").endArray();
            json.endObject();
            json.endObject();
        }
        json.endArray().endObject().endObject();
        json.name("results").beginArray();
    }

    /** Adds one result. */
    public void add(Result result) throws IOException {
        json.beginObject();
        json.name("ruleId").value(result.rule().id());
        json.name("level").value(level(result.rule().severity()));
        text("message", result.message());
        json.name("locations").beginArray();
        location(result.file(), result.part(), result.offset());
        json.endArray();
        if (!result.fingerprint().isEmpty()) {
            json.name("partialFingerprints").beginObject();
            json.name("ptsanitize/v1").value(result.fingerprint()).endObject();
        }
        switch (result.baseline()) {
            case NONE -> {}
            case NEW -> json.name("baselineState").value("new");
            case UNCHANGED -> json.name("baselineState").value("unchanged");
        }
        json.endObject();
    }

    /** Adds that a file could not be worked on to its end. */
    public void problem(Path file, String message) {
        problems.add(new Problem(file, message));
    }

    /** Ends the log. */
    @Override
    public void close() throws IOException {
        json.endArray();
        json.name("invocations").beginArray().beginObject();
        json.name("executionSuccessful").value(problems.isEmpty());
        json.name("toolExecutionNotifications").beginArray();
        for (Problem problem : problems) {
            json.beginObject();
            json.name("level").value("error");
            text("message", problem.message());
            json.name("locations").beginArray();
            location(problem.file(), "", -1);
            json.endArray();
            json.endObject();
        }
        json.endArray().endObject().endArray();
        json.endObject().endArray().endObject();
        json.flush();
        out.write('\n');
        out.flush();
    }

    private void location(Path file, String part, long offset) throws IOException {
        json.beginObject().name("physicalLocation").beginObject();
        json.name("artifactLocation").beginObject().name("uri").value(uri(file)).endObject();
        if (part.isEmpty() && offset >= 0) {
            json.name("region").beginObject().name("byteOffset").value(offset);
            json.name("byteLength").value(1).endObject();
        }
        json.endObject();
        if (!part.isEmpty()) {
            json.name("logicalLocations").beginArray().beginObject();
            json.name("fullyQualifiedName").value(Escaped.text(part) + (offset < 0 ? "" : ":" + offset));
            json.name("kind").value("member").endObject().endArray();
        }
        json.endObject();
    }

    private void text(String name, String text) throws IOException {
        json.name(name).beginObject().name("text").value(Escaped.text(text)).endObject();
    }

    private static String uri(Path file) {
        String path = file.toString().replace('\\', '/');
        try {
            String raw = new URI(null, null, "/" + path, null).toASCIIString();
            return file.isAbsolute()
                    ? "file://" + raw.substring(1)
                    : raw.substring(1).replace(":", "%3A");
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case CRITICAL, HIGH -> "error";
            case MEDIUM -> "warning";
            case INFO -> "note";
        };
    }

    /** What code hosts order results by. */
    private static String score(Severity severity) {
        return switch (severity) {
            case CRITICAL -> "9.8";
            case HIGH -> "8.0";
            case MEDIUM -> "5.0";
            case INFO -> "0.0";
        };
    }
}
