package org.ptsanitize.converter.inspect;

import java.util.AbstractList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.sanitize.Absent;
import org.ptsanitize.converter.sanitize.AllowedNode;
import org.ptsanitize.converter.sanitize.ComplexNumber;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Names;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.PythonFloat;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.converter.sanitize.TorchConstant;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/**
 * A value of a checkpoint: a place in its tree. Children are made when they are asked for; a value that stands in several
 * places is a child in each of them.
 */
public final class InspectedValue {
    private static final int SHOWN = 200;

    private final String key;
    private final Node node;
    private final Contents contents;

    InspectedValue(String key, Node node, Contents contents) {
        this.key = key;
        this.node = node instanceof AllowedNode allowed ? allowed.stub() : node;
        this.contents = contents;
    }

    /** Its key, index or attribute in its parent; empty for the root. Not escaped. */
    public String key() {
        return key;
    }

    /** What it was in Python: {@code dict}, {@code int}, {@code argparse.Namespace}. Not escaped. */
    public String type() {
        if (node instanceof Leaf leaf) {
            return leafType(leaf.value());
        } else if (node instanceof TensorNode tensor) {
            return tensor.isParameter() ? "Parameter" : "Tensor";
        } else if (node instanceof CompositeTensor composite) {
            return composite.kind().text() + " Tensor";
        } else if (node instanceof ListNode list) {
            return list.kind() == ListNode.Kind.SIZE
                    ? "torch.Size"
                    : list.kind().name().toLowerCase(Locale.ROOT);
        } else if (node instanceof MapNode map) {
            return mapType(map);
        } else if (node instanceof ComplexNumber) {
            return "complex";
        } else if (node instanceof TorchConstant constant) {
            return "torch." + constant.kind().name().toLowerCase(Locale.ROOT);
        } else if (node instanceof Absent) {
            return "";
        }
        throw new AssertionError(node.getClass());
    }

    private static String leafType(PickleValue value) {
        if (value instanceof None) {
            return "NoneType";
        } else if (value instanceof Bool) {
            return "bool";
        } else if (value instanceof Int || value instanceof BigInt) {
            return "int";
        } else if (value instanceof Real) {
            return "float";
        } else if (value instanceof Text) {
            return "str";
        } else if (value instanceof Bytes bytes) {
            return bytes.kind() == BytesKind.BYTEARRAY ? "bytearray" : "bytes";
        }
        throw new AssertionError(value.getClass());
    }

    private static String mapType(MapNode map) {
        return switch (map.kind()) {
            case DICT -> "dict";
            case ORDERED_DICT -> "OrderedDict";
            case COUNTER -> "Counter";
            case DEFAULT_DICT -> "defaultdict";
            case MODULE -> "module";
            case STUB ->
                map.entries().get(0).value() instanceof Leaf leaf && leaf.value() instanceof Text name
                        ? name.value()
                        : "object";
        };
    }

    /** The value in a few words if it has no children: escaped, quoted, cut. Empty for containers and tensors. */
    public String text() {
        if (node instanceof Leaf leaf) {
            return leafText(leaf.value());
        } else if (node instanceof ComplexNumber number) {
            return PythonFloat.repr(number.real()) + " + " + PythonFloat.repr(number.imaginary()) + "j";
        } else if (node instanceof TorchConstant constant) {
            return Escaped.text(constant.text(), SHOWN);
        } else if (node instanceof Absent absent) {
            return switch (absent.reason()) {
                case DROPPED_CALL -> "(a call, left out)";
                case CYCLE -> "(a cycle, cut)";
                case NO_DATA -> "(a tensor without data)";
                case ALREADY_NAMED -> "(has a name already)";
                case DAMAGED -> "(damaged)";
            };
        }
        return "";
    }

    private static String leafText(PickleValue value) {
        if (value instanceof None) {
            return "None";
        } else if (value instanceof Bool bool) {
            return bool.value() ? "True" : "False";
        } else if (value instanceof Int number) {
            return Long.toString(number.value());
        } else if (value instanceof BigInt number) {
            int bits = number.value().bitLength();
            return bits <= SHOWN ? number.value().toString() : "(an integer of " + bits + " bits)";
        } else if (value instanceof Real number) {
            return PythonFloat.repr(number.value());
        } else if (value instanceof Text text) {
            return "'" + Escaped.text(text.value(), SHOWN) + "'";
        } else if (value instanceof Bytes bytes) {
            return "(" + bytes.length() + " bytes)";
        }
        throw new AssertionError(value.getClass());
    }

    /** The primitive that it is; empty if it is anything else. */
    Optional<PickleValue> primitive() {
        return node instanceof Leaf leaf ? Optional.of(leaf.value()) : Optional.empty();
    }

    /** Whether it can have children, even if it has none. */
    public boolean isContainer() {
        return node instanceof ListNode || node instanceof MapNode || node instanceof CompositeTensor;
    }

    /** The tensor that it is; its name and path are empty here. */
    public Optional<InspectedTensor> tensor() {
        return node instanceof TensorNode tensor
                ? Optional.of(contents.tensor("", "", tensor.view(), ""))
                : Optional.empty();
    }

    /** Tensors in it, as often as there are paths to them. */
    public long tensors() {
        return contents.below(node).tensors();
    }

    /** Bytes of those tensors. */
    public long bytes() {
        return contents.below(node).bytes();
    }

    /** The values in it, in order. */
    public List<InspectedValue> children() {
        if (node instanceof ListNode list) {
            return lazily(
                    list.items().size(),
                    i -> new InspectedValue(Integer.toString(i), list.items().get(i), contents));
        } else if (node instanceof MapNode map) {
            int first = map.kind() == MapNode.Kind.STUB ? 1 : 0;
            return lazily(map.entries().size() - first, i -> {
                MapNode.Entry entry = map.entries().get(i + first);
                return new InspectedValue(Names.component(entry.key()), entry.value(), contents);
            });
        } else if (node instanceof CompositeTensor composite) {
            return lazily(composite.parts().size(), i -> {
                CompositeTensor.Part part = composite.parts().get(i);
                return new InspectedValue(part.suffix(), part.node(), contents);
            });
        }
        return List.of();
    }

    /** Whether both are one and the same object of the checkpoint, perhaps in two places. */
    @Override
    public boolean equals(Object other) {
        return other instanceof InspectedValue value && value.node == node;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(node);
    }

    private static List<InspectedValue> lazily(int size, IntFunction<InspectedValue> child) {
        return new AbstractList<>() {
            @Override
            public InspectedValue get(int index) {
                return child.apply(index);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }
}
