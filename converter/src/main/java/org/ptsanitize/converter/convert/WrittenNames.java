package org.ptsanitize.converter.convert;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.naming.OutputNames;
import org.ptsanitize.converter.sanitize.Node;

/** The name that each tensor has in the output, by the tensor and its path: paths alone may meet. */
final class WrittenNames {
    /** No tensor has a name. */
    static final WrittenNames NONE = new WrittenNames(List.of());

    private final Map<Place, String> names = new HashMap<>();
    private final Map<Place, Deque<String>> more = new HashMap<>();

    WrittenNames(List<OutputNames.Named> named) {
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

    /** The name of a tensor; where one tensor has several names at one path, the next of them. */
    @Nullable
    String next(Node node, String path) {
        Place place = new Place(node, path);
        String name = names.get(place);
        Deque<String> others = more.get(place);
        if (others != null && !others.isEmpty()) {
            names.put(place, others.remove());
        }
        return name;
    }

    /** The name of a tensor if it has one and no other at this path. */
    @Nullable
    String only(Node node, String path) {
        Place place = new Place(node, path);
        return more.containsKey(place) ? null : names.get(place);
    }
}
