package org.ptsanitize.converter.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tensors by module: the dots in their names make a tree, whose sizes are those of the tensors in it. */
final class ModuleTree {
    private static final int DEEPEST = 12;
    private static final int MOST_TENSORS = 2_000;

    private final String name;
    private final String dtype;
    private final Map<String, ModuleTree> children = new LinkedHashMap<>();
    private long bytes;

    private ModuleTree(String name, String dtype) {
        this.name = name;
        this.dtype = dtype;
    }

    /** The tree of all tensors with data. Of very many the smaller ones are one leaf for each dtype in their first module. */
    static ModuleTree of(List<OutputTensor> tensors) {
        List<OutputTensor> sorted = new ArrayList<>(tensors);
        sorted.removeIf(tensor -> tensor.bytes() == 0);
        sorted.sort(Comparator.comparingLong(OutputTensor::bytes).reversed().thenComparing(OutputTensor::name));
        ModuleTree root = new ModuleTree("", "");
        for (int i = 0; i < sorted.size(); i++) {
            OutputTensor tensor = sorted.get(i);
            String[] path = tensor.name().split("\\.", DEEPEST);
            if (i >= MOST_TENSORS) {
                path = new String[] {path[0], "smaller tensors, " + tensor.dtype()};
            }
            root.add(path, tensor);
        }
        return root;
    }

    private void add(String[] path, OutputTensor tensor) {
        ModuleTree at = this;
        at.bytes += tensor.bytes();
        for (int i = 0; i < path.length - 1; i++) {
            String part = path[i];
            at = at.children.computeIfAbsent("module " + part, key -> new ModuleTree(part, ""));
            at.bytes += tensor.bytes();
        }
        String last = path[path.length - 1];
        at.children.computeIfAbsent("tensor " + last, key -> new ModuleTree(last, tensor.dtype())).bytes +=
                tensor.bytes();
    }

    /** Its name below its parent; of modules with one child only, their names joined. */
    String label() {
        StringBuilder label = new StringBuilder(name);
        for (ModuleTree at = this; at.isChain(); ) {
            at = at.children.values().iterator().next();
            label.append(label.isEmpty() ? "" : ".").append(at.name);
        }
        return label.toString();
    }

    /** What is in it, the largest first; modules with one child only are passed over. */
    List<ModuleTree> parts() {
        ModuleTree at = this;
        while (at.isChain()) {
            at = at.children.values().iterator().next();
        }
        List<ModuleTree> parts = new ArrayList<>(at.children.values());
        parts.sort(Comparator.comparingLong(ModuleTree::bytes).reversed().thenComparing(ModuleTree::label));
        return parts;
    }

    private boolean isChain() {
        return children.size() == 1;
    }

    /** The element type of a tensor, or of the only tensor in a module. */
    String dtype() {
        ModuleTree at = this;
        while (at.isChain()) {
            at = at.children.values().iterator().next();
        }
        return at.dtype;
    }

    long bytes() {
        return bytes;
    }
}
