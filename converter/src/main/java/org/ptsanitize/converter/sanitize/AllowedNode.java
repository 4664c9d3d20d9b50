package org.ptsanitize.converter.sanitize;

import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.CallKind;
import org.ptsanitize.formats.pickle.PickleValue.Global;

/**
 * An object of a class that the user allows: written back to a {@code .pt} as it was, so that PyTorch rebuilds it once
 * the class is registered there. In safetensors metadata it is a stub.
 *
 * <p>The children are those of the {@link #stub}, which names them; here they stand in their roles.
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
        List<Pair> entries,
        MapNode stub)
        implements Node {

    /** One entry; an allowed class may have keys of any kind. */
    public record Pair(Node key, Node value) {}

    /** A class or function that is only named. */
    static AllowedNode reference(Global global, MapNode stub) {
        return new AllowedNode(global, CallKind.REDUCE, true, List.of(), List.of(), List.of(), List.of(), stub);
    }

    /** @param parts the arguments, states, items, keys and values, in this order */
    static AllowedNode of(Global global, Call call, int arguments, MapNode stub, List<Node> parts) {
        int states = arguments + call.states().size();
        int items = states + call.items().size();
        List<Pair> entries = new ArrayList<>();
        for (int i = items; i + 1 < parts.size(); i += 2) {
            entries.add(new Pair(parts.get(i), parts.get(i + 1)));
        }
        return new AllowedNode(
                global,
                call.kind(),
                false,
                List.copyOf(parts.subList(0, arguments)),
                List.copyOf(parts.subList(arguments, states)),
                List.copyOf(parts.subList(states, items)),
                entries,
                stub);
    }

    @Override
    public boolean holdsTensors() {
        return stub.holdsTensors();
    }

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
