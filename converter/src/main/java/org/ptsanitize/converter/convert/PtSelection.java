package org.ptsanitize.converter.convert;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.naming.NameWalk;
import org.ptsanitize.converter.naming.NamedView;
import org.ptsanitize.converter.naming.OutputNames;
import org.ptsanitize.converter.naming.ViewKey;
import org.ptsanitize.converter.report.OutputTensor;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Names;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;

/** What a {@code .pt} output holds when the options leave some tensors out or give them other names. */
final class PtSelection {
    private PtSelection() {}

    /** A flat mapping, for names that are no paths any more. */
    static Node flat(List<OutputNames.Named> named) {
        List<MapNode.Entry> entries = new ArrayList<>(named.size());
        for (OutputNames.Named one : named) {
            entries.add(MapNode.Entry.of(one.name(), one.tensor().node()));
        }
        return new MapNode(MapNode.Kind.ORDERED_DICT, entries);
    }

    /** The tree, without the tensors that the globs leave out. */
    static Node pruned(Node root, NameWalk walk, List<OutputNames.Named> named, ConvertOptions options) {
        if (options.include().isEmpty() && options.exclude().isEmpty()) {
            return root;
        }
        return new Pruning(named, walk).prune(root);
    }

    /**
     * Rebuilds a tree path by path, because a shared container may keep other tensors under each of its paths. An object
     * keeps the same ones under all of them.
     */
    private static final class Pruning {
        private final Set<String> kept = new HashSet<>();
        private final WrittenNames names;
        private final NameWalk walk;
        private final Map<Node, Node> objects = new IdentityHashMap<>();

        Pruning(List<OutputNames.Named> named, NameWalk walk) {
            named.forEach(one -> kept.add(one.tensor().path()));
            this.names = WrittenNames.withRepetitions(named);
            this.walk = walk;
        }

        private static final class Frame {
            private final Node node;
            private final @Nullable String path;
            private final List<Node> done = new ArrayList<>();
            private final List<Integer> indexes = new ArrayList<>();
            private final boolean inObject;
            private int next;

            Frame(Node node, @Nullable String path, boolean inObject) {
                this.node = node;
                this.path = path;
                this.inObject = inObject || isObject(node);
            }
        }

        Node prune(Node root) {
            Deque<Frame> stack = new ArrayDeque<>();
            stack.push(new Frame(root, null, false));
            while (true) {
                Frame frame = stack.peek();
                if (frame.next < size(frame.node)) {
                    int index = frame.next++;
                    Node child = child(frame.node, index);
                    String path = path(frame.node, index, frame.path);
                    if (isLeft(frame, index, child, path)) {
                        keepPlace(frame, index);
                    } else if (objects.containsKey(child)) {
                        frame.indexes.add(index);
                        frame.done.add(objects.get(child));
                    } else if (child.holdsTensors() && size(child) > 0) {
                        frame.indexes.add(index);
                        stack.push(new Frame(child, path, frame.inObject));
                    } else {
                        frame.indexes.add(index);
                        frame.done.add(child);
                    }
                    continue;
                }
                Node rebuilt = rebuild(frame);
                if (isObject(frame.node)) {
                    objects.put(frame.node, rebuilt);
                }
                stack.pop();
                if (stack.isEmpty()) {
                    return rebuilt;
                }
                stack.peek().done.add(rebuilt);
            }
        }

        private boolean isLeft(Frame parent, int index, Node child, String path) {
            boolean tensor = child instanceof TensorNode || child instanceof CompositeTensor;
            boolean omitted = walk.omitted().containsKey(parent.node)
                    && walk.omitted().get(parent.node).get(index);
            boolean elsewhere = parent.inObject && names.elsewhere(child) != null;
            return omitted || tensor && !kept.contains(path) && !elsewhere;
        }

        private static boolean isObject(Node node) {
            return node instanceof MapNode map && map.kind() == MapNode.Kind.STUB;
        }

        private static void keepPlace(Frame frame, int index) {
            if (frame.node instanceof ListNode) {
                frame.indexes.add(index);
                frame.done.add(Leaf.NONE);
            }
        }

        private static int size(Node node) {
            return node instanceof ListNode list
                    ? list.items().size()
                    : node instanceof MapNode map ? map.entries().size() : 0;
        }

        private static Node child(Node node, int index) {
            return node instanceof ListNode list
                    ? list.items().get(index)
                    : ((MapNode) node).entries().get(index).value();
        }

        private static String path(Node node, int index, @Nullable String path) {
            String component = node instanceof ListNode
                    ? Integer.toString(index)
                    : Names.component(((MapNode) node).entries().get(index).key());
            return path == null ? component : path + "." + component;
        }

        private static Node rebuild(Frame frame) {
            if (frame.node instanceof ListNode list) {
                return new ListNode(list.kind(), frame.done);
            }
            if (!(frame.node instanceof MapNode map)) {
                return frame.node;
            }
            List<MapNode.Entry> entries = new ArrayList<>();
            for (int i = 0; i < frame.indexes.size(); i++) {
                entries.add(new MapNode.Entry(
                        map.entries().get(frame.indexes.get(i)).key(), frame.done.get(i)));
            }
            return new MapNode(map.kind(), entries, map.metadata());
        }
    }

    /** The tensors for a report. */
    static List<OutputTensor> describe(List<OutputNames.Named> named) {
        List<OutputTensor> tensors = new ArrayList<>(named.size());
        for (NamedView one : NamedView.of(named)) {
            List<Long> shape = new ArrayList<>();
            for (long size : one.view().sizes()) {
                shape.add(size);
            }
            tensors.add(new OutputTensor(
                    one.name(),
                    one.path(),
                    one.view().dtype().torchName(),
                    shape,
                    one.view().byteSize(),
                    one.kind()));
        }
        return tensors;
    }

    /** Groups of names that are one tensor. */
    static List<List<String>> ties(List<OutputNames.Named> named) {
        Map<ViewKey, List<String>> groups = new LinkedHashMap<>();
        for (OutputNames.Named one : named) {
            if (one.tensor().node() instanceof TensorNode tensor
                    && tensor.view().elements() > 0) {
                groups.computeIfAbsent(new ViewKey(tensor.view()), key -> new ArrayList<>(1))
                        .add(one.name());
            }
        }
        groups.values().removeIf(group -> group.size() < 2);
        return new ArrayList<>(groups.values());
    }
}
