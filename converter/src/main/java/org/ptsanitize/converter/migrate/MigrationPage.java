package org.ptsanitize.converter.migrate;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.HtmlPage;
import org.ptsanitize.formats.bytes.Figures;

/**
 * A migration as one self-contained page for people: totals, sizes before and after, what was dropped, why files failed,
 * and a table of all files that can be searched. Without its script all but the table is there.
 */
public final class MigrationPage {
    private static final int LISTED = 20;
    private static final int GROUPS = 40;
    private static final int BARS = 10;
    private static final int REASON = 400;
    private static final String STYLE = resource("migration.css");
    private static final String SCRIPT = resource("migration.js");

    private final MigrationResult result;
    private final HtmlPage page;
    private final PageGroups groups;

    private MigrationPage(MigrationResult result, HtmlPage page) {
        this.result = result;
        this.page = page;
        this.groups = PageGroups.of(result.units());
    }

    /** Writes the page. The writer stays the caller's. */
    public static void write(MigrationResult result, Writer out) throws IOException {
        try (HtmlPage page = HtmlPage.begin(out, "Migration to " + result.home(), STYLE, SCRIPT)) {
            new MigrationPage(result, page).write();
        }
        out.flush();
    }

    private void write() throws IOException {
        page.lead(lead());
        page.facts(facts());
        sizes();
        groups(
                "Why files have no output",
                "Reasons that differ only in numbers and quoted names are counted as one.",
                groups.reasons());
        groups(
                "What would have run",
                "A plain torch.load of these files would have called functions that are not known to be harmless."
                        + " None of them was run.",
                groups.dangers());
        groups(
                "What is not in the outputs as it was",
                "Dropped: a call that is left out. Stubbed: an object that became plain data. Tensors in either are kept;"
                        + " those marked 'outside state dict' or 'no data' are not.",
                groups.changes());
        table();
    }

    private String lead() {
        long done = result.count(Outcome.CONVERTED);
        long planned = result.units().stream().filter(MigrationPage::isPlanned).count();
        long failed = result.count(Outcome.FAILED);
        String what = planned > 0
                ? Figures.grouped(planned) + " checkpoints would be converted. Nothing was written."
                : Figures.grouped(done) + " checkpoints have an output that is safe to load.";
        return what
                + (failed == 0
                        ? " No file failed."
                        : " " + Figures.grouped(failed) + " failed; the reasons are below.");
    }

    private static boolean isPlanned(UnitRecord unit) {
        return unit.outcome() == Outcome.PLANNED && !unit.container().isEmpty();
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        for (Outcome outcome : Outcome.values()) {
            long count = result.count(outcome);
            if (count > 0) {
                facts.put(outcome.text().replace('_', ' '), Figures.grouped(count));
            }
        }
        facts.put(
                "tensors",
                Figures.grouped(
                        result.units().stream().mapToLong(UnitRecord::tensors).sum()));
        facts.put("checkpoints before", Figures.size(sum(false)));
        facts.put("after", Figures.size(sum(true)));
        return facts;
    }

    private static boolean isCheckpoint(UnitRecord unit) {
        return unit.outcome() == Outcome.CONVERTED || isPlanned(unit);
    }

    private long sum(boolean after) {
        return result.units().stream()
                .filter(MigrationPage::isCheckpoint)
                .mapToLong(unit -> after ? unit.outputBytes() : unit.bytes())
                .sum();
    }

    // ---- sizes

    private void sizes() throws IOException {
        Map<String, long[]> kinds = new LinkedHashMap<>();
        for (UnitRecord unit : result.units()) {
            if (isCheckpoint(unit)) {
                long[] bytes = kinds.computeIfAbsent(unit.container(), kind -> new long[2]);
                bytes[0] += unit.bytes();
                bytes[1] += unit.outputBytes();
            }
        }
        List<Map.Entry<String, long[]>> sorted = new ArrayList<>(kinds.entrySet());
        sorted.sort((a, b) -> Long.compare(b.getValue()[0], a.getValue()[0]));
        if (sorted.isEmpty()) {
            return;
        }
        page.heading("Sizes");
        page.markup("<figure><div class=\"sizes\">\n");
        long most = sorted.stream()
                .mapToLong(entry -> Math.max(entry.getValue()[0], entry.getValue()[1]))
                .max()
                .orElse(1);
        for (Map.Entry<String, long[]> entry : sorted.subList(0, Math.min(BARS, sorted.size()))) {
            page.markup("<span>" + HtmlPage.escape(entry.getKey()) + "</span>" + bars(entry.getValue(), most) + "\n");
        }
        page.markup("</div><figcaption><span class=\"key before\"></span>before"
                + "<span class=\"key after\"></span>after</figcaption></figure>\n");
    }

    private static String bars(long[] bytes, long most) {
        return "<svg role=\"img\" aria-label=\"" + Figures.size(bytes[0]) + " before, " + Figures.size(bytes[1])
                + " after\">" + bar("before", 2, bytes[0], most) + bar("after", 24, bytes[1], most) + "</svg>";
    }

    private static String bar(String style, int y, long bytes, long most) {
        double percent = most == 0 ? 0 : 76.0 * bytes / most;
        String width = String.format(Locale.ROOT, "%.2f%%", Math.max(0.3, percent));
        String end = String.format(Locale.ROOT, "%.2f%%", percent + 1);
        return "<rect class=\"" + style + "\" x=\"0\" y=\"" + y + "\" width=\"" + width + "\" height=\"18\" rx=\"3\"/>"
                + "<text x=\"" + end + "\" y=\"" + (y + 13) + "\">" + Figures.size(bytes) + "</text>";
    }

    // ---- groups

    private void groups(String heading, String words, List<PageGroups.Group> some) throws IOException {
        if (some.isEmpty()) {
            return;
        }
        page.heading(heading);
        page.paragraph(words);
        for (PageGroups.Group group : some.subList(0, Math.min(GROUPS, some.size()))) {
            group(group);
        }
        if (some.size() > GROUPS) {
            page.paragraph("And " + Figures.grouped(some.size() - GROUPS)
                    + " more, each in fewer files; the JSON lines of --report have them all.");
        }
    }

    private void group(PageGroups.Group group) throws IOException {
        int files = group.units().size();
        StringBuilder text = new StringBuilder("<details class=\"group\"><summary>")
                .append("<span class=\"badge ")
                .append(group.label().replace(' ', '-'))
                .append("\">")
                .append(group.label())
                .append("</span> ")
                .append("<code>")
                .append(HtmlPage.escape(group.name()))
                .append("</code> <b>")
                .append(Figures.grouped(files))
                .append(files == 1 ? "</b> file" : "</b> files");
        if (group.times() > files) {
            text.append(", ").append(Figures.grouped(group.times())).append(" times");
        }
        text.append("</summary>\n<ul>\n");
        for (int unit : group.units().subList(0, Math.min(LISTED, files))) {
            text.append("<li><a href=\"#files\" data-row=\"")
                    .append(unit)
                    .append("\">")
                    .append(HtmlPage.escape(result.units().get(unit).source()))
                    .append("</a></li>\n");
        }
        page.markup(text + "</ul>\n<a href=\"#files\" data-tag=\"" + group.tag() + "\">"
                + (files > LISTED ? "all " + Figures.grouped(files) + " in the table" : "show in the table")
                + "</a>\n</details>\n");
    }

    // ---- all files

    private void table() throws IOException {
        page.markup("<h2 id=\"files\">Files</h2>\n<div class=\"controls\" id=\"controls\" hidden>\n"
                + "<input id=\"text\" type=\"search\" placeholder=\"part of a path or reason\" aria-label=\"filter\">\n"
                + "<select id=\"outcome\" aria-label=\"outcome\"><option value=\"-1\">all outcomes</option></select>\n"
                + "<select id=\"order\" aria-label=\"order\"><option value=\"name\">by name</option>"
                + "<option value=\"before\">largest before</option><option value=\"after\">largest after</option>"
                + "</select>\n<button id=\"all\" hidden></button>\n"
                + "<button id=\"back\" aria-label=\"page before\">←</button>\n"
                + "<button id=\"on\" aria-label=\"next page\">→</button>\n"
                + "<span id=\"count\" role=\"status\"></span>\n</div>\n"
                + "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">source and output</th>"
                + "<th scope=\"col\">outcome</th><th scope=\"col\" class=\"number\">before</th>"
                + "<th scope=\"col\" class=\"number\">after</th><th scope=\"col\" class=\"number\">tensors</th>"
                + "<th scope=\"col\">kind</th></tr></thead><tbody id=\"rows\"><tr><td colspan=\"6\">"
                + "The table needs the page's own script, which is off here.</td></tr></tbody></table></div>\n");
        page.markup("<script type=\"application/json\" id=\"data\">" + data() + "</script>\n");
    }

    /** The rows as JSON in which nothing can end a script element. */
    private String data() throws IOException {
        List<String> containers = new ArrayList<>();
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setHtmlSafe(true);
            json.beginObject();
            json.name("rows").beginArray();
            for (int i = 0; i < result.units().size(); i++) {
                row(json, i, containers);
            }
            json.endArray();
            strings(json, "containers", containers);
            List<String> outcomes = new ArrayList<>();
            for (Outcome outcome : Outcome.values()) {
                outcomes.add(outcome.text());
            }
            strings(json, "outcomes", outcomes);
            strings(json, "tags", groups.names());
            json.endObject();
        }
        return text.toString();
    }

    private void row(JsonWriter json, int index, List<String> containers) throws IOException {
        UnitRecord unit = result.units().get(index);
        if (!containers.contains(unit.container())) {
            containers.add(unit.container());
        }
        String output = unit.outputs().isEmpty()
                ? ""
                : unit.outputs().get(unit.outputs().size() - 1).path();
        json.beginArray();
        json.value(Escaped.text(unit.source()));
        json.value(unit.outcome().ordinal());
        json.value(containers.indexOf(unit.container()));
        json.value(unit.bytes());
        json.value(unit.outputBytes());
        json.value(unit.tensors());
        json.value(Escaped.text(output));
        json.value(Escaped.text(unit.reason(), REASON));
        json.beginArray();
        for (int tag : groups.tags(index)) {
            json.value(tag);
        }
        json.endArray();
        json.endArray();
    }

    private static void strings(JsonWriter json, String name, List<String> values) throws IOException {
        json.name(name).beginArray();
        for (String value : values) {
            json.value(Escaped.text(value));
        }
        json.endArray();
    }

    private static String resource(String name) {
        try (InputStream in = MigrationPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("the program lacks its resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
