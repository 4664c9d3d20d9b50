package org.ptsanitize.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The results as a page of Markdown. */
final class Table {
    private final List<String> rows = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final StringBuilder plots = new StringBuilder();
    private String last = "";

    /** Adds the rows of a piece of work; ratios are to the copy, if it was measured. */
    void add(String title, List<Series> all) {
        StringBuilder added = new StringBuilder();
        if (all.isEmpty()) {
            return;
        }
        Series first = all.get(0);
        boolean copied = first.name().equals(Competitor.COPY);
        for (Series series : all) {
            String row = String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %.2f | %s | %s | %s |",
                    title,
                    series.name(),
                    series.runs(),
                    series.median(),
                    series.spread(),
                    copied ? String.format(Locale.ROOT, "%.2f", series.ratio(first)) : "",
                    series.peakBytes() == 0 ? "" : Long.toString(series.peakBytes() >> 20));
            rows.add(row);
            added.append(row).append('\n');
        }
        last = added.toString().stripTrailing();
    }

    String last() {
        return last;
    }

    void note(String text) {
        notes.add(text);
    }

    void plot(String name, List<Plot.Point> points) {
        plots.append(String.format("%n![Time against %s](time-by-%s.svg)%n%n", name, name));
        plots.append(points.stream()
                        .map(point ->
                                String.format(Locale.ROOT, "%s: %.2f s", Plot.number(point.size()), point.seconds()))
                        .collect(Collectors.joining(", ")))
                .append(".\n");
    }

    String markdown(String machine, Settings settings) {
        StringBuilder page = new StringBuilder("# Results of the benchmark\n\n");
        page.append(machine).append(". Size ").append(settings.size()).append(" of the full one.\n\n");
        page.append("Seconds are medians of whole processes, with the middle half of the runs; the ratio is the median")
                .append(
                        " over the rounds\nof the time against that of `cp` and `sync` in the same round; MiB is the most")
                .append(" memory any run held resident\n(`VmHWM`, read every 10 ms, Linux only).\n\n");
        page.append("| work | by | runs | s | middle half | ratio | MiB |\n|---|---|---|---|---|---|---|\n");
        rows.forEach(row -> page.append(row).append('\n'));
        if (!notes.isEmpty()) {
            page.append('\n');
            notes.forEach(note -> page.append("- ").append(note).append('\n'));
        }
        return page.append(plots.toString().replace("\r", "")).toString();
    }
}
