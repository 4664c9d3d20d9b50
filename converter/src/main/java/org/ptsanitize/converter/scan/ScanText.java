package org.ptsanitize.converter.scan;

import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.Severity;
import org.ptsanitize.formats.bytes.Figures;

/** The results of a scan in lines for a person. */
public final class ScanText {
    private static final int MOST_NAMES = 4;

    private ScanText() {}

    /**
     * The lines for one file: one for each finding that the baseline does not know and each problem, and one for all that
     * is only worth knowing.
     *
     * @param everything whether known findings and those only worth knowing have a line each
     */
    public static List<String> lines(FileScan file, ScanReport report, boolean everything) {
        String path = Escaped.text(file.path().toString());
        List<String> lines = new ArrayList<>();
        List<ScanFinding> quiet = new ArrayList<>();
        for (ScanFinding finding : file.findings()) {
            boolean known = report.isKnown(finding);
            if (everything || !known && finding.severity() != Severity.INFO) {
                lines.add(path + ": " + finding.severity().text() + (known ? " (known): " : ": ") + sentence(finding));
            } else if (!known) {
                quiet.add(finding);
            }
        }
        if (file.left() > 0) {
            lines.add(path + ": " + file.left() + " more findings are not listed");
        }
        if (!quiet.isEmpty()) {
            lines.add(path + ": info: " + names(quiet));
        }
        for (String problem : file.problems()) {
            lines.add(path + ": unfinished: " + Escaped.text(problem));
        }
        return lines;
    }

    private static String names(List<ScanFinding> findings) {
        List<String> names = findings.stream()
                .map(finding -> Escaped.text(finding.global(), 80))
                .distinct()
                .toList();
        String more = names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "";
        return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size()))) + more;
    }

    /** The line that sums up. */
    public static String sum(ScanReport report) {
        StringBuilder line = new StringBuilder();
        line.append(Figures.count(report.scanned(), "file")).append(" scanned");
        if (report.skipped() > 0) {
            line.append(", ").append(Figures.grouped(report.skipped())).append(" skipped that hold no pickle");
        }
        line.append(": ");
        List<String> parts = new ArrayList<>();
        for (Severity severity : List.of(Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.INFO)) {
            if (report.count(severity) > 0) {
                parts.add(Figures.grouped(report.count(severity)) + " " + severity.text());
            }
        }
        line.append(parts.isEmpty() ? "no findings" : String.join(", ", parts));
        if (report.known() > 0) {
            line.append(", ").append(Figures.grouped(report.known())).append(" known");
        }
        if (report.unfinished() > 0) {
            line.append("; ").append(Figures.count(report.unfinished(), "file")).append(" not scanned to the end");
        }
        return line.toString();
    }

    /** A finding in one sentence. */
    static String sentence(ScanFinding finding) {
        StringBuilder line = new StringBuilder();
        line.append(Escaped.text(finding.global(), 200))
                .append(' ')
                .append(finding.use().text());
        if (finding.count() > 1) {
            line.append(' ').append(Figures.grouped(finding.count())).append(" times");
        }
        line.append(" at byte ").append(finding.offset());
        if (!finding.part().isEmpty()) {
            line.append(" of ").append(Escaped.text(finding.part()));
        }
        if (!finding.detail().isEmpty()) {
            line.append(": ").append(finding.detail());
        }
        return line.append(" (").append(finding.reason()).append(')').toString();
    }
}
