package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.ptsanitize.converter.naming.ViewKey;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.sanitize.AllowedNode;
import org.ptsanitize.converter.sanitize.ComplexNumber;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Names;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.converter.sanitize.TorchConstant;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.tensor.TensorView;

/** Holds a tree that was read back against the one that was written. */
final class TreeComparison {
    private final Set<Node> compared = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<ViewKey> comparedViews = new HashSet<>();
    private final Deque<Pair> stack = new ArrayDeque<>();

    private record Pair(Node expected, Node actual, String path) {}

    private final BiPredicate<TensorView, TensorView> known;

    private TreeComparison(BiPredicate<TensorView, TensorView> known) {
        this.known = known;
    }

    /**
     * Compares two trees, tensors by their digests.
     *
     * @param known whether two views, one of each tree, are known to hold the same bytes if their types and shapes agree
     * @throws VerificationException naming the first place where the trees differ
     */
    static void compare(Node expected, Node actual, BiPredicate<TensorView, TensorView> known) throws IOException {
        TreeComparison comparison = new TreeComparison(known);
        comparison.push(expected, actual, "");
        while (!comparison.stack.isEmpty()) {
            comparison.step(comparison.stack.pop());
        }
    }

    private void push(Node expected, Node actual, String path) {
        stack.push(new Pair(expected, actual, path));
    }

    private void step(Pair pair) throws IOException {
        Node expected = pair.expected();
        Node actual = pair.actual();
        if (expected instanceof ListNode || expected instanceof MapNode || expected instanceof AllowedNode) {
            if (!compared.add(expected)) {
                return;
            }
        }
        if (expected instanceof Leaf left && actual instanceof Leaf right) {
            require(isSame(left.value(), right.value()), pair);
        } else if (expected instanceof TensorNode left && actual instanceof TensorNode right) {
            tensor(left.view(), right.view(), pair);
        } else if (expected instanceof CompositeTensor left && actual instanceof CompositeTensor right) {
            composite(left, right, pair);
        } else if (expected instanceof ListNode left && actual instanceof ListNode right) {
            require(left.kind() == right.kind(), pair);
            items(left.items(), right.items(), pair);
        } else if (expected instanceof MapNode left && actual instanceof MapNode right) {
            map(left, right, pair);
        } else if (expected instanceof AllowedNode left && actual instanceof AllowedNode right) {
            allowed(left, right, pair);
        } else if (expected instanceof ComplexNumber || expected instanceof TorchConstant) {
            require(expected.equals(actual), pair);
        } else {
            require(false, pair);
        }
    }

    private void items(List<Node> left, List<Node> right, Pair pair) throws VerificationException {
        require(left.size() == right.size(), pair);
        for (int i = left.size() - 1; i >= 0; i--) {
            push(left.get(i), right.get(i), Names.join(pair.path(), Integer.toString(i)));
        }
    }

    private void map(MapNode left, MapNode right, Pair pair) throws IOException {
        require(
                isKind(left.kind(), right.kind())
                        && left.entries().size() == right.entries().size(),
                pair);
        for (int i = left.entries().size() - 1; i >= 0; i--) {
            MapNode.Entry wanted = left.entries().get(i);
            MapNode.Entry found = right.entries().get(i);
            require(isSame(wanted.key().value(), found.key().value()), pair);
            push(wanted.value(), found.value(), Names.join(pair.path(), Names.component(wanted.key())));
        }
        require(left.metadata().isPresent() == right.metadata().isPresent(), pair);
        if (left.metadata().isPresent()) {
            push(left.metadata().get(), right.metadata().get(), Names.join(pair.path(), "_metadata"));
        }
    }

    /** The stub of an object is written as a dict, and known again by its first key. */
    private static boolean isKind(MapNode.Kind wanted, MapNode.Kind found) {
        return wanted == (found == MapNode.Kind.STUB ? MapNode.Kind.DICT : found);
    }

    private void allowed(AllowedNode left, AllowedNode right, Pair pair) throws VerificationException {
        require(
                left.global().equals(right.global())
                        && left.isReference() == right.isReference()
                        && left.entries().size() == right.entries().size(),
                pair);
        items(left.arguments(), right.arguments(), pair);
        items(left.states(), right.states(), pair);
        items(left.items(), right.items(), pair);
        for (int i = 0; i < left.entries().size(); i++) {
            push(left.entries().get(i).key(), right.entries().get(i).key(), pair.path());
            push(left.entries().get(i).value(), right.entries().get(i).value(), pair.path());
        }
    }

    private void composite(CompositeTensor left, CompositeTensor right, Pair pair) throws VerificationException {
        require(
                left.kind() == right.kind()
                        && left.parts().size() == right.parts().size(),
                pair);
        for (int i = 0; i < left.parts().size(); i++) {
            push(left.parts().get(i).node(), right.parts().get(i).node(), pair.path());
        }
        push(left.attributes(), right.attributes(), pair.path());
    }

    private void tensor(TensorView left, TensorView right, Pair pair) throws IOException {
        require(left.dtype() == right.dtype() && Arrays.equals(left.sizes(), right.sizes()), pair);
        if (!known.test(left, right)) {
            boolean fresh = comparedViews.add(new ViewKey(left));
            fresh |= comparedViews.add(new ViewKey(right));
            require(!fresh || Arrays.equals(Digests.sha256(left), Digests.sha256(right)), pair);
        }
    }

    private static boolean isSame(PickleValue left, PickleValue right) throws IOException {
        if (left instanceof Bytes one && right instanceof Bytes two) {
            return one.kind() == two.kind()
                    && one.length() == two.length()
                    && one.range().read().equals(two.range().read());
        }
        if (left instanceof Real one && right instanceof Real two) {
            return Double.doubleToRawLongBits(one.value()) == Double.doubleToRawLongBits(two.value());
        }
        return left.equals(right);
    }

    private static void require(boolean same, Pair pair) throws VerificationException {
        if (!same) {
            throw new VerificationException(
                    "the output was read back and differs at '" + Escaped.text(pair.path(), 200) + "'");
        }
    }
}
