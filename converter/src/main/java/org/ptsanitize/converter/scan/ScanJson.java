package org.ptsanitize.converter.scan;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.JsonText;
import org.ptsanitize.converter.report.Severity;

/** The results of a scan as JSON. The page {@code docs/scan.md} describes every field. */
public final class ScanJson {
    /** Version of the layout. */
    public static final int SCHEMA = 1;

    private ScanJson() {}

    /** Writes one report. */
    public static void write(ScanReport report, Writer out) throws IOException {
        JsonWriter json = JsonText.writer(out);
        json.beginObject();
        json.name("schema").value(SCHEMA);
        json.name("scanned").value(report.scanned());
        json.name("skipped").value(report.skipped());
        json.name("unfinished").value(report.unfinished());
        json.name("known").value(report.known());
        json.name("counts").beginObject();
        for (Severity severity : Severity.values()) {
            json.name(severity.text()).value(report.count(severity));
        }
        json.endObject();
        json.name("files").beginArray();
        for (FileScan file : report.files()) {
            file(json, report, file);
        }
        json.endArray().endObject();
        json.flush();
        out.write('\n');
        out.flush();
    }

    private static void file(JsonWriter json, ScanReport report, FileScan file) throws IOException {
        json.beginObject();
        json.name("path").value(Escaped.text(file.path().toString()));
        json.name("finished").value(file.finished());
        json.name("problems").beginArray();
        for (String problem : file.problems()) {
            json.value(Escaped.text(problem));
        }
        json.endArray();
        json.name("findings").beginArray();
        for (ScanFinding finding : file.findings()) {
            json.beginObject();
            json.name("severity").value(finding.severity().text());
            json.name("use").value(finding.use().text());
            json.name("global").value(Escaped.text(finding.global()));
            json.name("part").value(Escaped.text(finding.part()));
            json.name("offset").value(finding.offset());
            json.name("count").value(finding.count());
            json.name("detail").value(finding.detail());
            json.name("reason").value(finding.reason());
            json.name("fingerprint").value(finding.fingerprint());
            json.name("known").value(report.isKnown(finding));
            json.endObject();
        }
        json.endArray();
        json.name("findings_not_kept").value(file.left());
        json.endObject();
    }
}
