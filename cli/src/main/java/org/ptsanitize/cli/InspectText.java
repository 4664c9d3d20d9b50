package org.ptsanitize.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.ptsanitize.converter.inspect.InspectedGlobal;
import org.ptsanitize.converter.inspect.InspectedTensor;
import org.ptsanitize.converter.inspect.Inspection;
import org.ptsanitize.converter.policy.GlobalClass;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.Finding;
import org.ptsanitize.converter.report.Severity;
import org.ptsanitize.formats.bytes.Figures;

/** An inspection as lines for a person. Everything from the input is escaped. */
final class InspectText {
    private static final int SHOWN = 8;

    private final Inspection inspection;
    private final Style style;

    InspectText(Inspection inspection, Style style) {
        this.inspection = inspection;
        this.style = style;
    }

    /** What the file is, in a few lines. */
    List<String> summary() {
        List<String> lines = new ArrayList<>();
        lines.add(style.heading(Escaped.text(inspection.input().toString())) + "  "
                + Figures.size(inspection.inputBytes()));
        lines.add("  format    " + inspection.container()
                + (inspection.writer().isEmpty() ? "" : ", " + Escaped.text(inspection.writer())));
        if (!inspection.stops().isEmpty()) {
            lines.add("  " + style.bad("stops") + "     " + Escaped.text(inspection.stops(), 400));
        }
        inspection.damaged().stream()
                .skip(1)
                .limit(SHOWN)
                .forEach(part -> lines.add("            also at '" + Escaped.text(part.path(), 100) + "': "
                        + Escaped.text(part.problem(), 200)));
        if (inspection.root().isPresent()) {
            lines.add("  tensors   " + tensors());
        }
        if (!inspection.prefix().isEmpty()) {
            lines.add("  names     without '" + Escaped.text(inspection.prefix(), 100) + ".'");
        }
        if (!inspection.ties().isEmpty()) {
            long names = inspection.ties().stream().mapToLong(List::size).sum();
            lines.add("  tied      " + Figures.grouped(names) + " names share "
                    + Figures.count(inspection.ties().size(), "tensor"));
        }
        if (!inspection.outside().isEmpty()) {
            lines.add("  outside   " + Figures.grouped(inspection.outside().size())
                    + " tensors of modules, not in their state_dict()");
        }
        globals(lines);
        calls(lines);
        for (String note : inspection.log().notes()) {
            lines.add("  note      " + Escaped.text(note, 200));
        }
        return lines;
    }

    private String tensors() {
        StringJoiner dtypes = new StringJoiner(", ", ": ", "").setEmptyValue("");
        inspection
                .byDtype()
                .forEach((dtype, total) -> dtypes.add(dtype
                        + (total.tensors() == 1 ? " " : " ×" + Figures.grouped(total.tensors()) + " ")
                        + Figures.size(total.bytes())));
        long stored = inspection.storedBytes();
        String also = stored == inspection.tensorBytes() ? "" : " (" + Figures.size(stored) + " stored)";
        return Figures.grouped(inspection.tensors().size()) + ", " + Figures.size(inspection.tensorBytes()) + also
                + dtypes;
    }

    private void globals(List<String> lines) {
        if (inspection.globals().isEmpty()) {
            return;
        }
        Map<GlobalClass, Integer> counts = new EnumMap<>(GlobalClass.class);
        inspection.globals().forEach(global -> counts.merge(global.globalClass(), 1, Integer::sum));
        StringJoiner classes = new StringJoiner(", ");
        counts.forEach((globalClass, number) -> classes.add(Figures.grouped(number) + " " + globalClass.text()));
        lines.add("  globals   " + classes);
        List<InspectedGlobal> strange = inspection.globals().stream()
                .filter(global ->
                        global.globalClass() == GlobalClass.UNKNOWN || global.globalClass() == GlobalClass.DANGEROUS)
                .toList();
        for (InspectedGlobal global : strange.subList(0, Math.min(SHOWN, strange.size()))) {
            lines.add("              " + dressed(global.globalClass()) + "  " + Escaped.text(global.name(), 100) + "  "
                    + style.faint("(" + place(global.places().get(0)) + ")"));
        }
        if (strange.size() > SHOWN) {
            lines.add("              and " + Figures.grouped(strange.size() - SHOWN) + " more (--globals lists them)");
        }
    }

    private String dressed(GlobalClass globalClass) {
        return switch (globalClass) {
            case DANGEROUS -> style.bad(globalClass.text());
            case UNKNOWN -> style.warning(globalClass.text());
            case REBUILD, VALUE, ALLOWED -> globalClass.text();
        };
    }

    private static String place(InspectedGlobal.Place place) {
        return Escaped.text(place.pickle(), 60) + " byte " + place.offset();
    }

    private void calls(List<String> lines) {
        long critical = inspection.log().findings(Severity.CRITICAL);
        long high = inspection.log().findings(Severity.HIGH);
        if (critical + high == 0) {
            return;
        }
        lines.add("  " + style.bad("runs") + "      loading it the old way would call "
                + Figures.grouped(critical + high) + " unknown or dangerous functions:");
        int shown = 0;
        for (Severity severity : List.of(Severity.CRITICAL, Severity.HIGH)) {
            for (Finding finding : inspection.log().findings()) {
                if (finding.severity() == severity && shown < SHOWN) {
                    String what = finding.detail().isEmpty() ? Escaped.text(finding.global(), 80) : finding.detail();
                    lines.add("              " + style.bad(severity.text()) + "  " + what + "  "
                            + style.faint("(" + Escaped.text(finding.part(), 60) + " byte " + finding.offset() + ")"));
                    shown++;
                }
            }
        }
        if (critical + high > shown) {
            lines.add("              and " + Figures.grouped(critical + high - shown)
                    + " more (--format json lists them)");
        }
    }

    /** The tensors as a table. */
    List<String> tensorTable(List<InspectedTensor> tensors, int width) {
        Map<Integer, Integer> users = new HashMap<>();
        inspection.tensors().forEach(tensor -> users.merge(tensor.storage(), 1, Integer::sum));
        Table table = new Table(List.of(
                Table.Column.left("name", style::name),
                Table.Column.left("dtype"),
                Table.Column.left("shape"),
                Table.Column.right("size"),
                Table.Column.left("storage", style::faint)));
        for (InspectedTensor tensor : tensors) {
            int sharing = users.getOrDefault(tensor.storage(), 1) - 1;
            String shares = sharing == 0 ? "" : " shared with " + Figures.grouped(sharing);
            String part = tensor.storageBytes() > tensor.bytes()
                    ? " of " + Figures.size(tensor.storageBytes()) + (tensor.contiguous() ? "" : ", strided")
                    : tensor.contiguous() ? "" : " strided";
            table.add(
                    Escaped.text(tensor.name()),
                    tensor.dtype(),
                    tensor.shape().toString(),
                    Figures.size(tensor.bytes()),
                    shares.isEmpty() && part.isEmpty() ? "" : "#" + tensor.storage() + part + shares);
        }
        return table.lines(style, width);
    }

    /** The globals as a table, the strangest first. */
    List<String> globalTable(int width) {
        Table table = new Table(List.of(
                Table.Column.left("global", style::name),
                Table.Column.left("class", this::dressed),
                Table.Column.right("uses"),
                Table.Column.left("first at", style::faint)));
        for (GlobalClass globalClass : List.of(
                GlobalClass.DANGEROUS,
                GlobalClass.UNKNOWN,
                GlobalClass.ALLOWED,
                GlobalClass.REBUILD,
                GlobalClass.VALUE)) {
            for (InspectedGlobal global : inspection.globals()) {
                if (global.globalClass() == globalClass) {
                    StringJoiner places = new StringJoiner(", ");
                    global.places().stream().limit(SHOWN).forEach(place -> places.add(place(place)));
                    table.add(
                            Escaped.text(global.name(), 200),
                            globalClass.text(),
                            Figures.grouped(global.count()),
                            places + (global.places().size() > SHOWN ? ", …" : ""));
                }
            }
        }
        return table.lines(style, width);
    }

    private String dressed(String globalClass) {
        return globalClass.equals(GlobalClass.DANGEROUS.text())
                ? style.bad(globalClass)
                : globalClass.equals(GlobalClass.UNKNOWN.text()) ? style.warning(globalClass) : globalClass;
    }
}
