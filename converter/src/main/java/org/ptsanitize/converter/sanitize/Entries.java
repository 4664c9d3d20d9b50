package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ptsanitize.formats.pickle.EntryBuffer;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;

/**
 * The entries of a mapping as Python would hold them: a key set again keeps its place and its first spelling and takes
 * the last value. What is one key, {@link KeyIdentity} says.
 */
final class Entries {
    private final List<PickleValue> keys;
    private final List<PickleValue> values;
    private final List<PickleValue> replaced = new ArrayList<>();
    private final List<PickleValue> replacedKeys = new ArrayList<>();
    private final Map<Object, Integer> places;

    Entries() {
        this(0);
    }

    private Entries(int size) {
        this.keys = new ArrayList<>(size);
        this.values = new ArrayList<>(size);
        this.places = new HashMap<>(size / 3 * 4 + 4);
    }

    /** The entries of a buffer. */
    static Entries of(EntryBuffer buffer) throws IOException {
        return new Entries(buffer.size()).addAll(buffer);
    }

    /** Adds all entries of a buffer. */
    Entries addAll(EntryBuffer buffer) throws IOException {
        for (int i = 0; i < buffer.size(); i++) {
            add(buffer.key(i), buffer.value(i));
        }
        return this;
    }

    /** Sets one entry. */
    void add(PickleValue key, PickleValue value) throws IOException {
        Integer place = places.putIfAbsent(KeyIdentity.of(key), keys.size());
        if (place == null) {
            keys.add(key);
            values.add(value);
        } else {
            replacedKeys.add(key);
            replaced.add(values.set(place, value));
        }
    }

    int size() {
        return keys.size();
    }

    PickleValue key(int index) {
        return keys.get(index);
    }

    PickleValue value(int index) {
        return values.get(index);
    }

    /** The values that a later entry replaced. */
    List<PickleValue> replaced() {
        return replaced;
    }

    /** The key of each replaced value. */
    List<PickleValue> replacedKeys() {
        return replacedKeys;
    }

    /** The value under a text key, or null. */
    @org.jspecify.annotations.Nullable
    PickleValue get(String key) {
        Integer place = places.get(key);
        return place == null ? null : values.get(place);
    }

    static ByteBuffer contents(Bytes bytes) throws IOException {
        return bytes.range().read();
    }
}
