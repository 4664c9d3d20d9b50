package org.ptsanitize.converter.naming;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.sanitize.AllowedNode;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Names;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;

/**
 * Gives every tensor its name: the path from the root. In plain data and in modules every path counts, also a second one
 * to the same tensor. What hangs on other objects comes after that, by the path of the object in plain data if it has one,
 * and there a tensor that has a name already gets no other; it is told as a repetition.
 */
public final class NameWalk {
    /**
     * A tensor, plain or composite, under its path.
     *
     * @param isRoot whether it is the root itself; the path of a tensor under an empty key is empty too
     */
    public record Found(String path, Node node, boolean isRoot) {}

    private static final int FOUND_BYTES = 120;

    private final EventLog log;
    private final Budget budget;
    private final List<Found> found = new ArrayList<>();
    private final Set<ViewKey> named = new HashSet<>();
    private final Set<Node> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Node, BitSet> omitted = new IdentityHashMap<>();
    private final Map<Node, BitSet> putOff = new IdentityHashMap<>();
    /** Objects that have a place of their own in plain data, which names what hangs on them, still to be walked. */
    private final Set<Node> waiting = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Deque<Step> stubs = new ArrayDeque<>();
    private int firstObject = Integer.MAX_VALUE;
    private @Nullable Node treeRoot;
    private boolean repeats;

    public NameWalk(EventLog log, Budget budget) {
        this.log = log;
        this.budget = budget;
    }

    /**
     * A place in the tree: what hangs at an index of a parent, under a path.
     *
     * @param inObject whether an object is on the path to it
     */
    private record Step(Node parent, int index, Node node, Path path, boolean inObject) {}

    /** A path as a chain, turned into text only where a tensor is. */
    private record Path(@Nullable Path parent, String component) {
        String text() {
            if (parent != null && parent.parent == null) {
                return component;
            }
            List<String> parts = new ArrayList<>();
            for (Path at = this; at != null; at = at.parent) {
                if (at.parent != null) {
                    parts.add(at.component);
                }
            }
            Collections.reverse(parts);
            return String.join(".", parts);
        }
    }

    /**
     * Names every tensor of a tree, in the tree's order, what hangs on objects last.
     *
     * @param plainEntries how many entries of the root are plain; those behind them count as objects
     */
    public List<Found> walk(Node root, int plainEntries) throws LimitExceededException {
        Path start = new Path(null, "");
        firstObject = plainEntries;
        treeRoot = root;
        walkPlain(new Step(root, 0, root, start, false));
        if (!stubs.isEmpty()) {
            for (Found plain : found) {
                remember(plain.node());
            }
        }
        while (!stubs.isEmpty()) {
            Step next = stubs.removeFirst();
            waiting.remove(next.node());
            walkStub(next);
        }
        return found;
    }

    /**
     * The children of containers that are left out because their tensors have names already: attributes of modules, which
     * have no place in a tree. What hangs on an object stays there.
     */
    public Map<Node, BitSet> omitted() {
        return omitted;
    }

    /** Whether a path leads to a tensor that has its name from another one. */
    public boolean repeats() {
        return repeats;
    }

    private void walkPlain(Step first) throws LimitExceededException {
        Deque<Step> stack = new ArrayDeque<>();
        stack.push(first);
        while (!stack.isEmpty()) {
            Step step = stack.pop();
            spendPath(step);
            Node node = step.node();
            boolean tensor = node instanceof TensorNode || node instanceof CompositeTensor;
            if (tensor && !isAttribute(step)) {
                add(step);
            } else if (isObject(node) || isAttribute(step)) {
                putOff(step);
            } else {
                visited.add(node);
                pushChildren(stack, step);
            }
        }
    }

    private void spendPath(Step step) throws LimitExceededException {
        if (budget.left(Limit.PATHS) == 0) {
            budget.spend(Limit.PATHS, 1, step.path().text());
        }
        budget.spend(Limit.PATHS, 1, "");
    }

    /** A place that several paths lead to, because a container around it is shared, is one place. */
    private void putOff(Step step) {
        BitSet indexes = putOff.computeIfAbsent(step.parent(), parent -> new BitSet());
        if (indexes.get(step.index())) {
            repeated(step);
        } else {
            indexes.set(step.index());
            stubs.addLast(step);
            waiting.add(step.node());
        }
    }

    private boolean isAttribute(Step step) {
        return step.parent() == treeRoot && step.node() != treeRoot && step.index() >= firstObject;
    }

    private static boolean isObject(Node node) {
        return node instanceof AllowedNode || node instanceof MapNode map && map.kind() == MapNode.Kind.STUB;
    }

    private void walkStub(Step first) throws LimitExceededException {
        Deque<Step> stack = new ArrayDeque<>();
        stack.push(first);
        while (!stack.isEmpty()) {
            Step step = stack.pop();
            spendPath(step);
            Node node = step.node();
            if (node instanceof TensorNode || node instanceof CompositeTensor) {
                if (isNamed(node)) {
                    repeated(step);
                } else {
                    add(step);
                    remember(node);
                }
            } else if (!waiting.contains(node) && visited.add(node)) {
                pushChildren(stack, step);
            } else {
                repeated(step);
            }
        }
    }

    private void pushChildren(Deque<Step> stack, Step step) {
        List<Step> children = new ArrayList<>();
        boolean inObject = step.inObject() || isObject(step.node());
        Node node = step.node() instanceof AllowedNode allowed ? allowed.stub() : step.node();
        if (node instanceof MapNode map) {
            for (int i = 0; i < map.entries().size(); i++) {
                MapNode.Entry entry = map.entries().get(i);
                if (entry.value().holdsTensors()) {
                    Path path = new Path(step.path(), Names.component(entry.key()));
                    children.add(new Step(node, i, entry.value(), path, inObject));
                }
            }
        } else if (node instanceof ListNode list) {
            for (int i = 0; i < list.items().size(); i++) {
                if (list.items().get(i).holdsTensors()) {
                    Path path = new Path(step.path(), Integer.toString(i));
                    children.add(new Step(node, i, list.items().get(i), path, inObject));
                }
            }
        }
        for (int i = children.size() - 1; i >= 0; i--) {
            stack.push(children.get(i));
        }
    }

    private boolean isNamed(Node node) {
        return node instanceof TensorNode tensor ? named.contains(new ViewKey(tensor.view())) : visited.contains(node);
    }

    private void add(Step step) throws LimitExceededException {
        String path = step.path().text();
        budget.spendMemory(FOUND_BYTES + 2L * path.length(), 0);
        found.add(new Found(path, step.node(), step.node() == treeRoot));
    }

    private void remember(Node node) {
        if (node instanceof TensorNode tensor) {
            named.add(new ViewKey(tensor.view()));
        } else {
            visited.add(node);
        }
    }

    private void repeated(Step step) {
        repeats = true;
        if (!step.inObject() && !isObject(step.node())) {
            omitted.computeIfAbsent(step.parent(), parent -> new BitSet()).set(step.index());
        }
        log.add(Event.Kind.ALREADY_NAMED, step.path().text(), "object", "the tensors here have a name already");
    }
}
