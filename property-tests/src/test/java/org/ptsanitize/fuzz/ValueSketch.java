package org.ptsanitize.fuzz;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.PySet;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * A graph of values as text: each container once, under a number, leaves in full. Two graphs have the same text when
 * they have the same shape, aliases and cycles included. Offsets are left out.
 */
final class ValueSketch {
    private final Map<PickleValue, Integer> numbers = new IdentityHashMap<>();
    private final List<PickleValue> containers = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private ValueSketch() {}

    static String of(PickleValue root) {
        ValueSketch sketch = new ValueSketch();
        sketch.refer(root);
        for (int i = 0; i < sketch.containers.size(); i++) {
            sketch.text.append('\n').append(i).append(' ');
            sketch.describe(sketch.containers.get(i));
        }
        return sketch.text.toString();
    }

    private void refer(PickleValue value) {
        if (value instanceof Real real) {
            text.append("real ").append(Long.toHexString(Double.doubleToRawLongBits(real.value())));
        } else if (value instanceof Bytes bytes) {
            text.append(bytes.kind()).append(' ').append(bytes.length());
        } else if (value instanceof Tuple tuple && tuple.items().stream().allMatch(Int.class::isInstance)) {
            // The machine may keep one tuple for all of the same integers.
            text.append(tuple.items());
        } else if (isContainer(value)) {
            Integer number = numbers.putIfAbsent(value, containers.size());
            if (number == null) {
                number = containers.size();
                containers.add(value);
            }
            text.append('#').append(number.intValue());
        } else {
            text.append(value);
        }
        text.append(' ');
    }

    private static boolean isContainer(PickleValue value) {
        return value instanceof Tuple
                || value instanceof PyList
                || value instanceof Dict
                || value instanceof PySet
                || value instanceof Call
                || value instanceof PersistentId;
    }

    private void describe(PickleValue value) {
        if (value instanceof Tuple tuple) {
            all("tuple", tuple.items());
        } else if (value instanceof PyList list) {
            all("list", list.items());
        } else if (value instanceof PySet set) {
            all(set.frozen() ? "frozenset" : "set", set.items());
        } else if (value instanceof Dict dict) {
            text.append("dict ");
            entries(dict.entries().size(), dict.entries()::key, dict.entries()::value);
        } else if (value instanceof PersistentId id) {
            all("id", List.of(id.id()));
        } else if (value instanceof Call call) {
            all(call.kind().name(), List.of(call.callable(), call.arguments(), call.keywords()));
            all("states", call.states());
            all("items", call.items());
            entries(call.entries().size(), call.entries()::key, call.entries()::value);
        }
    }

    private void all(String what, List<PickleValue> values) {
        text.append(what).append(' ');
        values.forEach(this::refer);
    }

    private void entries(int count, Function<Integer, PickleValue> key, Function<Integer, PickleValue> value) {
        for (int i = 0; i < count; i++) {
            refer(key.apply(i));
            text.append(": ");
            refer(value.apply(i));
        }
    }
}
