package org.ptsanitize.converter.verify;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.JsonText;
import org.ptsanitize.formats.bytes.Figures;

/** What a comparison found, for people and for programs. The page {@code docs/verify.md} describes every field. */
public final class VerificationReport {
    /** Version of the JSON's layout. */
    public static final int SCHEMA = 1;

    private static final int SHOWN = 10;

    private VerificationReport() {}

    /** Lines for a person: the verdict, then the first differences; everything from the inputs is escaped. */
    public static List<String> lines(Verification result, boolean all) {
        List<String> lines = new ArrayList<>();
        lines.add((result.isSame() ? "same       " : "different  ")
                + Escaped.text(result.original() + " and " + result.copy()));
        lines.add("  tensors  " + Figures.count(result.tensors(), "tensor") + " compared, "
                + Figures.size(result.bytes()));
        if (!result.mapping().isEmpty()) {
            lines.add("  names    " + Escaped.text(result.mapping()));
        }
        for (String note : result.notes()) {
            lines.add("  note     " + Escaped.text(note, 300));
        }
        if (!result.isSame()) {
            lines.add("  differ   " + Figures.count(result.different(), "tensor") + ", first:");
        }
        int most = all
                ? result.differences().size()
                : Math.min(SHOWN, result.differences().size());
        for (Difference difference : result.differences().subList(0, most)) {
            lines.add("    " + difference.kind().text() + "  '" + Escaped.text(difference.name(), 200) + "' "
                    + Escaped.text(difference.detail(), 600));
        }
        if (result.different() > most) {
            lines.add("    and " + Figures.grouped(result.different() - most) + " more"
                    + (all ? "" : " (-v lists them)"));
        }
        return lines;
    }

    /** One JSON object, without a line end. */
    public static String json(Verification result) throws IOException {
        StringWriter out = new StringWriter();
        JsonWriter json = JsonText.writer(out);
        json.beginObject();
        json.name("schema").value(SCHEMA);
        JsonText.write(json, "original", result.original());
        JsonText.write(json, "copy", result.copy());
        json.name("same").value(result.isSame());
        json.name("tensors").value(result.tensors());
        json.name("bytes").value(result.bytes());
        json.name("mapping").value(result.mapping());
        json.name("different").value(result.different());
        json.name("differences").beginArray();
        for (Difference difference : result.differences()) {
            json.beginObject();
            json.name("kind").value(difference.kind().text());
            JsonText.write(json, "name", difference.name());
            JsonText.write(json, "path", difference.path());
            json.name("element").value(difference.element());
            json.name("detail").value(Escaped.text(difference.detail()));
            json.endObject();
        }
        json.endArray();
        json.name("notes").beginArray();
        for (String note : result.notes()) {
            json.value(Escaped.text(note));
        }
        json.endArray();
        json.endObject();
        json.flush();
        return out.toString();
    }
}
