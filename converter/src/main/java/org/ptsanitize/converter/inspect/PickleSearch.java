package org.ptsanitize.converter.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.ptsanitize.formats.pickle.EntryBuffer;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.PySet;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * Finds the opcode that makes the value at a path of the tree. Only calls and persistent ids remember their opcode; a
 * container is found by the first of those in it.
 */
final class PickleSearch {
    private static final int MOST_STEPS = 1_000_000;
    private static final int LONGEST_KEY = 10_000;

    /** Parts of a module's state that its paths do not name. */
    private static final Set<String> SILENT = Set.of("_parameters", "_buffers", "_modules", "");

    private int steps;

    private record Place(PickleValue value, String rest) {}

    private record Entry(String key, PickleValue value) {}

    /** The offset of the opcode, or nothing if the path leads nowhere or to a value that no opcode is known of. */
    OptionalLong find(PickleValue root, String path) throws IOException {
        Deque<Place> stack = new ArrayDeque<>();
        stack.push(new Place(root, path));
        while (!stack.isEmpty() && steps++ < MOST_STEPS) {
            Place place = stack.pop();
            if (place.rest().isEmpty()) {
                OptionalLong offset = first(place.value());
                if (offset.isPresent()) {
                    return offset;
                }
                continue;
            }
            for (Entry entry : entries(place.value())) {
                if (SILENT.contains(entry.key())) {
                    stack.push(new Place(entry.value(), place.rest()));
                } else if (place.rest().equals(entry.key())) {
                    stack.push(new Place(entry.value(), ""));
                } else if (place.rest().startsWith(entry.key() + ".")) {
                    stack.push(new Place(
                            entry.value(), place.rest().substring(entry.key().length() + 1)));
                }
            }
        }
        return OptionalLong.empty();
    }

    /** The offset of the first call or persistent id in a value, the value itself included. */
    private OptionalLong first(PickleValue root) throws IOException {
        long lowest = Long.MAX_VALUE;
        Set<PickleValue> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<PickleValue> stack = new ArrayDeque<>();
        stack.push(root);
        while (!stack.isEmpty() && steps++ < MOST_STEPS) {
            PickleValue value = stack.pop();
            if (value instanceof Call call) {
                lowest = Math.min(lowest, call.offset());
            } else if (value instanceof PersistentId id) {
                lowest = Math.min(lowest, id.offset());
            } else if (seen.add(value)) {
                entries(value).forEach(entry -> stack.push(entry.value()));
            }
        }
        return lowest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(lowest);
    }

    private static List<Entry> entries(PickleValue value) throws IOException {
        List<Entry> entries = new ArrayList<>();
        if (value instanceof Dict dict) {
            add(entries, dict.entries());
        } else if (value instanceof PyList list) {
            add(entries, list.items());
        } else if (value instanceof Tuple tuple) {
            add(entries, tuple.items());
        } else if (value instanceof PySet set) {
            add(entries, set.items());
        } else if (value instanceof Call call) {
            add(entries, call.entries());
            add(entries, call.items());
            for (PickleValue state : call.states()) {
                if (state instanceof Tuple pair) {
                    pair.items().forEach(part -> entries.add(new Entry("", part)));
                }
                entries.add(new Entry("", state));
            }
            entries.add(new Entry("", call.arguments()));
        }
        return entries;
    }

    private static void add(List<Entry> entries, List<PickleValue> items) {
        for (int i = 0; i < items.size(); i++) {
            entries.add(new Entry(Integer.toString(i), items.get(i)));
        }
    }

    private static void add(List<Entry> entries, EntryBuffer from) throws IOException {
        for (int i = 0; i < from.size(); i++) {
            PickleValue key = from.key(i);
            if (key instanceof Text text) {
                entries.add(new Entry(text.value(), from.value(i)));
            } else if (key instanceof Int number) {
                entries.add(new Entry(Long.toString(number.value()), from.value(i)));
            } else if (key instanceof Bytes bytes && bytes.length() <= LONGEST_KEY) {
                String text =
                        StandardCharsets.UTF_8.decode(bytes.range().read()).toString();
                entries.add(new Entry(text, from.value(i)));
            }
        }
    }
}
