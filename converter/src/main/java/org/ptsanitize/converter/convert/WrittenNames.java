package org.ptsanitize.converter.convert;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.naming.OutputNames;
import org.ptsanitize.converter.naming.ViewKey;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;

/** The name that each tensor has in the output, by the tensor and its path: paths alone may meet. */
final class WrittenNames {
    /** No tensor has a name. */
    static final WrittenNames NONE = new WrittenNames(List.of());

    private final Map<Place, String> names;
    private final Map<Place, Deque<String>> more = new HashMap<>();
    private final Map<ViewKey, String> byView = new HashMap<>();
    private final Map<Node, String> composites = new IdentityHashMap<>();
    private final Set<String> hidden = new HashSet<>();

    /** Also remembers which tensor has which name, for the paths to it that have none of their own. */
    static WrittenNames withRepetitions(List<OutputNames.Named> named) {
        WrittenNames names = new WrittenNames(named);
        for (OutputNames.Named one : named) {
            if (one.tensor().node() instanceof TensorNode tensor) {
                names.byView.putIfAbsent(new ViewKey(tensor.view()), one.name());
            } else {
                names.composites.putIfAbsent(one.tensor().node(), one.name());
            }
        }
        return names;
    }

    WrittenNames(List<OutputNames.Named> named) {
        names = new HashMap<>(named.size() / 3 * 4 + 4);
        for (OutputNames.Named one : named) {
            Place place = new Place(one.tensor().node(), one.tensor().path());
            if (names.putIfAbsent(place, one.name()) != null) {
                more.computeIfAbsent(place, p -> new ArrayDeque<>()).add(one.name());
            }
        }
    }

    private record Place(Node node, String path) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Place place && place.node == node && place.path.equals(path);
        }

        @Override
        public int hashCode() {
            return path.hashCode();
        }
    }

    /** Takes the name of a tensor, which it has once; where one tensor has several names at one path, the next of them. */
    @Nullable
    String take(Node node, String path) {
        Place place = new Place(node, path);
        Deque<String> others = more.get(place);
        String next = others == null ? null : others.poll();
        return next == null ? names.remove(place) : names.put(place, next);
    }

    /** Names whose places are not come by: their tensors have them at the first other place. */
    WrittenNames hide(Set<String> unseen) {
        hidden.addAll(unseen);
        return this;
    }

    /** The names not taken. */
    Set<String> left() {
        Set<String> left = new HashSet<>(names.values());
        more.values().forEach(left::addAll);
        return left;
    }

    /** Whether the name of a tensor is hidden and not taken. */
    boolean hides(Node node) {
        return hidden.contains(anyName(node));
    }

    /** Takes the hidden name of a tensor. */
    @Nullable
    String takeHidden(Node node) {
        String name = anyName(node);
        return hidden.remove(name) ? name : null;
    }

    private @Nullable String anyName(Node node) {
        String name = elsewhere(node);
        return name == null ? composites.get(node) : name;
    }

    /** The name that a tensor has at another path. */
    @Nullable
    String elsewhere(Node node) {
        return node instanceof TensorNode tensor ? byView.get(new ViewKey(tensor.view())) : null;
    }

    /** Whether a tensor has a name at this path that is not taken. */
    boolean holds(Node node, String path) {
        return names.containsKey(new Place(node, path));
    }

    /** The name of a tensor if it has one and no other at this path. */
    @Nullable
    String only(Node node, String path) {
        Place place = new Place(node, path);
        return more.containsKey(place) ? null : names.get(place);
    }
}
