package org.ptsanitize.converter.convert;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.ptsanitize.converter.sanitize.AllowedNode;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.tensor.TensorView;

/** Walks over trees, without recursion. */
final class PtTree {
    private PtTree() {}

    /** The nodes a node holds, in order. */
    static List<Node> children(Node node) {
        if (node instanceof ListNode list) {
            return list.items();
        }
        List<Node> children = new ArrayList<>();
        if (node instanceof MapNode map) {
            map.entries().forEach(entry -> children.add(entry.value()));
            map.metadata().ifPresent(children::add);
        } else if (node instanceof CompositeTensor composite) {
            composite.parts().forEach(part -> children.add(part.node()));
        } else if (node instanceof AllowedNode allowed) {
            children.addAll(allowed.arguments());
            children.addAll(allowed.states());
            children.addAll(allowed.items());
            allowed.entries().forEach(pair -> {
                children.add(pair.key());
                children.add(pair.value());
            });
        }
        return children;
    }

    /** All views in a tree, in the order of first appearance, shared nodes once. */
    static List<TensorView> views(Node root) {
        List<TensorView> views = new ArrayList<>();
        visit(root, node -> {
            if (node instanceof TensorNode tensor) {
                views.add(tensor.view());
            }
        });
        return views;
    }

    /** The globals that a tree writes as they were. */
    static Set<Global> allowed(Node root) {
        Set<Global> globals = new HashSet<>();
        visit(root, node -> {
            if (node instanceof AllowedNode allowed) {
                globals.add(allowed.global());
            }
        });
        return globals;
    }

    private static void visit(Node root, Consumer<Node> visitor) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> stack = new ArrayDeque<>();
        stack.push(root);
        while (!stack.isEmpty()) {
            Node node = stack.pop();
            if (!seen.add(node)) {
                continue;
            }
            visitor.accept(node);
            List<Node> children = children(node);
            for (int i = children.size() - 1; i >= 0; i--) {
                stack.push(children.get(i));
            }
        }
    }
}
