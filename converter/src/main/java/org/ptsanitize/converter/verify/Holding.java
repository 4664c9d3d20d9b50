package org.ptsanitize.converter.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ptsanitize.converter.naming.NameOptions;
import org.ptsanitize.converter.naming.NameWalk;
import org.ptsanitize.converter.naming.NamedView;
import org.ptsanitize.converter.naming.OutputNames;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/**
 * The tensors of one side under one way of naming them.
 *
 * @param naming the way in words; empty if names are the paths
 * @param byName the tensors in the order of the file
 */
record Holding(String naming, Map<String, Held> byName) {
    /**
     * @param found the tensors of a tree
     * @param prefix the path that names lack
     * @param known names that tensors have by themselves, by node
     */
    static Holding of(
            String naming, List<NameWalk.Found> found, String prefix, Map<Node, String> known, NameOptions options)
            throws UnsupportedFileException {
        // Which of two tensors of one name is the second does not matter as long as both sides agree.
        NameOptions numbered =
                new NameOptions(options.include(), options.exclude(), options.stripPrefixes(), options.renames(), true);
        List<OutputNames.Named> named = new OutputNames(numbered, prefix, known, new EventLog()).name(found);
        List<Part> parts = new ArrayList<>(named.size());
        for (OutputNames.Named one : named) {
            Optional<CompositeTensor> composite =
                    one.tensor().node() instanceof CompositeTensor whole ? Optional.of(whole) : Optional.empty();
            for (NamedView view : NamedView.of(List.of(one))) {
                parts.add(new Part(view.name(), Held.of(view.path(), view.view(), composite)));
                composite = Optional.empty();
            }
        }
        return of(naming, parts, Part::name, Part::held);
    }

    private record Part(String name, Held held) {}

    /** Takes tensors of any form in order; the second of a name gets a number. */
    static <T> Holding of(String naming, List<T> tensors, Function<T, String> name, Function<T, Held> held) {
        Map<String, Held> byName = new LinkedHashMap<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (T tensor : tensors) {
            String wanted = name.apply(tensor);
            String free = wanted;
            while (byName.containsKey(free)) {
                free = wanted + "~" + numbers.merge(wanted, 1, Integer::sum);
            }
            byName.put(free, held.apply(tensor));
        }
        return new Holding(naming, byName);
    }

    long inCommonWith(Holding other) {
        return byName.keySet().stream().filter(other.byName::containsKey).count();
    }
}
