package org.ptsanitize.formats.pickle;

import org.ptsanitize.formats.bytes.LimitExceededException;

/** The entries of a mapping in the order they were written: key and value by index. */
public final class EntryBuffer {
    static final EntryBuffer EMPTY = new EntryBuffer();

    /** Heap of an empty buffer. */
    static final long BYTES = Meter.object(1, 0) + ValueBuffer.BYTES;

    private final ValueBuffer<PickleValue> flat = new ValueBuffer<>();

    EntryBuffer() {}

    void put(PickleValue key, PickleValue value, Meter meter) throws LimitExceededException {
        flat.ensure(2, meter);
        flat.add(key, meter);
        flat.add(value, meter);
    }

    /** Makes room for so many keys and values together. */
    void ensure(int keysAndValues, Meter meter) throws LimitExceededException {
        flat.ensure(keysAndValues, meter);
    }

    public int size() {
        return flat.size() / 2;
    }

    public boolean isEmpty() {
        return flat.size() == 0;
    }

    public PickleValue key(int index) {
        return flat.get(2 * index);
    }

    public PickleValue value(int index) {
        return flat.get(2 * index + 1);
    }
}
