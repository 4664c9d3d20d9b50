package org.ptsanitize.converter.sanitize;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rebuilds a tree from its leaves up, each shared node once, with an explicit stack. Only sequences and mappings are
 * descended into; everything else is handed to {@link #leaf}.
 */
public abstract class TreeMapper {
    private final Map<Node, Node> mapped = new IdentityHashMap<>();

    protected TreeMapper() {}

    /** What becomes of a node that is no container. */
    protected abstract Node leaf(Node node);

    /** What becomes of a sequence, given what became of its items. */
    protected abstract Node list(ListNode node, List<Node> items);

    /** What becomes of a mapping, given what became of its values. */
    protected abstract Node map(MapNode node, List<MapNode.Entry> entries, Optional<Node> metadata);

    /** Maps a whole tree. */
    public final Node apply(Node root) {
        Deque<Node> stack = new ArrayDeque<>();
        stack.push(root);
        while (!stack.isEmpty()) {
            Node node = stack.peek();
            if (mapped.containsKey(node)) {
                stack.pop();
                continue;
            }
            boolean ready = true;
            for (Node child : children(node)) {
                if (!mapped.containsKey(child)) {
                    stack.push(child);
                    ready = false;
                }
            }
            if (ready) {
                stack.pop();
                mapped.put(node, rebuild(node));
            }
        }
        return of(root);
    }

    private static List<Node> children(Node node) {
        if (node instanceof ListNode list) {
            return list.items();
        }
        if (node instanceof MapNode map) {
            List<Node> children = new ArrayList<>(map.entries().size() + 1);
            map.entries().forEach(entry -> children.add(entry.value()));
            map.metadata().ifPresent(children::add);
            return children;
        }
        return List.of();
    }

    private Node rebuild(Node node) {
        if (node instanceof ListNode list) {
            List<Node> items = new ArrayList<>(list.items().size());
            list.items().forEach(item -> items.add(of(item)));
            return list(list, items);
        }
        if (node instanceof MapNode map) {
            List<MapNode.Entry> entries = new ArrayList<>(map.entries().size());
            map.entries().forEach(entry -> entries.add(new MapNode.Entry(entry.key(), of(entry.value()))));
            return map(map, entries, map.metadata().map(this::of));
        }
        return leaf(node);
    }

    private Node of(Node node) {
        Node result = mapped.get(node);
        if (result == null) {
            throw new AssertionError("a child is mapped before its parent");
        }
        return result;
    }
}
