package org.ptsanitize.converter.sanitize;

import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/** A mapping with primitive keys, each key once, in Python's order. */
public final class MapNode implements Node {
    /** What the mapping was in Python. */
    public enum Kind {
        DICT,
        ORDERED_DICT,
        COUNTER,
        DEFAULT_DICT,
        /** The {@code state_dict()} of a module that was pickled whole. */
        MODULE,
        /** The state of an object whose class is only a name: its first entry is {@link #CLASS_KEY}. */
        STUB
    }

    /** The key under which a stub tells its class. */
    public static final String CLASS_KEY = "__class__";

    private final Kind kind;
    private final List<Entry> entries;
    private final Optional<Node> metadata;
    private final boolean holdsTensors;

    public MapNode(Kind kind, List<Entry> entries) {
        this(kind, entries, Optional.empty());
    }

    /** @param metadata the {@code _metadata} attribute of an ordered dict */
    public MapNode(Kind kind, List<Entry> entries, Optional<Node> metadata) {
        this.kind = kind;
        this.entries = List.copyOf(entries);
        this.metadata = metadata;
        this.holdsTensors = entries.stream().anyMatch(entry -> entry.value().holdsTensors());
    }

    public Kind kind() {
        return kind;
    }

    public List<Entry> entries() {
        return entries;
    }

    public Optional<Node> metadata() {
        return metadata;
    }

    /** The value under a text key. */
    public Optional<Node> get(String key) {
        for (Entry entry : entries) {
            if (entry.key().value() instanceof Text text && text.value().equals(key)) {
                return Optional.of(entry.value());
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean holdsTensors() {
        return holdsTensors;
    }

    /** One entry; the key is text, an integer, a float, a bool, {@code None} or bytes. */
    public record Entry(Leaf key, Node value) {
        public static Entry of(String key, Node value) {
            return new Entry(Leaf.of(key), value);
        }
    }
}
