package org.ptsanitize.converter.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.ptsanitize.converter.naming.NameOptions;
import org.ptsanitize.converter.naming.NameWalk;
import org.ptsanitize.converter.naming.NamedView;
import org.ptsanitize.converter.naming.OutputNames;
import org.ptsanitize.converter.naming.Selection;
import org.ptsanitize.converter.naming.ViewKey;
import org.ptsanitize.converter.policy.GlobalClass;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.restore.Origin;
import org.ptsanitize.converter.restore.Reading;
import org.ptsanitize.converter.restore.Restored;
import org.ptsanitize.converter.sanitize.Damage;
import org.ptsanitize.converter.sanitize.GlobalNames;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.Tree;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.checkpoint.Checkpoint;
import org.ptsanitize.formats.checkpoint.PickledPart;
import org.ptsanitize.formats.pickle.GlobalUse;

/**
 * Looks into a checkpoint of any kind. What is found is in its pickles and headers: no tensor is read, so a file of
 * 100 GB takes no longer than its description. Nothing in it is executed, imported or opened by name.
 *
 * <pre>{@code
 * Inspection inside = new Inspector(InspectOptions.defaults()).inspect(Path.of("model.pt"));
 * for (InspectedTensor tensor : inside.tensors()) {
 *     System.out.println(tensor.name() + " " + tensor.dtype() + " " + tensor.shape());
 * }
 * }</pre>
 */
public final class Inspector {
    private final InspectOptions options;

    public Inspector(InspectOptions options) {
        this.options = options;
    }

    /**
     * Looks into a file, a shard index or a folder. Of a file that is damaged, as much is told as is sound;
     * {@link Inspection#stops} says why it cannot be converted.
     *
     * @throws FileFormatException if nothing can be told: the bytes are no checkpoint, or damaged from the start
     * @throws IOException if reading fails
     */
    public Inspection inspect(Path input) throws IOException {
        try (Reading reading = Reading.open(input, options.limits(), options.tempDirectory())) {
            return new Look(reading, input, "").inspection();
        } catch (LimitExceededException e) {
            // What costs too much would cost as much again.
            throw e.in(input.toString());
        } catch (FileFormatException e) {
            return remains(input, e.in(input.toString()));
        }
    }

    /**
     * Lists the opcodes of a checkpoint's pickles, as text with their offsets; nothing of them is followed.
     *
     * @param at a path of the tree: only the opcodes around the one that makes the value there; empty for all
     * @param out takes each line, escaped
     * @throws FileFormatException if there is no pickle that can be read
     * @throws IllegalArgumentException if the path leads nowhere, or to a value that no opcode is known of
     */
    public void listPickles(Path input, Optional<String> at, Consumer<String> out) throws IOException {
        try (Reading reading = Reading.open(input, options.limits(), options.tempDirectory())) {
            list(reading, at, out);
        } catch (FileFormatException e) {
            FileFormatException refusal = e.in(input.toString());
            try (Reading reading = Reading.openRemains(input, options.limits(), options.tempDirectory(), refusal)) {
                list(reading, at, out);
            }
        }
    }

    private static void list(Reading reading, Optional<String> at, Consumer<String> out) throws IOException {
        List<PickledPart> parts = reading.checkpoint().parts();
        PickleText text = new PickleText(out, reading.budget());
        if (at.isEmpty()) {
            text.all(parts);
            return;
        }
        for (PickledPart part : parts) {
            OptionalLong offset = new PickleSearch().find(part.pickle().root(), at.get());
            if (!part.auxiliary() && offset.isPresent()) {
                text.around(part, offset.getAsLong());
                return;
            }
        }
        throw new IllegalArgumentException("--at '" + Escaped.text(at.get(), 100)
                + "': nothing there that an opcode is known of; tensors, objects and what holds them are");
    }

    private Inspection remains(Path input, FileFormatException refusal) throws IOException {
        try (Reading reading = Reading.openRemains(input, options.limits(), options.tempDirectory(), refusal)) {
            return new Look(reading, input, refusal.getMessage()).inspection();
        }
    }

    /** One look into an input. */
    private final class Look {
        private final Reading reading;
        private final Path input;
        private final EventLog log = new EventLog();
        private final Damage damage = new Damage();
        private final Contents contents = new Contents();
        private final List<InspectedTensor> tensors = new ArrayList<>();
        private final List<InspectedTensor> outside = new ArrayList<>();
        private final Map<ViewKey, List<String>> sameViews = new LinkedHashMap<>();
        private String stops;
        private String prefix = "";

        /** @param refusal why the input cannot be opened as it should be; empty if it can */
        Look(Reading reading, Path input, String refusal) {
            this.stops = refusal;
            this.reading = reading;
            this.input = input;
        }

        Inspection inspection() throws IOException {
            Checkpoint checkpoint = reading.checkpoint();
            List<InspectedGlobal> globals = globals(checkpoint, options.policy());
            Optional<InspectedValue> root = Optional.empty();
            try {
                Restored restored = reading.outline(options.policy(), log, damage);
                if (!isCut(checkpoint)) {
                    root = Optional.of(new InspectedValue("", restored.tree().root(), contents));
                    listTensors(restored);
                }
            } catch (FileFormatException e) {
                stop(e);
            }
            if (damage.count() > 0) {
                stop(damage.parts().get(0).problem());
            }
            sameViews.values().removeIf(names -> names.size() < 2);
            return new Inspection(
                    input,
                    reading.input().size(),
                    checkpoint.container().description(),
                    checkpoint.writer(),
                    stops,
                    damage.parts().stream()
                            .map(part -> new Inspection.Damaged(
                                    part.path(), part.problem().problem()))
                            .toList(),
                    prefix,
                    root,
                    tensors,
                    outside,
                    List.copyOf(sameViews.values()),
                    globals,
                    log);
        }

        /** Whether all that is left of a file are pickles without a value. */
        private boolean isCut(Checkpoint checkpoint) {
            return !stops.isEmpty() && checkpoint.parts().stream().allMatch(PickledPart::auxiliary);
        }

        /** The first reason is the one that a conversion would tell. */
        private void stop(FileFormatException e) {
            if (stops.isEmpty()) {
                stops = e.in(input.toString()).getMessage();
            }
        }

        private void listTensors(Restored restored) throws FileFormatException {
            Tree tree = restored.tree();
            Origin origin = restored.origin();
            Node root = tree.root();
            prefix = origin.restored()
                    ? origin.prefix()
                    : Selection.unwrapped(root).prefix();
            List<NameWalk.Found> found = new NameWalk(log, reading.budget()).walk(root, Integer.MAX_VALUE);
            for (NamedView one : NamedView.of(named(found, origin.names()))) {
                tensors.add(contents.tensor(one.name(), one.path(), one.view(), one.kind()));
                if (one.view().elements() > 0) {
                    sameViews
                            .computeIfAbsent(new ViewKey(one.view()), key -> new ArrayList<>(1))
                            .add(one.name());
                }
            }
            for (Tree.Outside value : tree.outside()) {
                List<NameWalk.Found> below =
                        new NameWalk(new EventLog(), reading.budget()).walk(value.node(), Integer.MAX_VALUE);
                for (NameWalk.Found one : below) {
                    String path = one.path().isEmpty() ? value.path() : value.path() + "." + one.path();
                    for (NamedView view : NamedView.of(List.of(new OutputNames.Named(path, one)))) {
                        outside.add(contents.tensor(view.name(), view.name(), view.view(), view.kind()));
                    }
                }
            }
        }

        /** Names as a conversion gives them; where it would refuse two of one name, the second gets a number. */
        private List<OutputNames.Named> named(List<NameWalk.Found> found, Map<Node, String> known)
                throws FileFormatException {
            try {
                return new OutputNames(NameOptions.NONE, prefix, known, new EventLog()).name(found);
            } catch (FileFormatException e) {
                stop(e);
                NameOptions numbered = new NameOptions(List.of(), List.of(), List.of(), List.of(), true);
                return new OutputNames(numbered, prefix, known, new EventLog()).name(found);
            }
        }
    }

    private static List<InspectedGlobal> globals(Checkpoint checkpoint, Policy policy) {
        Map<String, List<InspectedGlobal.Place>> places = new LinkedHashMap<>();
        Map<String, Long> counts = new HashMap<>();
        Map<String, GlobalUse> uses = new HashMap<>();
        for (PickledPart part : checkpoint.parts()) {
            for (GlobalUse use : part.pickle().globals()) {
                String name = GlobalNames.dotted(use.global());
                places.computeIfAbsent(name, n -> new ArrayList<>())
                        .add(new InspectedGlobal.Place(part.name(), use.firstOffset()));
                counts.merge(name, use.count(), Long::sum);
                uses.putIfAbsent(name, use);
            }
        }
        List<InspectedGlobal> globals = new ArrayList<>();
        for (Map.Entry<String, List<InspectedGlobal.Place>> entry : places.entrySet()) {
            GlobalUse use = uses.get(entry.getKey());
            if (use != null) {
                GlobalClass globalClass = GlobalNames.classOf(use.global(), policy);
                globals.add(new InspectedGlobal(
                        entry.getKey(),
                        globalClass,
                        policy.danger(use.global()).orElse(""),
                        counts.getOrDefault(entry.getKey(), 0L),
                        List.copyOf(entry.getValue())));
            }
        }
        globals.sort(Comparator.comparing(InspectedGlobal::globalClass).thenComparing(InspectedGlobal::name));
        return List.copyOf(globals);
    }
}
