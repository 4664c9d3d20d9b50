package org.ptsanitize.converter.sanitize;

import java.util.List;
import org.ptsanitize.formats.pickle.PickleValue.CallKind;
import org.ptsanitize.formats.pickle.PickleValue.Global;

/**
 * An object of a class that the user allows: written back to a {@code .pt} as it was, so that PyTorch rebuilds it once
 * the class is registered there. In safetensors metadata it is a stub.
 *
 * @param global the allowed global
 * @param kind how the pickle made it; {@link #isReference} if it was only named
 * @param arguments the positional arguments
 * @param states what BUILD gave it
 * @param items what APPEND(S) and ADDITEMS gave it
 * @param entries what SETITEM(S) gave it
 */
public record AllowedNode(
        Global global,
        CallKind kind,
        boolean isReference,
        List<Node> arguments,
        List<Node> states,
        List<Node> items,
        List<MapNode.Entry> entries,
        MapNode stub)
        implements Node {
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "allowed " + global.dotted();
    }
}
