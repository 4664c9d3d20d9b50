package org.ptsanitize.converter.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ptsanitize.formats.bytes.Figures;

/** A conversion in a few lines that a person can read. Everything from the input is escaped. */
public final class Summary {
    private static final int CLASSES = 8;

    private Summary() {}

    /** The lines, without line ends. */
    public static List<String> lines(Conversion conversion) {
        List<String> lines = new ArrayList<>();
        lines.add((conversion.written() ? "wrote " : "would write ")
                + Escaped.text(conversion.output().toString())
                + (conversion.written() ? "  " + Figures.size(conversion.outputSize()) : "")
                + (conversion.verified() ? ", verified" : ""));
        lines.add("  read      " + conversion.container().description()
                + (conversion.writer().isEmpty() ? "" : ", " + Escaped.text(conversion.writer())));
        lines.add("  tensors   " + Figures.grouped(conversion.tensors().size()) + ", "
                + Figures.size(conversion.tensorBytes()) + dtypes(conversion));
        if (!conversion.prefix().isEmpty()) {
            lines.add("  names     without '" + Escaped.text(conversion.prefix(), 100)
                    + ".', where all tensors are (--select . keeps it)");
        }
        ties(conversion, lines);
        kinds(conversion.log(), lines);
        findings(conversion.log(), lines);
        for (String need : conversion.needs()) {
            lines.add("  readers   " + need);
        }
        for (String note : conversion.log().notes()) {
            lines.add("  note      " + Escaped.text(note, 200));
        }
        if (conversion.narrower()) {
            lines.add("  narrow    training state is included; --weights writes only the model");
        }
        return lines;
    }

    /** Every event, one a line, for those who want to see all of it. */
    public static List<String> details(Conversion conversion) {
        List<String> lines = new ArrayList<>();
        for (Event event : conversion.log().events()) {
            lines.add("    " + event.kind().text() + "  " + Escaped.text(event.path(), 200) + "  "
                    + Escaped.text(event.subject(), 100) + "  " + Escaped.text(event.detail(), 300));
        }
        return lines;
    }

    private static void ties(Conversion conversion, List<String> lines) {
        if (conversion.ties().isEmpty()) {
            return;
        }
        long names = conversion.ties().stream().mapToLong(List::size).sum();
        String what = Figures.grouped(names) + " names share "
                + Figures.count(conversion.ties().size(), "tensor");
        if (!conversion.format().equals("safetensors")) {
            lines.add("  tied      " + what + "; they share storage in the output too");
        } else if (conversion.aliases().isEmpty()) {
            lines.add("  tied      " + what + "; each is written, " + Figures.size(repeated(conversion))
                    + " more (--tied dedupe writes one)");
        } else {
            lines.add("  tied      " + what + "; "
                    + Figures.grouped(conversion.aliases().size())
                    + " names are left out and recorded in the metadata");
        }
    }

    private static long repeated(Conversion conversion) {
        Map<String, Long> bytes = new TreeMap<>();
        conversion.tensors().forEach(tensor -> bytes.put(tensor.name(), tensor.bytes()));
        long total = 0;
        for (List<String> group : conversion.ties()) {
            total += (group.size() - 1) * bytes.getOrDefault(group.get(0), 0L);
        }
        return total;
    }

    private static void kinds(EventLog log, List<String> lines) {
        kind(log, Event.Kind.DROPPED, "dropped   ", "calls", lines);
        kind(log, Event.Kind.STUBBED, "stubbed   ", "objects", lines);
        kind(log, Event.Kind.CONVERTED, "changed   ", "values", lines);
        kind(log, Event.Kind.REPRESENTED, "split     ", "tensors", lines);
        kind(log, Event.Kind.CUT, "cut       ", "cycles", lines);
        kind(log, Event.Kind.REPLACED, "replaced  ", "values whose key is set again", lines);
        kind(log, Event.Kind.NO_DATA, "no data   ", "tensors", lines);
        kind(
                log,
                Event.Kind.OUTSIDE_STATE_DICT,
                "outside   ",
                "tensors of modules, not in their state_dict() (--keep-attributes writes them)",
                lines);
        kind(log, Event.Kind.ALREADY_NAMED, "repeated  ", "paths to tensors that have a name already", lines);
        kind(log, Event.Kind.RENAMED, "renamed   ", "", lines);
        kind(log, Event.Kind.NOT_SELECTED, "left out  ", "tensors", lines);
    }

    private static void kind(EventLog log, Event.Kind kind, String label, String what, List<String> lines) {
        long count = log.count(kind);
        if (count == 0) {
            return;
        }
        StringBuilder line = new StringBuilder("  ").append(label).append(Figures.grouped(count));
        if (!what.isEmpty()) {
            line.append(' ').append(count == 1 ? singular(what) : what);
        }
        boolean byClass = kind != Event.Kind.RENAMED && kind != Event.Kind.CUT && kind != Event.Kind.REPLACED;
        if (byClass) {
            line.append(": ").append(classes(log.counts(kind)));
        }
        lines.add(line.toString());
    }

    /** "calls" as one "call", "paths to tensors" as one "path to tensors": the first word is the one that is counted. */
    private static String singular(String what) {
        int end = what.indexOf(' ') < 0 ? what.length() : what.indexOf(' ');
        String first = what.substring(0, end);
        return first.substring(0, first.length() - 1) + what.substring(end);
    }

    private static String classes(Map<String, Long> counts) {
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()));
        List<String> some = new ArrayList<>();
        for (Map.Entry<String, Long> entry : sorted.subList(0, Math.min(CLASSES, sorted.size()))) {
            some.add(Escaped.text(entry.getKey(), 80) + (entry.getValue() > 1 ? " ×" + entry.getValue() : ""));
        }
        return String.join(", ", some) + (sorted.size() > CLASSES ? " and " + (sorted.size() - CLASSES) + " more" : "");
    }

    private static void findings(EventLog log, List<String> lines) {
        long critical = log.findings(Severity.CRITICAL);
        long high = log.findings(Severity.HIGH);
        if (critical + high == 0) {
            return;
        }
        lines.add("  danger    loading the input would call " + Figures.grouped(critical + high)
                + " unknown or dangerous functions"
                + (critical > 0 ? ", " + Figures.grouped(critical) + " of them known to be dangerous" : "") + ":");
        int shown = 0;
        for (Severity severity : List.of(Severity.CRITICAL, Severity.HIGH)) {
            for (Finding finding : log.findings()) {
                if (finding.severity() == severity && shown < CLASSES) {
                    lines.add("              " + severity.text() + "  "
                            + (finding.detail().isEmpty() ? Escaped.text(finding.global(), 80) : finding.detail())
                            + "  ("
                            + finding.part() + " byte " + finding.offset() + ")");
                    shown++;
                }
            }
        }
        if (critical + high > shown) {
            lines.add("              and " + Figures.grouped(critical + high - shown)
                    + " more (--report FILE.json lists them)");
        }
    }

    private static String dtypes(Conversion conversion) {
        Map<String, Long> counts = new TreeMap<>();
        conversion.tensors().forEach(tensor -> counts.merge(tensor.dtype(), 1L, Long::sum));
        return counts.isEmpty() ? "" : ": " + classes(counts);
    }
}
