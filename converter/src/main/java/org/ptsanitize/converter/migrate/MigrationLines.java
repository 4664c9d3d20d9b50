package org.ptsanitize.converter.migrate;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;

/** A migration as JSON lines, for programs. The page {@code docs/migrate.md} describes every field. */
public final class MigrationLines {
    private static final int SCHEMA = 1;

    private MigrationLines() {}

    /** Writes a line for each unit. The writer stays the caller's. */
    public static void write(MigrationResult result, Writer out) throws IOException {
        for (UnitRecord unit : result.units()) {
            StringWriter line = new StringWriter();
            try (JsonWriter json = new JsonWriter(line)) {
                json.setHtmlSafe(false);
                json.beginObject();
                json.name("schema").value(SCHEMA);
                RecordJson.write(unit, json, false);
                json.endObject();
            }
            out.write(line.append('\n').toString());
        }
        out.flush();
    }
}
