package org.ptsanitize.converter.migrate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.Severity;

/** What many files have in common: a class that was dropped, a reason why there is no output. */
final class PageGroups {
    private final Map<String, Group> dangers = new LinkedHashMap<>();
    private final Map<String, Group> changes = new LinkedHashMap<>();
    private final Map<String, Group> reasons = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<List<Integer>> tags = new ArrayList<>();

    /**
     * Files with something in common. Each has a number, its tag; a label, which says in a word what kind of thing it is; and the files as places in the
     * list of all.
     */
    static final class Group {
        private final int tag;
        private final String label;
        private final String name;
        private final List<Integer> units = new ArrayList<>();
        private long times;

        private Group(int tag, String label, String name) {
            this.tag = tag;
            this.label = label;
            this.name = name;
        }

        int tag() {
            return tag;
        }

        String label() {
            return label;
        }

        String name() {
            return name;
        }

        List<Integer> units() {
            return units;
        }

        /** How often in all these files. */
        long times() {
            return times;
        }
    }

    private PageGroups() {}

    static PageGroups of(List<UnitRecord> units) {
        PageGroups groups = new PageGroups();
        for (int i = 0; i < units.size(); i++) {
            groups.tags.add(new ArrayList<>());
            groups.add(i, units.get(i));
        }
        return groups;
    }

    private void add(int index, UnitRecord unit) {
        for (Severity severity : List.of(Severity.CRITICAL, Severity.HIGH)) {
            long times = unit.findings().getOrDefault(severity.text(), 0L);
            if (times > 0) {
                add(dangers, index, severity.text(), words(severity), times);
            }
        }
        for (Map.Entry<String, SortedMap<String, Long>> kind : unit.counts().entrySet()) {
            if (!kind.getKey().equals(Event.Kind.NOT_SELECTED.text())) {
                String label = kind.getKey().replace('_', ' ');
                kind.getValue().forEach((subject, times) -> add(changes, index, label, subject, times));
            }
        }
        if (!unit.reason().isEmpty()) {
            add(reasons, index, unit.outcome().text().replace('_', ' '), likeness(unit.reason()), 1);
        }
    }

    private static String words(Severity severity) {
        return severity == Severity.CRITICAL
                ? "calls of functions known to be dangerous"
                : "calls of unknown functions";
    }

    private void add(Map<String, Group> groups, int index, String label, String name, long times) {
        Group group = groups.computeIfAbsent(label + "\n" + name, key -> {
            names.add(name);
            return new Group(names.size() - 1, label, name);
        });
        group.units.add(index);
        group.times += times;
        tags.get(index).add(group.tag);
    }

    /** The same text for reasons that differ only in what they quote and count. */
    private static String likeness(String reason) {
        StringBuilder text = new StringBuilder();
        boolean quoted = false;
        boolean number = false;
        for (int i = 0; i < reason.length(); i++) {
            char c = reason.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (c == '"') {
                quoted = !quoted;
                text.append(quoted ? "\"…\"" : "");
            } else if (!quoted && !(digit && number)) {
                text.append(digit ? 'N' : c);
            }
            number = digit || number && (c == ',' || c == '.');
        }
        return text.toString();
    }

    /** Calls that loading would have made, the worst first. */
    List<Group> dangers() {
        return new ArrayList<>(dangers.values())
                .stream().sorted(Comparator.comparing(Group::label)).toList();
    }

    /** What was dropped, stubbed and so on, what is in the most files first. */
    List<Group> changes() {
        return sorted(changes);
    }

    /** Why there is no output, what is true of the most files first. */
    List<Group> reasons() {
        return sorted(reasons);
    }

    private static List<Group> sorted(Map<String, Group> groups) {
        return groups.values().stream()
                .sorted(Comparator.comparingInt((Group group) -> -group.units.size())
                        .thenComparing(Group::label)
                        .thenComparing(Group::name))
                .toList();
    }

    /** The names of all groups, by their tags. */
    List<String> names() {
        return names;
    }

    /** The groups of a file. */
    List<Integer> tags(int unit) {
        return tags.get(unit);
    }
}
