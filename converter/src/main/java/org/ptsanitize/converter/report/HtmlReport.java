package org.ptsanitize.converter.report;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ptsanitize.converter.report.HtmlPage.Column;
import org.ptsanitize.formats.bytes.Figures;

/** A conversion as one page to look at. */
final class HtmlReport {
    private static final int COLOURS = 8;
    private static final int MOST_ROWS = 5_000;
    private static final int BAR = 22;

    private final Conversion conversion;
    private final HtmlPage page;
    private final List<Share> shares;

    /** The tensors of one dtype together. */
    private record Share(String dtype, long bytes, long tensors) {
        Share and(Share other) {
            return new Share(dtype, bytes + other.bytes, tensors + other.tensors);
        }
    }

    private HtmlReport(Conversion conversion, HtmlPage page) {
        this.conversion = conversion;
        this.page = page;
        Map<String, Share> byDtype = new HashMap<>();
        for (OutputTensor tensor : conversion.tensors()) {
            byDtype.merge(tensor.dtype(), new Share(tensor.dtype(), tensor.bytes(), 1), Share::and);
        }
        shares = new ArrayList<>(byDtype.values());
        shares.sort(Comparator.comparingLong(Share::bytes).reversed().thenComparing(Share::dtype));
    }

    /** The dtypes with the number of their colour, the largest first. */
    private Map<String, Integer> colours() {
        Map<String, Integer> colours = new HashMap<>();
        for (Share share : shares) {
            colours.put(share.dtype(), Math.min(colours.size(), COLOURS - 1));
        }
        return colours;
    }

    static void write(Conversion conversion, Writer out) throws IOException {
        boolean picture = conversion.tensorBytes() > 0;
        String title = String.valueOf(conversion.output().getFileName());
        try (HtmlPage page = HtmlPage.begin(out, title, picture ? HtmlPage.resource("treemap.js") : "")) {
            new HtmlReport(conversion, page).write(picture);
        }
        out.flush();
    }

    private void write(boolean picture) throws IOException {
        page.lead("Converted from " + conversion.input() + ", "
                + conversion.container().description()
                + (conversion.writer().isEmpty() ? "" : ", " + conversion.writer()));
        facts();
        if (picture) {
            page.heading("Sizes");
            new Treemap(page, colours()).write(ModuleTree.of(conversion.tensors()));
            shares();
        }
        findings();
        changes();
        ties();
        tensors();
    }

    private void facts() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Output", conversion.written() ? Figures.size(conversion.outputSize()) : "a dry run, not written");
        facts.put("Format", conversion.format());
        facts.put("Tensors", Figures.grouped(conversion.tensors().size()));
        facts.put("Tensor data", Figures.size(conversion.tensorBytes()));
        facts.put("Verified", conversion.verified() ? "yes, byte for byte" : "no");
        facts.put("Would have run", Figures.grouped(log().findings(Severity.CRITICAL) + log().findings(Severity.HIGH)));
        page.facts(facts);
        if (!conversion.prefix().isEmpty()) {
            page.paragraph("All tensors are below '" + conversion.prefix() + "', which their names lack.");
        }
        if (!conversion.from().isEmpty()) {
            page.paragraph("Only what is at '" + conversion.from() + "' was taken.");
        }
        for (String need : conversion.needs()) {
            page.paragraph("Readers: " + need);
        }
    }

    private EventLog log() {
        return conversion.log();
    }

    /** One bar of all dtypes, and a key to the colours. */
    private void shares() throws IOException {
        page.heading("Element types");
        StringBuilder bar = new StringBuilder("<div class=\"picture\"><svg viewBox=\"0 0 " + Treemap.WIDTH + " " + BAR
                + "\" role=\"img\" aria-label=\"Shares of the element types\">");
        StringBuilder key = new StringBuilder("<ul class=\"key\">");
        double at = 0;
        int colour = 0;
        for (Share share : shares) {
            double part = (double) share.bytes() / conversion.tensorBytes();
            String told = HtmlPage.escape(share.dtype()) + " · " + Figures.size(share.bytes()) + " · "
                    + String.format(Locale.ROOT, "%.1f %%", 100 * part) + " · "
                    + Figures.count(share.tensors(), "tensor");
            bar.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"c%d\" x=\"%.2f\" y=\"0\" width=\"%.2f\" height=\"%d\"><title>%s</title></rect>",
                    colour,
                    at * Treemap.WIDTH,
                    part * Treemap.WIDTH,
                    BAR,
                    told));
            key.append("<li><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect class=\"c")
                    .append(colour)
                    .append("\" width=\"12\" height=\"12\"/></svg>")
                    .append(told)
                    .append("</li>");
            at += part;
            colour = Math.min(colour + 1, COLOURS - 1);
        }
        page.markup(bar + "</svg>" + key + "</ul></div>\n");
    }

    private void findings() throws IOException {
        page.heading("What the input would have run");
        List<Finding> findings = new ArrayList<>(log().findings());
        if (findings.isEmpty()) {
            page.paragraph("Nothing: every class and function in it is understood as plain data.");
            return;
        }
        page.paragraph("None of this is in the output.");
        findings.sort(Comparator.comparing(Finding::severity).reversed());
        try (HtmlPage.Table table = page.table(
                List.of("Severity", "Global", "Call", "Pickle", "Byte"),
                List.of(Column.BADGE, Column.CODE, Column.CODE, Column.TEXT, Column.NUMBER))) {
            for (Finding finding : findings.subList(0, Math.min(MOST_ROWS, findings.size()))) {
                table.row(
                        finding.severity().text(),
                        finding.global(),
                        finding.detail(),
                        finding.part(),
                        Figures.grouped(finding.offset()));
            }
        }
        tellRest(findings.size(), "findings");
    }

    private void changes() throws IOException {
        page.heading("What changed");
        if (log().events().isEmpty()) {
            page.paragraph("Nothing: every tensor is in the output under its own name, and every value with it.");
            return;
        }
        try (HtmlPage.Table table =
                page.table(List.of("Kind", "Subject", "Times"), List.of(Column.TEXT, Column.CODE, Column.NUMBER))) {
            for (Event.Kind kind : Event.Kind.values()) {
                int rows = 0;
                for (Map.Entry<String, Long> count : log().counts(kind).entrySet()) {
                    if (rows++ < MOST_ROWS / 10) {
                        table.row(words(kind), count.getKey(), Figures.grouped(count.getValue()));
                    }
                }
            }
        }
        page.heading("Each change");
        try (HtmlPage.Table table = page.table(
                List.of("Kind", "Path", "Subject", "Reason"),
                List.of(Column.TEXT, Column.CODE, Column.CODE, Column.TEXT))) {
            for (Event event :
                    log().events().subList(0, Math.min(MOST_ROWS, log().events().size()))) {
                table.row(words(event.kind()), event.path(), event.subject(), event.detail());
            }
        }
        tellRest(log().events().size() + log().eventsNotKept(), "changes");
    }

    private static String words(Event.Kind kind) {
        return kind.text().replace('_', ' ');
    }

    private void ties() throws IOException {
        if (conversion.ties().isEmpty()) {
            return;
        }
        page.heading("Names of one tensor");
        try (HtmlPage.Table table = page.table(List.of("Names", "Left out"), List.of(Column.CODE, Column.CODE))) {
            for (List<String> group : conversion
                    .ties()
                    .subList(0, Math.min(MOST_ROWS, conversion.ties().size()))) {
                List<String> out =
                        group.stream().filter(conversion.aliases()::containsKey).toList();
                table.row(String.join(", ", group), String.join(", ", out));
            }
        }
        tellRest(conversion.ties().size(), "groups");
    }

    private void tensors() throws IOException {
        page.heading("Tensors");
        try (HtmlPage.Table table = page.table(
                List.of("Name", "Dtype", "Shape", "Bytes", "Written as"),
                List.of(Column.CODE, Column.TEXT, Column.TEXT, Column.NUMBER, Column.TEXT))) {
            List<OutputTensor> tensors = conversion.tensors();
            for (OutputTensor tensor : tensors.subList(0, Math.min(MOST_ROWS, tensors.size()))) {
                table.row(
                        tensor.name(),
                        tensor.dtype(),
                        tensor.shape().toString(),
                        Figures.grouped(tensor.bytes()),
                        tensor.representation());
            }
        }
        tellRest(conversion.tensors().size(), "tensors");
    }

    private void tellRest(long all, String what) throws IOException {
        if (all > MOST_ROWS) {
            page.paragraph(Figures.grouped(all - MOST_ROWS) + " more " + what + " are in the JSON report.");
        }
    }
}
