package org.ptsanitize.converter.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects events and findings in the order they happen. The counts are exact; of the events themselves only so many are
 * kept that a file made to flood a report cannot.
 */
public final class EventLog {
    private static final String FILE = "container";
    private static final int KEPT = 200_000;
    private static final int KEPT_FINDINGS = 5_000;

    private final List<Event> events = new ArrayList<>();
    private final Map<Event.Kind, Map<String, Long>> counts = new EnumMap<>(Event.Kind.class);
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Severity, Long> findingCounts = new EnumMap<>(Severity.class);
    private static final int SUBJECTS = 10_000;
    private long left;

    /** Records an event. */
    public void add(Event.Kind kind, String path, String subject, String detail) {
        if (events.size() < KEPT) {
            events.add(new Event(kind, path, subject, detail));
        } else {
            left++;
        }
        Map<String, Long> bySubject = counts.computeIfAbsent(kind, k -> new TreeMap<>());
        String counted = bySubject.size() < SUBJECTS || bySubject.containsKey(subject) ? subject : "(others)";
        bySubject.merge(counted, 1L, Long::sum);
    }

    /** Records something odd but harmless about a file, or a member of it at a path. */
    public void addNote(String path, String sentence) {
        add(Event.Kind.NOTE, path, FILE, sentence);
    }

    /** Records a finding. Of each severity so many are kept that no other can crowd it out. */
    public void add(Finding finding) {
        if (findingCounts.merge(finding.severity(), 1L, Long::sum) <= KEPT_FINDINGS) {
            findings.add(finding);
        }
    }

    /** The events kept, in order. */
    public List<Event> events() {
        return Collections.unmodifiableList(events);
    }

    /** What was noted of the file and its members, in order. */
    public List<String> notes() {
        return events.stream()
                .filter(event ->
                        event.kind() == Event.Kind.NOTE && event.subject().equals(FILE))
                .map(Event::detail)
                .toList();
    }

    /** How many events were counted but not kept. */
    public long eventsNotKept() {
        return left;
    }

    /** The findings kept, in order. */
    public List<Finding> findings() {
        return Collections.unmodifiableList(findings);
    }

    /** Exact number of findings of a severity. */
    public long findings(Severity severity) {
        return findingCounts.getOrDefault(severity, 0L);
    }

    /** Exact number of events of a kind by subject, sorted by subject. */
    public Map<String, Long> counts(Event.Kind kind) {
        return Collections.unmodifiableMap(counts.getOrDefault(kind, Map.of()));
    }

    /** Exact number of events of a kind. */
    public long count(Event.Kind kind) {
        return counts(kind).values().stream().mapToLong(Long::longValue).sum();
    }
}
