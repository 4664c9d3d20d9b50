package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.formats.bytes.KeyTable;
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
    /** What makes each key a key. */
    private final List<Object> identities;

    private final KeyTable places;

    Entries() {
        this(0);
    }

    private Entries(int size) {
        this.keys = new ArrayList<>(size);
        this.values = new ArrayList<>(size);
        this.identities = new ArrayList<>(size);
        this.places = new KeyTable(size, identities::get);
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
        Object identity = KeyIdentity.of(key);
        int place = places.add(identity, keys.size());
        if (place < 0) {
            identities.add(identity);
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
        int place = places.find(key);
        return place < 0 ? null : values.get(place);
    }

    static ByteBuffer contents(Bytes bytes) throws IOException {
        return bytes.range().read();
    }
}
