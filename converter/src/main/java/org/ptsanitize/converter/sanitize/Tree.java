package org.ptsanitize.converter.sanitize;

import java.util.ArrayList;
import java.util.List;

/**
 * A checkpoint as data.
 *
 * @param root the value that the file holds
 * @param outside what hangs on modules and tensors without being in a {@code state_dict()}: only listed
 */
public record Tree(Node root, List<Outside> outside) {
    /**
     * The tree with the values outside it as further entries of the root, each under its path.
     *
     * @return this tree if its root is no mapping that could take them
     */
    public Tree withOutside() {
        if (!(root instanceof MapNode map) || outside.isEmpty()) {
            return this;
        }
        List<MapNode.Entry> entries = new ArrayList<>(map.entries());
        for (Outside value : outside) {
            Leaf key = Leaf.of(value.path());
            boolean taken = map.entries().stream().anyMatch(entry -> entry.key().equals(key));
            if (value.node().holdsTensors() && !taken) {
                entries.add(new MapNode.Entry(key, value.node()));
            }
        }
        return new Tree(new MapNode(map.kind(), entries, map.metadata()), List.of());
    }

    /** A value that is not part of the output, and its path. */
    public record Outside(String path, Node node) {}
}
