package org.ptsanitize.converter.convert;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.sanitize.Absent;
import org.ptsanitize.converter.sanitize.ComplexNumber;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TorchConstant;
import org.ptsanitize.converter.sanitize.TreeMapper;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.tensor.DType;

/**
 * A tree in the types that {@code torch.load(weights_only=True)} makes: a type it knows stays, any other becomes the
 * nearest plain one. Children that the plan leaves out are gone.
 */
final class PtForm extends TreeMapper {
    private static final Set<String> DEVICES = Set.of(
            "cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga", "maia", "xla",
            "lazy", "vulkan", "mps", "meta", "hpu", "mtia");

    private final EventLog log;
    private final Map<Node, BitSet> omitted;

    /** The texts of long integers, each made once: a file may hold one in many places. */
    private final Map<PickleValue, Leaf> longIntegers = new IdentityHashMap<>();

    PtForm(EventLog log, Map<Node, BitSet> omitted) {
        this.log = log;
        this.omitted = omitted;
    }

    private boolean isOmitted(Node container, int index) {
        BitSet left = omitted.get(container);
        return left != null && left.get(index);
    }

    @Override
    protected Node leaf(Node node) {
        if (node instanceof Leaf leaf) {
            return primitive(leaf);
        }
        if (node instanceof TorchConstant constant) {
            return constant(constant);
        }
        if (node instanceof CompositeTensor composite) {
            return composite(composite);
        }
        return node;
    }

    /** LONG1 holds 255 bytes; {@code weights_only} knows no other form of a long integer. */
    private Node primitive(Leaf leaf) {
        if (leaf.value() instanceof BigInt number && number.value().bitLength() / 8 + 1 > 255) {
            log.add(Event.Kind.CONVERTED, "", "integer", "an integer of more than 255 bytes became text");
            return longIntegers.computeIfAbsent(
                    number, value -> Leaf.of(number.value().toString()));
        }
        return leaf;
    }

    private Node constant(TorchConstant constant) {
        boolean known =
                switch (constant.kind()) {
                    case DTYPE ->
                        DType.ofTorchName(constant.text())
                                .filter(dtype -> dtype != DType.BCOMPLEX32)
                                .isPresent();
                    case DEVICE -> DEVICES.contains(constant.text().split(":", 2)[0]);
                    case LAYOUT -> true;
                };
        return known ? constant : Leaf.of(constant.text());
    }

    private Node composite(CompositeTensor composite) {
        return switch (composite.kind()) {
            case QUANTIZED, SPARSE_COO, SPARSE_CSR, SPARSE_CSC, SPARSE_BSR, SPARSE_BSC -> composite;
            case NESTED -> {
                log.add(Event.Kind.REPRESENTED, "", "nested", "written as a list of its parts");
                yield new ListNode(
                        ListNode.Kind.LIST,
                        composite.parts().stream()
                                .map(CompositeTensor.Part::node)
                                .toList());
            }
            case JAGGED -> {
                log.add(Event.Kind.REPRESENTED, "", "jagged", "written as a mapping of its parts");
                List<MapNode.Entry> entries = new ArrayList<>();
                for (CompositeTensor.Part part : composite.parts()) {
                    entries.add(MapNode.Entry.of(part.suffix(), part.node()));
                }
                entries.addAll(composite.attributes().entries());
                yield new MapNode(MapNode.Kind.DICT, entries);
            }
        };
    }

    @Override
    protected Node list(ListNode node, List<Node> items) {
        List<Node> kept = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            boolean gone = isOmitted(node, i) || items.get(i) instanceof Absent;
            kept.add(gone ? Leaf.NONE : items.get(i));
        }
        return switch (node.kind()) {
            case LIST, TUPLE -> new ListNode(node.kind(), kept);
            case SIZE -> new ListNode(isSize(kept) ? ListNode.Kind.SIZE : ListNode.Kind.TUPLE, kept);
            case DEQUE -> changed(node, ListNode.Kind.LIST, kept);
            case SET -> isHashable(kept) ? set(kept) : changed(node, ListNode.Kind.LIST, kept);
            case FROZENSET -> isHashable(kept) ? logged(node, set(kept)) : changed(node, ListNode.Kind.LIST, kept);
        };
    }

    private static boolean isSize(List<Node> items) {
        return items.stream().allMatch(item -> item instanceof Leaf leaf && leaf.value() instanceof PickleValue.Int);
    }

    /** A set; sets in it, which only a frozenset could be, become tuples. */
    private static ListNode set(List<Node> items) {
        List<Node> hashable = new ArrayList<>(items.size());
        for (Node item : items) {
            boolean inner = item instanceof ListNode list && list.kind() == ListNode.Kind.SET;
            hashable.add(inner ? new ListNode(ListNode.Kind.TUPLE, ((ListNode) item).items()) : item);
        }
        return new ListNode(ListNode.Kind.SET, hashable);
    }

    private static boolean isHashable(List<Node> items) {
        for (Node item : items) {
            if (item instanceof ListNode list) {
                boolean hashable = list.kind() == ListNode.Kind.TUPLE
                        || list.kind() == ListNode.Kind.SIZE
                        || list.kind() == ListNode.Kind.SET;
                if (!hashable || !isFlat(list)) {
                    return false;
                }
            } else if (!isHashableLeaf(item)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFlat(ListNode list) {
        return list.items().stream().allMatch(PtForm::isHashableLeaf);
    }

    private static boolean isHashableLeaf(Node node) {
        if (node instanceof Leaf leaf) {
            return !(leaf.value() instanceof Bytes bytes && bytes.kind() == BytesKind.BYTEARRAY);
        }
        return node instanceof ComplexNumber || node instanceof TorchConstant;
    }

    private Node changed(ListNode from, ListNode.Kind to, List<Node> items) {
        return logged(from, new ListNode(to, items));
    }

    private Node logged(ListNode from, ListNode to) {
        log.add(
                Event.Kind.CONVERTED,
                "",
                from.kind().name().toLowerCase(java.util.Locale.ROOT),
                "became a " + to.kind().name().toLowerCase(java.util.Locale.ROOT));
        return to;
    }

    @Override
    protected Node map(MapNode node, List<MapNode.Entry> entries, Optional<Node> metadata) {
        List<MapNode.Entry> kept = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            MapNode.Entry entry = entries.get(i);
            if (!isOmitted(node, i) && !(entry.value() instanceof Absent)) {
                kept.add(new MapNode.Entry((Leaf) primitive(entry.key()), entry.value()));
            }
        }
        return switch (node.kind()) {
            case DICT, COUNTER -> new MapNode(node.kind(), kept);
            case ORDERED_DICT -> new MapNode(node.kind(), kept, metadata);
            case DEFAULT_DICT, STUB -> new MapNode(MapNode.Kind.DICT, kept);
            case MODULE -> new MapNode(MapNode.Kind.ORDERED_DICT, kept);
        };
    }
}
