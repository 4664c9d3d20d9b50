package org.ptsanitize.properties.generate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An object graph to be saved, and the tensors in it. */
public final class Checkpoint {
    private final Sample root;
    private final List<ExpectedTensor> tensors = new ArrayList<>();
    private final String origin;
    private final Set<Sample> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Sample, BitSet> cuts = new IdentityHashMap<>();
    private final Set<Sample> open = Collections.newSetFromMap(new IdentityHashMap<>());

    Checkpoint(Sample root, String origin) {
        this.root = root;
        this.origin = origin;
        cut(root);
        find(root, "", false);
    }

    public Sample root() {
        return root;
    }

    /**
     * Every path that ends at a tensor, in the order of the graph. A container in several places gives several paths; a
     * container inside itself is cut where the first walk from the root meets it again.
     */
    public List<ExpectedTensor> tensors() {
        return Collections.unmodifiableList(tensors);
    }

    /** The same graph, its tensors read anew. */
    Checkpoint again() {
        return new Checkpoint(root, origin);
    }

    /** Whether an object of an unknown class is in the graph. */
    public boolean hasInstances() {
        return holdsInstance(root, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** Finds where a walk from the root comes back into a container it is still in: these places are cut. */
    private void cut(Sample sample) {
        if (!visited.add(sample)) {
            return;
        }
        open.add(sample);
        List<Sample> children = children(sample);
        for (int i = 0; i < children.size(); i++) {
            if (open.contains(children.get(i))) {
                cuts.computeIfAbsent(sample, any -> new BitSet()).set(i);
            } else {
                cut(children.get(i));
            }
        }
        open.remove(sample);
    }

    private static List<Sample> children(Sample sample) {
        if (sample instanceof Sample.Sequence sequence) {
            return sequence.items();
        } else if (sample instanceof Sample.Mapping mapping) {
            return mapping.entries().stream().map(Sample.Entry::value).toList();
        } else if (sample instanceof Sample.Instance instance && instance.isModule()) {
            return instance.members().stream().map(Sample.Entry::value).toList();
        } else if (sample instanceof Sample.Instance instance) {
            return instance.state().map(state -> List.<Sample>of(state)).orElse(List.of());
        }
        return List.of();
    }

    /** Whether the graph leads from this child of a container back to the container, and is cut there. */
    public boolean isCut(Sample container, int index) {
        BitSet cut = cuts.get(container);
        return cut != null && cut.get(index);
    }

    private void find(Sample sample, String path, boolean insideInstance) {
        if (sample instanceof Sample.Tensor tensor) {
            tensors.add(new ExpectedTensor(path, tensor, insideInstance));
        } else if (sample instanceof Sample.Parameter parameter) {
            tensors.add(new ExpectedTensor(path, parameter.tensor(), insideInstance));
        } else if (open.add(sample)) {
            if (sample instanceof Sample.Sequence sequence) {
                for (int i = 0; i < sequence.items().size(); i++) {
                    if (isCut(sample, i)) {
                        continue;
                    }
                    find(sequence.items().get(i), join(path, Integer.toString(i)), insideInstance);
                }
            } else if (sample instanceof Sample.Mapping mapping) {
                for (int i = 0; i < mapping.entries().size(); i++) {
                    if (isCut(sample, i)) {
                        continue;
                    }
                    Sample.Entry entry = mapping.entries().get(i);
                    find(entry.value(), join(path, Keys.text(entry.key())), insideInstance);
                }
            } else if (sample instanceof Sample.Instance instance && instance.isModule()) {
                for (Sample.Entry member : instance.members()) {
                    find(member.value(), join(path, Keys.text(member.key())), insideInstance);
                }
            } else if (sample instanceof Sample.Instance instance) {
                instance.state().ifPresent(state -> find(state, path, true));
            }
            open.remove(sample);
        }
    }

    /** The root has no name, so that a first key is not preceded by a dot; an empty first key is a name. */
    private String join(String path, String key) {
        return open.size() == 1 ? key : path + "." + key;
    }

    private static boolean holdsInstance(Sample sample, Set<Sample> seen) {
        if (!seen.add(sample)) {
            return false;
        } else if (sample instanceof Sample.Sequence sequence) {
            return sequence.items().stream().anyMatch(item -> holdsInstance(item, seen));
        } else if (sample instanceof Sample.Mapping mapping) {
            return mapping.entries().stream().anyMatch(entry -> holdsInstance(entry.value(), seen));
        }
        return sample instanceof Sample.Instance;
    }

    /** How to make this checkpoint again, and what is in it. */
    @Override
    public String toString() {
        return origin + " with " + tensors;
    }
}
