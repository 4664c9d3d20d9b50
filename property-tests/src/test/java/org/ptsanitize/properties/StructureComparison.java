package org.ptsanitize.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ptsanitize.converter.sanitize.ComplexNumber;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.tensor.TensorBytes;
import org.ptsanitize.properties.generate.Checkpoint;
import org.ptsanitize.properties.generate.ExpectedTensor;
import org.ptsanitize.properties.generate.Sample;

/**
 * Compares a generated graph with what was read from its output, value by value. An object is a mapping with its class, a
 * module its state dict; where the graph comes back into itself there is nothing.
 */
final class StructureComparison {
    private final Checkpoint checkpoint;
    private final Map<Sample, ExpectedTensor> truth = new IdentityHashMap<>();
    private final Set<Sample> done = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Sample> seenObjects = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Node, Sample> partners = new IdentityHashMap<>();

    StructureComparison(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        checkpoint.tensors().forEach(tensor -> truth.put(tensor.tensor(), tensor));
    }

    void compare(Node root) throws IOException {
        compare(checkpoint.root(), root, "");
    }

    private void compare(Sample sample, Node node, String path) throws IOException {
        if (sample instanceof Sample.Tensor tensor) {
            compareTensor(tensor, node, path);
        } else if (sample instanceof Sample.Parameter parameter) {
            compareTensor(parameter.tensor(), node, path);
        } else if (sample instanceof Sample.Sequence sequence) {
            compareSequence(sequence, (ListNode) node, path);
        } else if (sample instanceof Sample.Mapping mapping) {
            compareMapping(mapping, (MapNode) node, path);
        } else if (sample instanceof Sample.Instance instance && instance.isModule()) {
            compareModule(instance, (MapNode) node, path);
        } else if (sample instanceof Sample.Instance instance) {
            compareInstance(instance, (MapNode) node, path);
        } else {
            assertEquals(leaf(sample), found(node), path);
        }
    }

    private void compareTensor(Sample.Tensor tensor, Node node, String path) throws IOException {
        TensorNode found = (TensorNode) node;
        assertEquals(tensor.dtype(), found.view().dtype(), path);
        assertArrayEquals(tensor.sizes(), found.view().sizes(), path);
        assertEquals(
                ByteBuffer.wrap(truth.get(tensor).bytes()),
                TensorBytes.read(found.view()).rewind(),
                path);
    }

    private void compareSequence(Sample.Sequence sequence, ListNode node, String path) throws IOException {
        assertEquals(sequence.kind().name(), node.kind().name(), path);
        if (sequence.kind() == Sample.Sequence.Kind.SET) {
            assertEquals(leaves(sequence.items()), new HashSet<>(node.items()), path);
            return;
        }
        checkIdentity(sequence, node, path);
        if (!done.add(sequence)) {
            return;
        }
        assertEquals(sequence.items().size(), node.items().size(), path);
        for (int i = 0; i < node.items().size(); i++) {
            Sample item = sequence.items().get(i);
            Node found = node.items().get(i);
            if (found.equals(Leaf.NONE) && mayBeMissing(sequence, i, item)) {
                continue;
            }
            compare(item, found, path + "[" + i + "]");
        }
    }

    private static Set<Node> leaves(List<Sample> items) {
        Set<Node> leaves = new HashSet<>();
        items.forEach(item -> leaves.add(new Leaf((PickleValue) leaf(item))));
        return leaves;
    }

    private void compareMapping(Sample.Mapping mapping, MapNode node, String path) throws IOException {
        assertEquals(mapping.isOrdered() ? MapNode.Kind.ORDERED_DICT : MapNode.Kind.DICT, node.kind(), path);
        checkIdentity(mapping, node, path);
        if (!done.add(mapping)) {
            return;
        }
        compareEntries(mapping, node.entries(), path);
        assertEquals(mapping.metadata().isPresent(), node.metadata().isPresent(), path + "._metadata");
        if (mapping.metadata().isPresent()) {
            compare(mapping.metadata().get(), node.metadata().orElseThrow(), path + "._metadata");
        }
    }

    private void compareEntries(Sample.Mapping mapping, List<MapNode.Entry> found, String path) throws IOException {
        int at = 0;
        for (int i = 0; i < mapping.entries().size(); i++) {
            Sample.Entry entry = mapping.entries().get(i);
            Object key = leaf(entry.key());
            boolean isThere =
                    at < found.size() && key.equals(found(found.get(at).key()));
            if (isThere) {
                compare(entry.value(), found.get(at++).value(), path + "[" + key + "]");
            } else if (!mayBeMissing(mapping, i, entry.value())) {
                fail("no entry " + key + " in " + path + ", next is "
                        + found.subList(at, Math.min(found.size(), at + 3)));
            }
        }
        assertEquals(found.size(), at, path + " has more entries");
    }

    private boolean mayBeMissing(Sample container, int index, Sample item) {
        return checkpoint.isCut(container, index) || item == Sample.None.NONE;
    }

    private void compareModule(Sample.Instance module, MapNode node, String path) throws IOException {
        assertEquals(MapNode.Kind.ORDERED_DICT, node.kind(), path);
        checkIdentity(module, node, path);
        Map<String, Sample> members = new LinkedHashMap<>();
        collect(module, "", members);
        assertEquals(List.copyOf(members.keySet()), texts(node), path);
        for (MapNode.Entry entry : node.entries()) {
            String name = ((PickleValue.Text) entry.key().value()).value();
            compare(members.get(name), entry.value(), path + "[" + name + "]");
        }
    }

    private static void collect(Sample.Instance module, String prefix, Map<String, Sample> members) {
        for (Sample.Entry member : module.members()) {
            String name = prefix + ((Sample.Text) member.key()).value();
            if (member.value() instanceof Sample.Instance inner) {
                collect(inner, name + ".", members);
            } else {
                members.put(name, member.value());
            }
        }
    }

    private static List<String> texts(MapNode node) {
        return node.entries().stream()
                .map(entry -> ((PickleValue.Text) entry.key().value()).value())
                .toList();
    }

    private void compareInstance(Sample.Instance instance, MapNode node, String path) throws IOException {
        assertEquals(MapNode.Kind.STUB, node.kind(), path);
        checkIdentity(instance, node, path);
        if (!seenObjects.add(instance)) {
            return;
        }
        List<MapNode.Entry> entries = new ArrayList<>(node.entries());
        MapNode.Entry type = entries.remove(0);
        String name = instance.type().module() + "." + instance.type().name();
        assertEquals(MapNode.Entry.of("__class__", Leaf.of(name)), type, path);
        if (!instance.arguments().items().isEmpty()) {
            MapNode.Entry arguments = entries.remove(0);
            assertEquals(Leaf.of("args"), arguments.key(), path);
            List<Node> items = ((ListNode) arguments.value()).items();
            assertEquals(instance.arguments().items().size(), items.size(), path + ".args");
            for (int i = 0; i < items.size(); i++) {
                compare(instance.arguments().items().get(i), items.get(i), path + ".args[" + i + "]");
            }
        }
        compareEntries(instance.state().orElseThrow(), entries, path);
    }

    /** One object of the graph is one object in the output, and the other way round. */
    private void checkIdentity(Sample sample, Node node, String path) {
        boolean canBeShared = !(node instanceof ListNode list && list.kind() == ListNode.Kind.TUPLE);
        Sample partner = partners.putIfAbsent(node, sample);
        assertTrue(!canBeShared || partner == null || partner == sample, path + " is shared with another place");
    }

    private static Object found(Node node) throws IOException {
        if (node instanceof Leaf leaf && leaf.value() instanceof PickleValue.Bytes bytes) {
            assertEquals(PickleValue.BytesKind.BYTES, bytes.kind());
            return bytes.range().read();
        }
        return node instanceof Leaf leaf ? leaf.value() : node;
    }

    private static Object leaf(Sample sample) {
        if (sample instanceof Sample.None) {
            return PickleValue.None.NONE;
        } else if (sample instanceof Sample.Bool bool) {
            return PickleValue.Bool.of(bool.value());
        } else if (sample instanceof Sample.Int integer) {
            return integer.value().bitLength() < 64
                    ? new PickleValue.Int(integer.value().longValueExact())
                    : new PickleValue.BigInt(integer.value());
        } else if (sample instanceof Sample.Real number) {
            return new PickleValue.Real(number.value());
        } else if (sample instanceof Sample.Complex number) {
            return new ComplexNumber(number.real(), number.imaginary());
        } else if (sample instanceof Sample.Text text) {
            return new PickleValue.Text(text.value());
        } else if (sample instanceof Sample.Bytes bytes) {
            return ByteBuffer.wrap(bytes.value());
        }
        throw new AssertionError(sample.getClass());
    }
}
