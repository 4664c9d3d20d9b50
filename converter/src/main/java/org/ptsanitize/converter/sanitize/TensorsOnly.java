package org.ptsanitize.converter.sanitize;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps the branches of a tree that lead to tensors, with their keys; everything else goes. */
final class TensorsOnly extends TreeMapper {
    private static final Absent NOTHING = new Absent(Absent.Reason.DROPPED_CALL);

    @Override
    protected Node leaf(Node node) {
        return node.holdsTensors() ? node : NOTHING;
    }

    @Override
    protected Node list(ListNode node, List<Node> items) {
        if (!node.holdsTensors()) {
            return NOTHING;
        }
        return new ListNode(node.kind(), Reviver.present(items));
    }

    @Override
    protected Node map(MapNode node, List<MapNode.Entry> entries, Optional<Node> metadata) {
        if (!node.holdsTensors()) {
            return NOTHING;
        }
        List<MapNode.Entry> kept = new ArrayList<>();
        for (MapNode.Entry entry : entries) {
            if (entry.value().holdsTensors()) {
                kept.add(entry);
            }
        }
        return new MapNode(node.kind(), kept);
    }
}
