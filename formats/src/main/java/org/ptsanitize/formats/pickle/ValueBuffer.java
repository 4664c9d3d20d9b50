package org.ptsanitize.formats.pickle;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.ptsanitize.formats.bytes.LimitExceededException;

/** A growing run of values, paid for as it grows; an empty one costs no array, one that is filled once has no slack. */
final class ValueBuffer<T extends PickleValue> {
    /** Heap of an empty buffer. */
    static final long BYTES = Meter.object(1, 4);

    private static final PickleValue[] NOTHING = {};

    private PickleValue[] items = NOTHING;
    private int size;

    void add(T item, Meter meter) throws LimitExceededException {
        if (size == items.length) {
            ensure(1, meter);
        }
        items[size++] = item;
    }

    /** Makes room for more items. */
    void ensure(int more, Meter meter) throws LimitExceededException {
        long needed = (long) size + more;
        if (needed > items.length) {
            int length = meter.grown(items.length, needed);
            if (size == 0) {
                length = more;
            }
            meter.take(Meter.array(length));
            long before = items.length == 0 ? 0 : Meter.array(items.length);
            items = Arrays.copyOf(items, length);
            meter.release(before);
        }
    }

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked") // add() lets nothing but T in
    T get(int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return (T) items[index];
    }

    /** An unmodifiable view. */
    List<T> asList() {
        return size == 0 ? List.of() : new View();
    }

    private final class View extends AbstractList<T> implements RandomAccess {
        @Override
        public T get(int index) {
            return ValueBuffer.this.get(index);
        }

        @Override
        public int size() {
            return size;
        }
    }
}
