package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.checkpoint.DeepSpeedCheckpoint;
import org.ptsanitize.formats.checkpoint.DeepSpeedCheckpoint.RankFile;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * Puts the weights of a DeepSpeed folder together, as {@code zero_to_fp32.py} of DeepSpeed does, but without holding any
 * of them.
 *
 * <p>Stages 1 and 2: for each group of parameters the ranks' flat vectors, one behind another, are all parameters of the
 * group, one behind another, and padding. Stage 3: each parameter is cut into as many equal parts as there are ranks, the
 * last one padded, and the flat vectors of a rank are its parts of all parameters. Buffers, frozen parameters and names
 * of shared ones are in the files of the model.
 */
final class ZeroMerge {
    private static final String OPTIMIZER = "optimizer_state_dict";

    private final DeepSpeedCheckpoint checkpoint;
    private final Sanitizer sanitizer;
    private final EventLog log;
    private final List<RankTree> models = new ArrayList<>();
    private final List<RankTree> ranks = new ArrayList<>();
    private final List<Tree.Outside> outside = new ArrayList<>();
    private final Map<String, Node> weights = new LinkedHashMap<>();
    private final Set<Node> used = Collections.newSetFromMap(new IdentityHashMap<>());

    ZeroMerge(DeepSpeedCheckpoint checkpoint, Sanitizer sanitizer, EventLog log) {
        this.checkpoint = checkpoint;
        this.sanitizer = sanitizer;
        this.log = log;
    }

    /** What one file holds. */
    private record RankTree(String file, MapNode root) {
        MalformedFileException wrong(String problem) {
            return new MalformedFileException(problem, Printable.quote(file));
        }

        /** The mapping under a key. */
        MapNode map(MapNode parent, String key) throws MalformedFileException {
            if (parent.get(key).orElse(null) instanceof MapNode map) {
                return map;
            }
            throw wrong("no mapping '" + key + "', which every DeepSpeed checkpoint has");
        }
    }

    Tree merge() throws IOException {
        readAll(checkpoint.modelStates(), models);
        readAll(checkpoint.optimizerStates(), ranks);
        RankTree model = models.get(0);
        long stage = stage(ranks.get(0));
        if (stage < 1 || stage > 3) {
            throw new UnsupportedFileException(
                    "stage " + stage + " of ZeRO, 1 to 3 are known",
                    Printable.quote(ranks.get(0).file()));
        }
        boolean third = stage == 3;
        checkRanks(stage);
        buffers(model);
        frozen(model, third);
        List<Map<String, long[]>> groups = groups(model);
        List<List<TensorView>> flats = flats(third ? "fp32_flat_groups" : "single_partition_of_fp32_groups");
        if (third) {
            partitioned(groups, flats);
        } else {
            concatenated(groups, flats);
        }
        shared(model);
        noteLeftOut();
        List<MapNode.Entry> entries = new ArrayList<>();
        weights.forEach((name, node) -> entries.add(MapNode.Entry.of(name, node)));
        return new Tree(new MapNode(MapNode.Kind.ORDERED_DICT, entries), outside);
    }

    private void readAll(List<RankFile> files, List<RankTree> trees) throws IOException {
        for (RankFile file : files) {
            Tree tree = sanitizer.sanitize(file.checkpoint());
            outside.addAll(tree.outside());
            if (!(tree.root() instanceof MapNode root)) {
                throw new MalformedFileException("no mapping", Printable.quote(file.file()));
            }
            trees.add(new RankTree(file.file(), root));
        }
    }

    // ---- what the ranks say of themselves

    private static long stage(RankTree rank) throws MalformedFileException {
        return rank.map(rank.root(), OPTIMIZER)
                .get("zero_stage")
                .map(ZeroMerge::number)
                .orElse(OptionalLong.empty())
                .orElseThrow(() -> rank.wrong("no zero_stage, so not optimizer states of ZeRO"));
    }

    /** An integer, or the enum that it was made into. */
    private static OptionalLong number(Node node) {
        if (node instanceof Leaf leaf && leaf.value() instanceof Int number) {
            return OptionalLong.of(number.value());
        }
        if (node instanceof MapNode stub
                && stub.get("args").orElse(null) instanceof ListNode arguments
                && arguments.items().size() == 1) {
            return number(arguments.items().get(0));
        }
        return OptionalLong.empty();
    }

    /** There are as many files as ranks saved one; with experts, each group of parameters has a count of its own. */
    private void checkRanks(long stage) throws MalformedFileException {
        for (RankTree rank : ranks) {
            if (stage(rank) != stage) {
                throw rank.wrong("of stage " + stage(rank) + " of ZeRO beside files of stage " + stage);
            }
            Node count = rank.map(rank.root(), OPTIMIZER).get("partition_count").orElse(Leaf.NONE);
            long most = 0;
            for (Node item : count instanceof ListNode list ? list.items() : List.of(count)) {
                most = Math.max(most, number(item).orElse(0));
            }
            if (most != ranks.size()) {
                throw rank.wrong(
                        "says that " + most + " ranks saved the checkpoint, but there are files of " + ranks.size());
            }
        }
    }

    /** The shapes of the parameters, group by group. */
    private static List<Map<String, long[]>> groups(RankTree model) throws MalformedFileException {
        Node shapes = model.root().get("param_shapes").orElse(Leaf.NONE);
        List<Map<String, long[]>> groups = new ArrayList<>();
        for (Node group : shapes instanceof ListNode list ? list.items() : List.of(shapes)) {
            if (!(group instanceof MapNode map)) {
                throw model.wrong("no param_shapes, without which the weights cannot be cut out");
            }
            groups.add(shapes(model, map));
        }
        return groups;
    }

    private static Map<String, long[]> shapes(RankTree model, MapNode map) throws MalformedFileException {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (MapNode.Entry entry : map.entries()) {
            if (!(entry.key().value() instanceof Text name) || !(entry.value() instanceof ListNode list)) {
                throw model.wrong("a shape that is none, or of a parameter without a name");
            }
            long[] sizes = new long[list.items().size()];
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = number(list.items().get(i)).orElse(-1);
            }
            Shape.elements(sizes, Printable.quote(name.value()));
            shapes.put(name.value(), sizes);
        }
        return shapes;
    }

    /** The flat vectors of all ranks, by rank and group. */
    private List<List<TensorView>> flats(String key) throws MalformedFileException {
        List<List<TensorView>> all = new ArrayList<>();
        for (RankTree rank : ranks) {
            if (!(rank.map(rank.root(), OPTIMIZER).get(key).orElse(null) instanceof ListNode list)) {
                throw rank.wrong("no list '" + key + "' in the optimizer's state");
            }
            List<TensorView> flats = new ArrayList<>();
            for (Node item : list.items()) {
                if (!(item instanceof TensorNode tensor) || tensor.view().rank() != 1) {
                    throw rank.wrong("in '" + key + "' something that is no flat tensor");
                }
                used.add(item);
                flats.add(tensor.view());
            }
            if (!all.isEmpty() && all.get(0).size() != flats.size()) {
                throw rank.wrong("has " + flats.size() + " groups of parameters, rank 0 has "
                        + all.get(0).size());
            }
            all.add(flats);
        }
        return all;
    }

    // ---- the weights

    /** Stages 1 and 2. */
    private void concatenated(List<Map<String, long[]>> groups, List<List<TensorView>> flats)
            throws MalformedFileException, UnsupportedFileException {
        if (groups.size() != flats.get(0).size()) {
            throw models.get(0)
                    .wrong("has the shapes of " + groups.size() + " groups of parameters, the ranks have "
                            + flats.get(0).size());
        }
        for (int g = 0; g < groups.size(); g++) {
            FlatWeights whole = new FlatWeights();
            for (List<TensorView> rank : flats) {
                whole.add(rank.get(g));
            }
            long at = 0;
            for (Map.Entry<String, long[]> parameter : groups.get(g).entrySet()) {
                String name = parameter.getKey();
                long count = Shape.elements(parameter.getValue(), name);
                put(name, flats.get(0).get(g).dtype(), parameter.getValue(), whole.cut(at, count, name));
                at += count;
            }
            checkPadding(at, whole.elements());
        }
    }

    /** What is left over is less than the alignment, which is two elements for each rank. */
    private void checkPadding(long taken, long elements) throws MalformedFileException {
        long unit = 2L * ranks.size();
        if ((taken + unit - 1) / unit != (elements + unit - 1) / unit) {
            throw models.get(0).wrong("has shapes of " + taken + " elements, the ranks hold " + elements);
        }
    }

    /** Stage 3. */
    private void partitioned(List<Map<String, long[]>> groups, List<List<TensorView>> flats)
            throws MalformedFileException, UnsupportedFileException {
        List<FlatWeights> byRank = new ArrayList<>();
        for (List<TensorView> flat : flats) {
            FlatWeights own = new FlatWeights();
            flat.forEach(own::add);
            byRank.add(own);
        }
        int world = ranks.size();
        long at = 0;
        for (Map<String, long[]> group : groups) {
            for (Map.Entry<String, long[]> parameter : group.entrySet()) {
                String name = parameter.getKey();
                long part = (Shape.elements(parameter.getValue(), name) + world - 1) / world;
                List<FlatWeights.Run> runs = new ArrayList<>();
                for (FlatWeights own : byRank) {
                    runs.addAll(own.cut(at, part, name));
                }
                put(name, flats.get(0).get(0).dtype(), parameter.getValue(), runs);
                at += part;
            }
        }
        for (int r = 0; r < world; r++) {
            if (byRank.get(r).elements() != at) {
                throw ranks.get(r).wrong("holds " + byRank.get(r).elements() + " elements, the shapes need " + at);
            }
        }
    }

    private void put(String name, DType dtype, long[] sizes, List<FlatWeights.Run> runs)
            throws MalformedFileException, UnsupportedFileException {
        weights.put(name, new TensorNode(FlatWeights.tensor(name, dtype, sizes, runs), true));
    }

    /** Buffers keep the type they were saved in. */
    private void buffers(RankTree model) throws MalformedFileException {
        Set<String> names = new HashSet<>();
        if (model.root().get("buffer_names").orElse(null) instanceof ListNode list) {
            list.items().forEach(item -> text(item).ifPresent(names::add));
        }
        if (!(model.root().get("module").orElse(null) instanceof MapNode module)) {
            return;
        }
        for (MapNode.Entry entry : module.entries()) {
            Optional<String> name = text(entry.key());
            if (name.isPresent() && names.contains(name.get()) && entry.value().holdsTensors()) {
                used.add(entry.value());
                weights.put(name.get(), entry.value());
            }
        }
    }

    private static Optional<String> text(Node node) {
        return node instanceof Leaf leaf && leaf.value() instanceof Text text
                ? Optional.of(text.value())
                : Optional.empty();
    }

    /** Parameters that were not trained: whole with rank 0, in stage 3 in parts like the others. */
    private void frozen(RankTree model, boolean third) throws MalformedFileException, UnsupportedFileException {
        if (!(model.root().get("frozen_param_shapes").orElse(null) instanceof MapNode map)) {
            return;
        }
        for (Map.Entry<String, long[]> parameter : shapes(model, map).entrySet()) {
            String name = parameter.getKey();
            if (!third) {
                weights.put(name, fragment(model, name));
                continue;
            }
            List<FlatWeights.Run> runs = new ArrayList<>();
            DType dtype = DType.FLOAT32;
            for (RankTree rank : models) {
                TensorView view = fragment(rank, name).view();
                dtype = view.dtype();
                if (view.rank() != 1) {
                    throw rank.wrong("a part of a frozen parameter that is not flat");
                }
                runs.add(new FlatWeights.Run(view, 0, view.elements()));
            }
            put(name, dtype, parameter.getValue(), runs);
        }
    }

    private TensorNode fragment(RankTree rank, String name) throws MalformedFileException {
        MapNode fragments = rank.map(rank.root(), "frozen_param_fragments");
        @Nullable Node node = fragments.get(name).orElse(null);
        if (!(node instanceof TensorNode tensor)) {
            throw rank.wrong("no part of the frozen parameter " + Printable.quote(name));
        }
        used.add(node);
        return tensor;
    }

    /** Names of parameters that were another one: pairs of the name and the other's. */
    private void shared(RankTree model) {
        Node pairs = model.root().get("shared_params").orElse(Leaf.NONE);
        if (pairs instanceof MapNode map) {
            for (MapNode.Entry entry : map.entries()) {
                share(text(entry.key()), text(entry.value()));
            }
        } else if (pairs instanceof ListNode list) {
            for (Node item : list.items()) {
                if (item instanceof ListNode pair && pair.items().size() == 2) {
                    share(text(pair.items().get(0)), text(pair.items().get(1)));
                }
            }
        }
    }

    private void share(Optional<String> name, Optional<String> other) {
        Node node = other.map(weights::get).orElse(null);
        if (name.isPresent() && node != null) {
            weights.put(name.get(), node);
        }
    }

    // ---- what is not part of the weights

    private record Step(String path, Node node) {}

    /** Lists every tensor with data that did not become a weight: the optimizer's state and copies in lower precision. */
    private void noteLeftOut() {
        Deque<Step> stack = new ArrayDeque<>();
        for (List<RankTree> trees : List.of(models, ranks)) {
            for (RankTree tree : trees) {
                stack.push(new Step(tree.file(), tree.root()));
            }
        }
        Set<Node> visited = Collections.newSetFromMap(new IdentityHashMap<>());
        while (!stack.isEmpty()) {
            Step step = stack.pop();
            Node node = step.node();
            if (!node.holdsTensors() || used.contains(node) || !visited.add(node)) {
                continue;
            }
            if (node instanceof MapNode map) {
                map.entries()
                        .forEach(entry -> stack.push(
                                new Step(Names.join(step.path(), Names.component(entry.key())), entry.value())));
            } else if (node instanceof ListNode list) {
                for (int i = 0; i < list.items().size(); i++) {
                    stack.push(new Step(
                            Names.join(step.path(), Integer.toString(i)),
                            list.items().get(i)));
                }
            } else if (!(node instanceof TensorNode tensor) || tensor.view().elements() > 0) {
                log.add(Event.Kind.NOT_SELECTED, step.path(), "tensor", "not one of the model's weights");
            }
        }
    }
}
