package org.ptsanitize.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.ptsanitize.converter.migrate.MigrationOptions;
import org.ptsanitize.converter.migrate.MigrationResult;
import org.ptsanitize.converter.migrate.Outcome;
import org.ptsanitize.converter.migrate.UnitRecord;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.formats.bytes.Figures;

/** A migration in a few lines; of a dry run also a line for each unit. */
final class MigrationSummary {
    private static final int CLASSES = 5;

    private MigrationSummary() {}

    static List<String> lines(MigrationResult result, MigrationOptions options) {
        List<String> lines = new ArrayList<>();
        boolean dry = options.dryRun();
        if (dry) {
            result.units().stream()
                    .filter(unit -> unit.outcome() == Outcome.PLANNED)
                    .forEach(unit -> lines.add(Escaped.text(line(unit))));
        }
        long count = 0;
        long before = 0;
        long after = 0;
        long needed = 0;
        for (UnitRecord unit : result.units()) {
            boolean planned = unit.outcome() == Outcome.PLANNED;
            needed += planned ? unit.outputBytes() : 0;
            if (planned && !unit.container().isEmpty() || unit.outcome() == Outcome.CONVERTED) {
                count++;
                before += unit.bytes();
                after += unit.outputBytes();
            }
        }
        lines.add((dry ? "would migrate " : "migrated ") + Figures.count(count, "checkpoint") + " to "
                + Escaped.text(options.home().toString()) + "  " + Figures.size(before) + " → "
                + (dry ? "about " : "") + Figures.size(after)
                + (!dry && count > 0 && options.conversion().verify() ? ", verified" : ""));
        add(lines, "before    ", result.doneBefore(), "done by earlier runs");
        add(lines, "copied    ", result.count(Outcome.COPIED), "of the other files");
        add(lines, "empty     ", result.count(Outcome.NO_TENSORS), "without tensors");
        add(lines, "others    ", result.count(Outcome.NOT_A_CHECKPOINT), "archives and the like without checkpoints");
        add(lines, "skipped   ", result.count(Outcome.SKIPPED), "left alone; --report says why");
        add(lines, "failed    ", result.count(Outcome.FAILED), "told above; --report lists them");
        if (dry) {
            lines.add("  space     needs about " + Figures.size(needed) + ", " + Figures.size(result.freeBytes())
                    + " free there" + (needed > result.freeBytes() ? ": not enough" : ""));
        }
        return lines;
    }

    private static void add(List<String> lines, String label, long number, String what) {
        if (number > 0) {
            lines.add("  " + label + Figures.grouped(number) + " " + what);
        }
    }

    /** A unit in one line, not escaped. */
    static String line(UnitRecord unit) {
        if (unit.outputs().isEmpty()) {
            return unit.source() + "  " + unit.outcome().text().replace('_', ' ')
                    + (unit.reason().isEmpty() ? "" : ": " + unit.reason());
        }
        String output = unit.outputs().get(unit.outputs().size() - 1).path();
        return unit.source() + " → " + output + "  " + Figures.size(unit.bytes()) + " → "
                + Figures.size(unit.outputBytes())
                + (unit.container().isEmpty() ? "  copy" : "  " + unit.container()) + lost(unit);
    }

    private static String lost(UnitRecord unit) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, SortedMap<String, Long>> kind : unit.counts().entrySet()) {
            List<String> subjects = List.copyOf(kind.getValue().keySet());
            String some = String.join(", ", subjects.subList(0, Math.min(CLASSES, subjects.size())));
            text.append("; ")
                    .append(kind.getKey().replace('_', ' '))
                    .append(' ')
                    .append(some);
            if (subjects.size() > CLASSES) {
                text.append(" and ").append(subjects.size() - CLASSES).append(" more");
            }
        }
        return text.toString();
    }
}
