package org.ptsanitize.converter.verify;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;

/** The plain values that say how components make one tensor. */
final class Attributes {
    private Attributes() {}

    /** Whether two tensors are put together in the same way, as far as both sides tell. */
    static boolean same(Optional<CompositeTensor> left, Optional<CompositeTensor> right) {
        if (left.isEmpty() || right.isEmpty()) {
            return true;
        }
        return left.get().kind() == right.get().kind()
                && same(left.get().attributes(), right.get().attributes());
    }

    private record Two(Node left, Node right) {}

    private static boolean same(Node left, Node right) {
        Deque<Two> stack = new ArrayDeque<>();
        stack.push(new Two(left, right));
        while (!stack.isEmpty()) {
            Two two = stack.pop();
            if (two.left() instanceof MapNode a && two.right() instanceof MapNode b) {
                if (a.entries().size() != b.entries().size()) {
                    return false;
                }
                for (MapNode.Entry entry : a.entries()) {
                    Optional<MapNode.Entry> other = b.entries().stream()
                            .filter(candidate -> candidate.key().equals(entry.key()))
                            .findFirst();
                    if (other.isEmpty()) {
                        return false;
                    }
                    stack.push(new Two(entry.value(), other.get().value()));
                }
            } else if (two.left() instanceof ListNode a && two.right() instanceof ListNode b) {
                List<Node> items = b.items();
                if (a.items().size() != items.size()) {
                    return false;
                }
                for (int i = 0; i < items.size(); i++) {
                    stack.push(new Two(a.items().get(i), items.get(i)));
                }
            } else if (!two.left().equals(two.right())) {
                return false;
            }
        }
        return true;
    }
}
