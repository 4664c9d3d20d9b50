package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.pickle.PickleValue;

/**
 * How one value becomes a node: either it is one already, or its children have to become nodes first. Splitting the work
 * so keeps the walk over the object graph free of recursion.
 */
final class Revival {
    private final @Nullable Node done;
    private final List<PickleValue> children;
    private final IntFunction<String> labels;
    private final Assembler assembler;

    private Revival(@Nullable Node done, List<PickleValue> children, IntFunction<String> labels, Assembler assembler) {
        this.done = done;
        this.children = children;
        this.labels = labels;
        this.assembler = assembler;
    }

    /** A value that needs nothing else. */
    static Revival of(Node node) {
        return new Revival(node, List.of(), i -> "", nodes -> node);
    }

    /**
     * A value made of others.
     *
     * @param labels the path component of each child; empty if a child is the same thing as its parent
     */
    static Revival of(List<PickleValue> children, IntFunction<String> labels, Assembler assembler) {
        return new Revival(null, children, labels, assembler);
    }

    /** A value that is its only child in another dress. */
    static Revival same(PickleValue child) {
        return of(List.of(child), i -> "", nodes -> nodes.get(0));
    }

    @Nullable
    Node done() {
        return done;
    }

    List<PickleValue> children() {
        return children;
    }

    String label(int child) {
        return labels.apply(child);
    }

    Node assemble(List<Node> nodes) throws IOException {
        return assembler.assemble(nodes);
    }

    /** Puts a node together from the nodes of its children, in the same order. */
    @FunctionalInterface
    interface Assembler {
        Node assemble(List<Node> children) throws IOException;
    }
}
