package org.ptsanitize.converter.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.Severity;

/**
 * What became of one checkpoint, or of another file that was carried along.
 *
 * @param source its path in the mirrored layout: from the folder that was named
 * @param alsoAt further names of the same file in the tree
 * @param bytes of all its files
 * @param container what kind of checkpoint it is; empty if it was not read
 * @param outputs the files written, as paths from the folder of outputs; the one by which the whole is read comes last
 * @param links further names of the output, one for each in {@code alsoAt} that got one
 * @param tensors how many tensors the output has
 * @param tensorBytes their bytes
 * @param counts kind of change → subject → number, as in the report of a single conversion
 * @param findings severity → number of calls that loading the source would have made
 * @param reason why there is no output, or what else has to be said; empty if nothing
 */
public record UnitRecord(
        String source,
        List<String> alsoAt,
        long bytes,
        Outcome outcome,
        String container,
        List<Output> outputs,
        List<String> links,
        long tensors,
        long tensorBytes,
        SortedMap<String, SortedMap<String, Long>> counts,
        SortedMap<String, Long> findings,
        String reason) {
    private static final int SUBJECTS = 100;
    private static final int LONGEST = 300;
    private static final String OTHERS = "(others)";

    /** The changes that are told of a unit: those that lose something, and tensors left out. */
    private static final List<Event.Kind> TOLD = List.of(
            Event.Kind.DROPPED,
            Event.Kind.STUBBED,
            Event.Kind.CUT,
            Event.Kind.REPLACED,
            Event.Kind.NO_DATA,
            Event.Kind.OUTSIDE_STATE_DICT,
            Event.Kind.NOT_SELECTED);

    /**
     * A file that was written.
     *
     * @param path from the folder of outputs, names joined by {@code /}
     * @param bytes its size
     * @param modified when it was written, in nanoseconds: only by this a later run sees that it is still the same
     * @param sha256 of its bytes, in hexadecimal; empty in a dry run
     */
    public record Output(String path, long bytes, long modified, String sha256) {}

    static UnitRecord failed(String source, long bytes, String reason) {
        return without(source, List.of(), bytes, Outcome.FAILED, reason);
    }

    static UnitRecord skipped(String source, long bytes, String reason) {
        return without(source, List.of(), bytes, Outcome.SKIPPED, reason);
    }

    /** A unit that has no output. */
    static UnitRecord without(String source, List<String> alsoAt, long bytes, Outcome outcome, String reason) {
        return new UnitRecord(
                source,
                alsoAt,
                bytes,
                outcome,
                "",
                List.of(),
                List.of(),
                0,
                0,
                new TreeMap<>(),
                new TreeMap<>(),
                reason);
    }

    /** A unit that is no checkpoint, copied or to be copied. */
    static UnitRecord copied(Unit unit, Outcome outcome, List<Output> outputs) {
        return new UnitRecord(
                unit.name(),
                unit.alsoAt(),
                unit.bytes(),
                outcome,
                "",
                outputs,
                unit.linkTargets(),
                0,
                0,
                new TreeMap<>(),
                new TreeMap<>(),
                "");
    }

    /** A unit whose output was written, or would be. */
    static UnitRecord converted(Unit unit, Conversion conversion, List<Output> outputs) {
        return new UnitRecord(
                unit.name(),
                unit.alsoAt(),
                unit.bytes(),
                conversion.written() ? Outcome.CONVERTED : Outcome.PLANNED,
                conversion.container().description(),
                outputs,
                unit.linkTargets(),
                conversion.tensors().size(),
                conversion.tensorBytes(),
                counts(conversion),
                findings(conversion),
                "");
    }

    private static SortedMap<String, SortedMap<String, Long>> counts(Conversion conversion) {
        SortedMap<String, SortedMap<String, Long>> counts = new TreeMap<>();
        for (Event.Kind kind : TOLD) {
            SortedMap<String, Long> subjects = new TreeMap<>();
            for (Map.Entry<String, Long> entry : conversion.log().counts(kind).entrySet()) {
                String subject = subjects.size() < SUBJECTS ? Escaped.text(entry.getKey(), LONGEST) : OTHERS;
                subjects.merge(subject, entry.getValue(), Long::sum);
            }
            if (!subjects.isEmpty()) {
                counts.put(kind.text(), subjects);
            }
        }
        return counts;
    }

    private static SortedMap<String, Long> findings(Conversion conversion) {
        SortedMap<String, Long> findings = new TreeMap<>();
        for (Severity severity : Severity.values()) {
            long count = conversion.log().findings(severity);
            if (count > 0) {
                findings.put(severity.text(), count);
            }
        }
        return findings;
    }

    /** Bytes of all files written. */
    public long outputBytes() {
        return outputs.stream().mapToLong(Output::bytes).sum();
    }

    /** Every path at which an output of this unit is: the files written, and their further names. */
    List<Place> places() {
        List<Place> places = new ArrayList<>();
        outputs.forEach(output -> places.add(new Place(output.path(), output)));
        for (String link : links) {
            for (Output output : outputs) {
                places.add(new Place(outputs.size() == 1 ? link : beside(link, output.path()), output));
            }
        }
        return places;
    }

    /** A path at which an output is, and that output. */
    record Place(String path, Output output) {}

    /** Shards keep their names, as the index calls them by these. */
    private static String beside(String link, String output) {
        return link.substring(0, link.lastIndexOf('/') + 1) + output.substring(output.lastIndexOf('/') + 1);
    }

    UnitRecord withOutputs(List<Output> others) {
        return new UnitRecord(
                source,
                alsoAt,
                bytes,
                outcome,
                container,
                others,
                links,
                tensors,
                tensorBytes,
                counts,
                findings,
                reason);
    }

    /** The same with something to be said about it. */
    UnitRecord withReason(String other) {
        return new UnitRecord(
                source,
                alsoAt,
                bytes,
                outcome,
                container,
                outputs,
                links,
                tensors,
                tensorBytes,
                counts,
                findings,
                other);
    }
}
