package org.ptsanitize.converter.report;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * JSON as all reports have it: indented, and with texts that come back as they were: what UTF-8 cannot hold, unpaired
 * surrogates, is written as an escape.
 */
public final class JsonText {
    private JsonText() {}

    /** A writer of indented JSON. */
    public static JsonWriter writer(Writer out) {
        JsonWriter json = new JsonWriter(out);
        json.setFormattingStyle(FormattingStyle.PRETTY);
        json.setHtmlSafe(false);
        return json;
    }

    /** Writes a member with a text. */
    public static void write(JsonWriter json, String name, String text) throws IOException {
        write(json.name(name), text);
    }

    /** Writes a text. */
    public static void write(JsonWriter json, String text) throws IOException {
        if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            json.value(text);
            return;
        }
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        json.jsonValue(out.append('"').toString());
    }
}
