package org.ptsanitize.converter.report;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The forms a report of a conversion can have, each known by the ending of its file's name. */
public enum ReportForm {
    /** A CycloneDX 1.6 bill of materials. */
    CYCLONEDX(".cdx.json") {
        @Override
        public void write(Conversion conversion, Writer out) throws IOException {
            CycloneDx.write(conversion, out);
        }
    },
    /** Everything, for programs. */
    JSON(".json") {
        @Override
        public void write(Conversion conversion, Writer out) throws IOException {
            JsonReport.write(conversion, out);
        }
    },
    /** A SARIF 2.1.0 log. */
    SARIF(".sarif") {
        @Override
        public void write(Conversion conversion, Writer out) throws IOException {
            SarifReport.write(conversion, out);
        }
    },
    /** A page to look at. */
    HTML(".html") {
        @Override
        public void write(Conversion conversion, Writer out) throws IOException {
            HtmlReport.write(conversion, out);
        }
    };

    private final String ending;

    ReportForm(String ending) {
        this.ending = ending;
    }

    /** The form that the name of a file asks for: the longest ending counts. */
    public static Optional<ReportForm> ofEnding(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        for (ReportForm form : values()) {
            if (name.endsWith(form.ending)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /** Writes a report. The writer stays the caller's. */
    public abstract void write(Conversion conversion, Writer out) throws IOException;
}
