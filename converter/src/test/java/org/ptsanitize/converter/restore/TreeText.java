package org.ptsanitize.converter.restore;

import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.formats.pickle.PickleValue;

/** A tree as text, whole, for assertions. */
final class TreeText {
    private TreeText() {}

    static String of(Node node) {
        if (node instanceof Leaf leaf) {
            return leaf(leaf.value());
        }
        if (node instanceof ListNode list) {
            return list.kind().name().toLowerCase(java.util.Locale.ROOT)
                    + list.items().stream().map(TreeText::of).toList();
        }
        if (node instanceof MapNode map) {
            List<String> entries = new ArrayList<>();
            map.entries().forEach(entry -> entries.add(of(entry.key()) + "=" + of(entry.value())));
            String metadata = map.metadata().map(value -> "+" + of(value)).orElse("");
            return map.kind().name().toLowerCase(java.util.Locale.ROOT) + entries + metadata;
        }
        if (node instanceof TensorNode tensor) {
            return tensor.view().dtype().torchName()
                    + java.util.Arrays.toString(tensor.view().sizes()) + "@"
                    + tensor.view().storage().key();
        }
        if (node instanceof CompositeTensor composite) {
            List<String> parts = new ArrayList<>();
            composite.parts().forEach(part -> parts.add(part.suffix() + ":" + of(part.node())));
            return composite.kind().text() + parts + of(composite.attributes());
        }
        return node.toString();
    }

    private static String leaf(PickleValue value) {
        if (value instanceof PickleValue.Text text) {
            return "'" + text.value() + "'";
        }
        if (value instanceof PickleValue.Bytes bytes) {
            return bytes.kind() + "(" + bytes.length() + ")";
        }
        if (value instanceof PickleValue.Int number) {
            return Long.toString(number.value());
        }
        if (value instanceof PickleValue.BigInt number) {
            return number.value().toString();
        }
        if (value instanceof PickleValue.Real number) {
            return number.value() + "f";
        }
        return value.toString();
    }
}
