package org.ptsanitize.formats.pickle;

import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * Short tuples of integers, held once where they repeat nearby: a million tensors have few sizes and strides. A tuple of
 * integers cannot change, so sharing one says nothing that is not true. The cache has a fixed size and forgets what
 * collides.
 */
final class ShapeCache {
    private static final int SLOT_BITS = 10;
    private static final int LONGEST = 8;

    private final @Nullable Tuple[] slots = new @Nullable Tuple[1 << SLOT_BITS];

    /** The slot of a tuple whose items are all integers, or −1. */
    int slot(PickleValue[] values, int from, int to) {
        if (to - from > LONGEST) {
            return -1;
        }
        int hash = to - from;
        for (int i = from; i < to; i++) {
            if (!(values[i] instanceof Int number)) {
                return -1;
            }
            hash = 31 * hash + Long.hashCode(number.value());
        }
        return (hash * 0x9e3779b9) >>> (Integer.SIZE - SLOT_BITS);
    }

    /** The tuple in a slot if it has exactly these items, else null. */
    @Nullable
    Tuple find(int slot, PickleValue[] values, int from, int to) {
        Tuple known = slots[slot];
        if (known == null || known.size() != to - from) {
            return null;
        }
        for (int i = from; i < to; i++) {
            if (((Int) known.get(i - from)).value() != ((Int) values[i]).value()) {
                return null;
            }
        }
        return known;
    }

    void remember(int slot, Tuple tuple) {
        slots[slot] = tuple;
    }
}
