package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/** The Python attributes that {@code _rebuild_from_type} gives to a tensor. They are not part of its data. */
final class SubclassState {
    private static final Set<String> PLAIN =
            Set.of("torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer");

    private SubclassState() {}

    /** The class that {@code _rebuild_from_type} names, if it is more than a plain tensor with attributes. */
    static Optional<Global> subclass(Optional<Global> type) {
        return type.filter(global -> !PLAIN.contains(Reviver.className(global)));
    }

    /** Whether a state can hold anything worth looking at. */
    static boolean isEmpty(PickleValue state) throws IOException {
        if (state instanceof PickleValue.None) {
            return true;
        }
        if (state instanceof PickleValue.Dict dict) {
            return dict.entries().isEmpty();
        }
        if (state instanceof Tuple pair) {
            List<PickleValue> items = pair.items();
            for (PickleValue item : items) {
                if (!isEmpty(item)) {
                    return false;
                }
            }
            return true;
        }
        return false;
    }
}
