package org.ptsanitize.converter.report;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Text in JSON that comes back as it was: what UTF-8 cannot hold, unpaired surrogates, is written as an escape. */
public final class JsonText {
    private JsonText() {}

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
