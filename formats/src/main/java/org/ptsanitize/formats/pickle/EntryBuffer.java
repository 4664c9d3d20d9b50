package org.ptsanitize.formats.pickle;

/** The entries of a mapping in the order they were written: key and value by index. */
public final class EntryBuffer {
    static final EntryBuffer EMPTY = new EntryBuffer();

    private final ValueBuffer flat = new ValueBuffer();

    EntryBuffer() {}

    void put(PickleValue key, PickleValue value) {
        flat.add(key);
        flat.add(value);
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
