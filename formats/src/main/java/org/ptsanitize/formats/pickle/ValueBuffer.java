package org.ptsanitize.formats.pickle;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/** A growing run of values; an empty one costs no array. */
final class ValueBuffer {
    private static final PickleValue[] NOTHING = {};

    private PickleValue[] items = NOTHING;
    private int size;

    void add(PickleValue item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size == 0 ? 4 : size + (size >> 1) + 1);
        }
        items[size++] = item;
    }

    int size() {
        return size;
    }

    PickleValue get(int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return items[index];
    }

    /** An unmodifiable view. */
    List<PickleValue> asList() {
        return size == 0 ? List.of() : new View();
    }

    private final class View extends AbstractList<PickleValue> implements RandomAccess {
        @Override
        public PickleValue get(int index) {
            return ValueBuffer.this.get(index);
        }

        @Override
        public int size() {
            return size;
        }
    }
}
