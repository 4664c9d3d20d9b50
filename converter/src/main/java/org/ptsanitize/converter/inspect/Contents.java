package org.ptsanitize.converter.inspect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.ptsanitize.converter.sanitize.AllowedNode;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/** What is known of a whole tree: the numbers of its storages, and how much there is below each node. */
final class Contents {
    private final Map<Storage, Integer> storages = new IdentityHashMap<>();
    private final Map<Node, Sum> sums = new IdentityHashMap<>();

    /** Tensors below a node and their bytes, as often as there are paths to them. */
    record Sum(long tensors, long bytes) {
        private static final Sum NOTHING = new Sum(0, 0);

        private Sum plus(Sum other) {
            return new Sum(plus(tensors, other.tensors), plus(bytes, other.bytes));
        }

        private static long plus(long one, long other) {
            return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
        }
    }

    /** The tensor of a view. */
    InspectedTensor tensor(String name, String path, TensorView view, String kind) {
        int number = storages.computeIfAbsent(view.storage(), storage -> storages.size());
        List<Long> shape = java.util.Arrays.stream(view.sizes()).boxed().toList();
        return new InspectedTensor(
                name,
                path,
                view.dtype().torchName(),
                shape,
                bytes(view),
                kind,
                number,
                view.storage().size(),
                view.offset() / view.dtype().valuesPerElement() * view.dtype().size(),
                view.isContiguous());
    }

    private static long bytes(TensorView view) {
        try {
            return view.byteSize();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    Sum below(Node root) {
        Deque<Node> stack = new ArrayDeque<>();
        stack.push(root);
        while (!stack.isEmpty()) {
            Node node = stack.peek();
            if (sums.containsKey(node) || !node.holdsTensors()) {
                stack.pop();
                continue;
            }
            Sum sum = node instanceof TensorNode tensor ? new Sum(1, bytes(tensor.view())) : Sum.NOTHING;
            boolean complete = true;
            for (Node child : children(node)) {
                Sum known = child.holdsTensors() ? sums.get(child) : Sum.NOTHING;
                if (known == null) {
                    stack.push(child);
                    complete = false;
                } else {
                    sum = sum.plus(known);
                }
            }
            if (complete) {
                sums.put(node, sum);
                stack.pop();
            }
        }
        return sums.getOrDefault(root, Sum.NOTHING);
    }

    private static List<Node> children(Node node) {
        if (node instanceof ListNode list) {
            return list.items();
        } else if (node instanceof MapNode map) {
            return map.entries().stream().map(MapNode.Entry::value).toList();
        } else if (node instanceof CompositeTensor composite) {
            return composite.parts().stream().map(CompositeTensor.Part::node).toList();
        } else if (node instanceof AllowedNode allowed) {
            return List.of(allowed.stub());
        }
        return List.of();
    }
}
