package org.ptsanitize.converter.naming;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.formats.bytes.KeyTable;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/** From paths to the names in the output: selected by globs, stripped, renamed, and no two the same. */
public final class OutputNames {
    /** A tensor with its name in the output and its path in the checkpoint. */
    public record Named(String name, NameWalk.Found tensor) {}

    private static final int LISTED = 10;

    private final NameOptions options;
    private final String prefix;
    private final Map<Node, String> known;
    private final EventLog log;
    private final boolean distinct;

    /** Names of which no two are the same. */
    public OutputNames(NameOptions options, String prefix, Map<Node, String> known, EventLog log) {
        this(options, prefix, known, true, log);
    }

    /**
     * @param known the names of tensors that have one already, by their nodes
     * @param distinct whether two tensors may not have one name; in a nested output each has its own place
     */
    public OutputNames(NameOptions options, String prefix, Map<Node, String> known, boolean distinct, EventLog log) {
        this.options = options;
        this.prefix = prefix.isEmpty() ? "" : prefix + ".";
        this.known = known;
        this.distinct = distinct;
        this.log = log;
    }

    /**
     * Names for all tensors.
     *
     * @throws UnsupportedFileException if two tensors would have one name
     */
    public List<Named> name(List<NameWalk.Found> tensors) throws UnsupportedFileException {
        List<Glob> include = options.include().stream().map(Glob::of).toList();
        List<Glob> exclude = options.exclude().stream().map(Glob::of).toList();
        List<Named> named = new ArrayList<>(tensors.size());
        for (NameWalk.Found tensor : tensors) {
            String own = known.get(tensor.node());
            String path = tensor.isRoot() ? "tensor" : own != null ? own : withoutPrefix(tensor.path());
            boolean wanted = include.isEmpty() || matchesAny(include, path);
            if (!wanted || matchesAny(exclude, path)) {
                log.add(Event.Kind.NOT_SELECTED, tensor.path(), "tensor", "left out by --include or --exclude");
            } else {
                named.add(new Named(rewritten(path), tensor));
            }
        }
        return distinct ? unique(named) : named;
    }

    private static boolean matchesAny(List<Glob> globs, String path) {
        for (Glob glob : globs) {
            if (glob.matches(path)) {
                return true;
            }
        }
        return false;
    }

    private String withoutPrefix(String path) {
        return path.startsWith(prefix) ? path.substring(prefix.length()) : path;
    }

    private String rewritten(String path) {
        String name = path;
        for (String strip : options.stripPrefixes()) {
            if (name.startsWith(strip)) {
                name = name.substring(strip.length());
                break;
            }
        }
        for (Rename rename : options.renames()) {
            name = rename.apply(name);
        }
        if (!name.equals(path)) {
            log.add(Event.Kind.RENAMED, path, name, "by --rename or --strip-prefix");
        }
        return name;
    }

    private List<Named> unique(List<Named> named) throws UnsupportedFileException {
        KeyTable names = new KeyTable(named.size(), i -> named.get(i).name());
        Map<String, String> collisions = new LinkedHashMap<>();
        for (int i = 0; i < named.size(); i++) {
            Named one = named.get(i);
            int before = names.add(one.name(), i);
            if (before >= 0) {
                collisions.putIfAbsent(one.name(), origin(named.get(before), one));
            }
        }
        if (collisions.isEmpty()) {
            return named;
        }
        if (!options.suffixCollisions()) {
            throw new UnsupportedFileException(
                    "two tensors would have the name " + listed(collisions),
                    "",
                    "keep both with --on-collision=suffix, or choose with --select, --rename or --exclude");
        }
        return suffixed(named);
    }

    /** Where two tensors of one name come from, unless the name says it already. */
    private static String origin(Named first, Named second) {
        String one = first.tensor().path();
        String other = second.tensor().path();
        return one.equals(other) ? "" : " (from " + Escaped.text(one, 100) + " and " + Escaped.text(other, 100) + ")";
    }

    private static String listed(Map<String, String> names) {
        List<String> some = names.entrySet().stream()
                .limit(LISTED)
                .map(entry -> "'" + Escaped.text(entry.getKey(), 100) + "'" + entry.getValue())
                .toList();
        String more = names.size() > LISTED ? " and " + (names.size() - LISTED) + " more" : "";
        return String.join(", ", some) + more;
    }

    private List<Named> suffixed(List<Named> named) {
        Set<String> used = new HashSet<>();
        Set<String> all = new HashSet<>();
        named.forEach(one -> all.add(one.name()));
        Map<String, Integer> next = new HashMap<>();
        List<Named> result = new ArrayList<>(named.size());
        for (Named one : named) {
            String name = one.name();
            if (!used.add(name)) {
                int number = next.getOrDefault(one.name(), 2);
                do {
                    name = one.name() + "~" + number++;
                } while (!all.add(name));
                next.put(one.name(), number);
                used.add(name);
                log.add(Event.Kind.RENAMED, one.tensor().path(), name, "another tensor has the name already");
            }
            result.add(new Named(name, one.tensor()));
        }
        return result;
    }
}
