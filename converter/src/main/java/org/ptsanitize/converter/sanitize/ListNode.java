package org.ptsanitize.converter.sanitize;

import java.util.List;

/** A sequence or a set. */
public final class ListNode implements Node {
    /** What the sequence was in Python. */
    public enum Kind {
        LIST,
        TUPLE,
        SET,
        FROZENSET,
        DEQUE,
        /** {@code torch.Size}. */
        SIZE
    }

    private final Kind kind;
    private final List<Node> items;
    private final boolean holdsTensors;

    public ListNode(Kind kind, List<Node> items) {
        this.kind = kind;
        this.items = List.copyOf(items);
        this.holdsTensors = items.stream().anyMatch(Node::holdsTensors);
    }

    public Kind kind() {
        return kind;
    }

    public List<Node> items() {
        return items;
    }

    @Override
    public boolean holdsTensors() {
        return holdsTensors;
    }
}
