package org.ptsanitize.converter.migrate;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.json.StrictJson;

/**
 * A line of the journal: what became of a unit, and what it was made of, so that a later run can tell whether any of it
 * has changed.
 *
 * @param key names the unit
 * @param to how the names of outputs end, such as {@code .safetensors}: outputs of several formats can lie in one folder;
 *     empty for what is only carried along
 * @param modified when the source was changed last, in nanoseconds; for people
 * @param stamp stands for the names, sizes and times of all its files
 * @param options stands for the options that its output depends on
 * @param version of the program
 */
record JournalEntry(
        String key, String to, long modified, String stamp, String options, String version, UnitRecord unit) {
    private static final int SCHEMA = 1;

    /** What the last line of counts: a unit, and how its outputs are called. */
    record Id(String key, String to) {}

    Id id() {
        return new Id(key, to);
    }

    /** One line, its end included. */
    String line() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setHtmlSafe(false);
            json.beginObject();
            json.name("schema").value(SCHEMA);
            json.name("key").value(key);
            json.name("to").value(to);
            json.name("modified").value(modified);
            json.name("stamp").value(stamp);
            json.name("options").value(options);
            json.name("version").value(version);
            RecordJson.write(unit, json, true);
            json.endObject();
        }
        return text.append('\n').toString();
    }

    /** @throws IOException if the line is none of this schema */
    static JournalEntry parse(String line) throws IOException {
        StrictJson json = new StrictJson(new StringReader(line), "the journal", new Budget(Limits.defaults()));
        json.beginObject();
        json.name("schema");
        if (json.whole() != SCHEMA) {
            throw json.wrong("a line of another schema");
        }
        json.name("key");
        String key = json.text();
        json.name("to");
        String to = json.text();
        json.name("modified");
        long modified = Long.parseLong(json.number());
        json.name("stamp");
        String stamp = json.text();
        json.name("options");
        String options = json.text();
        json.name("version");
        String version = json.text();
        UnitRecord unit = RecordJson.read(json);
        json.endObject();
        json.end();
        return new JournalEntry(key, to, modified, stamp, options, version, unit);
    }
}
