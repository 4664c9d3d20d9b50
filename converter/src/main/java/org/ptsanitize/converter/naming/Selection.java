package org.ptsanitize.converter.naming;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Names;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/**
 * The part of a checkpoint that is written.
 *
 * @param root the tree that is written
 * @param from path of {@code root} in the checkpoint; empty for the root itself
 * @param prefix path inside {@code root} whose components are dropped from every tensor name
 * @param left the parts that were left out, with their paths
 */
public record Selection(Node root, String from, String prefix, List<Left> left) {
    /** A part of the checkpoint that is not written. */
    public record Left(String path, Node node) {}

    /** Keys under which training scripts put the model; a chain of them around the only tensors is unwrapped. */
    private static final Set<String> WRAPPERS = Set.of(
            "state_dict",
            "model_state_dict",
            "model_state",
            "model",
            "module",
            "net",
            "network",
            "weights",
            "params",
            "state",
            "net_state_dict",
            "params_ema",
            "model_ema",
            "ema",
            "ema_state_dict",
            "generator",
            "g_ema",
            "teacher",
            "student",
            "encoder",
            "snapshot");

    /** The order in which {@code --weights} looks for the model. */
    private static final List<String> MODEL_KEYS = List.of(
            "state_dict",
            "model_state_dict",
            "model_state",
            "model",
            "module",
            "net_state_dict",
            "net",
            "network",
            "weights",
            "params",
            "snapshot",
            "ema_state_dict",
            "ema",
            "model_ema",
            "params_ema",
            "g_ema",
            "teacher",
            "student",
            "generator");

    private static final Map<PickleValue, Integer> MODEL_RANKS = IntStream.range(0, MODEL_KEYS.size())
            .boxed()
            .collect(Collectors.toUnmodifiableMap(rank -> new Text(MODEL_KEYS.get(rank)), rank -> rank));

    private static final List<String> TRAINING = List.of(
            "optim", "sched", "scaler", "rng", "loss", "callback", "loop", "step", "epoch", "history", "criterion");

    /** Everything, with a chain of wrappers around the only tensors dropped from the names. */
    public static Selection unwrapped(Node root) {
        List<String> prefix = new ArrayList<>();
        Node node = root;
        Optional<MapNode.Entry> only = onlyWrapper(node);
        while (only.isPresent()) {
            prefix.add(Names.component(only.get().key()));
            node = only.get().value();
            only = onlyWrapper(node);
        }
        return new Selection(root, "", String.join(".", prefix), List.of());
    }

    /** Everything, as it is. */
    public static Selection whole(Node root) {
        return new Selection(root, "", "", List.of());
    }

    private static Optional<MapNode.Entry> onlyWrapper(Node node) {
        if (!(node instanceof MapNode map) || map.kind() == MapNode.Kind.MODULE || map.kind() == MapNode.Kind.STUB) {
            return Optional.empty();
        }
        Optional<MapNode.Entry> only = Optional.empty();
        for (MapNode.Entry entry : map.entries()) {
            if (entry.value().holdsTensors()) {
                if (only.isPresent()) {
                    return Optional.empty();
                }
                only = Optional.of(entry);
            }
        }
        return only.filter(entry -> entry.key().value() instanceof Text text
                && WRAPPERS.contains(text.value())
                && entry.value() instanceof MapNode inner
                && inner.kind() != MapNode.Kind.STUB);
    }

    /**
     * The subtree at a path.
     *
     * @throws IllegalArgumentException if nothing is there; the message lists what is
     */
    public static Selection path(Node root, String path) {
        if (path.equals(".")) {
            return whole(root);
        }
        Node found = find(root, path)
                .orElseThrow(() -> new IllegalArgumentException("--select '" + Escaped.text(path, 100)
                        + "': no such path in the checkpoint; at the top are " + topLevel(root)));
        return new Selection(found, path, "", List.of(new Left("", root)));
    }

    /** The subtree at a path; the entries of a flat state dict below a name count as one. */
    public static Optional<Node> find(Node root, String path) {
        Node node = root;
        String rest = path;
        while (!rest.isEmpty()) {
            Step step = step(node, rest);
            if (step == null) {
                return Optional.ofNullable(flattened(node, rest));
            }
            node = step.node();
            rest = step.rest();
        }
        return Optional.of(node);
    }

    private record Step(Node node, String rest) {}

    /** One key of the path: the longest that fits, because keys may hold dots themselves. */
    private static @org.jspecify.annotations.Nullable Step step(Node node, String rest) {
        Step best = null;
        if (node instanceof MapNode map) {
            for (MapNode.Entry entry : map.entries()) {
                Step step = match(Names.component(entry.key()), entry.value(), rest);
                if (step != null
                        && (best == null || step.rest().length() < best.rest().length())) {
                    best = step;
                }
            }
        } else if (node instanceof ListNode list) {
            for (int i = 0; i < list.items().size() && best == null; i++) {
                best = match(Integer.toString(i), list.items().get(i), rest);
            }
        }
        return best;
    }

    private static @org.jspecify.annotations.Nullable Step match(String component, Node value, String rest) {
        if (rest.equals(component)) {
            return new Step(value, "");
        }
        return rest.startsWith(component + ".") ? new Step(value, rest.substring(component.length() + 1)) : null;
    }

    /** The entries of a flat state dict below a name. */
    private static @org.jspecify.annotations.Nullable Node flattened(Node node, String rest) {
        if (!(node instanceof MapNode map)) {
            return null;
        }
        List<MapNode.Entry> below = new ArrayList<>();
        for (MapNode.Entry entry : map.entries()) {
            String name = Names.component(entry.key());
            if (name.startsWith(rest + ".")) {
                below.add(MapNode.Entry.of(name.substring(rest.length() + 1), entry.value()));
            }
        }
        return below.isEmpty() ? null : new MapNode(map.kind(), below);
    }

    private static String topLevel(Node root) {
        List<String> names = new ArrayList<>();
        if (root instanceof MapNode map) {
            for (MapNode.Entry entry : map.entries()) {
                if (entry.value().holdsTensors() && names.size() < 12) {
                    names.add(Escaped.text(Names.component(entry.key()), 60));
                }
            }
        } else if (root instanceof ListNode list) {
            return "0 to " + (list.items().size() - 1);
        }
        return names.isEmpty() ? "no mappings" : String.join(", ", names);
    }

    /** The model's weights, training state left out. */
    public static Selection weights(Node root) {
        if (!(root instanceof MapNode map)) {
            return whole(root);
        }
        Optional<MapNode.Entry> model = model(map);
        if (model.isPresent()) {
            String key = Names.component(model.get().key());
            Node value = model.get().value();
            return new Selection(value, key, unwrapped(value).prefix(), others(map, key));
        }
        List<MapNode.Entry> kept = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        for (MapNode.Entry entry : map.entries()) {
            String name = Names.component(entry.key());
            if (entry.value().holdsTensors() && map.kind() != MapNode.Kind.MODULE && isTrainingState(entry)) {
                left.add(new Left(name, entry.value()));
            } else {
                kept.add(entry);
            }
        }
        return new Selection(new MapNode(map.kind(), kept, map.metadata()), "", "", left);
    }

    /** The entry whose key stands first in {@link #MODEL_KEYS}, of those that hold tensors. */
    private static Optional<MapNode.Entry> model(MapNode map) {
        return map.entries().stream()
                .filter(entry -> entry.value().holdsTensors()
                        && MODEL_RANKS.containsKey(entry.key().value()))
                .min(Comparator.comparing(entry -> MODEL_RANKS.get(entry.key().value())));
    }

    private static boolean isTrainingState(MapNode.Entry entry) {
        if (!(entry.key().value() instanceof Text text) || !(entry.value() instanceof MapNode)) {
            return false;
        }
        if (entry.value() instanceof MapNode map
                && map.get("state").isPresent()
                && map.get("param_groups").isPresent()) {
            // An optimizer's state_dict(), whatever it is called.
            return true;
        }
        String lower = text.value().toLowerCase(Locale.ROOT);
        return TRAINING.stream().anyMatch(lower::contains);
    }

    private static List<Left> others(MapNode map, String key) {
        List<Left> left = new ArrayList<>();
        for (MapNode.Entry entry : map.entries()) {
            if (!entry.key().equals(Leaf.of(key)) && entry.value().holdsTensors()) {
                left.add(new Left(Names.component(entry.key()), entry.value()));
            }
        }
        return left;
    }
}
