package org.ptsanitize.converter.convert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.ptsanitize.converter.naming.OutputNames;
import org.ptsanitize.converter.naming.ViewKey;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.restore.Representation;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.safetensors.Utf8;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * Which tensors a safetensors output holds and under which names.
 *
 * @param tensors what is written, in the order of the checkpoint
 * @param ties groups of names that are the same tensor in the checkpoint
 * @param aliases with {@code --tied dedupe}: each name left out and the name that holds its tensor
 */
record SafetensorsPlan(List<PlannedTensor> tensors, List<List<String>> ties, Map<String, String> aliases) {
    private static final Set<String> OWN_KEYS = Set.of(SafetensorsMetadata.FORMAT_KEY, SafetensorsMetadata.TREE_KEY);

    static SafetensorsPlan of(List<OutputNames.Named> named, ConvertOptions options, EventLog log)
            throws UnsupportedFileException, LimitExceededException {
        List<PlannedTensor> all = new ArrayList<>(named.size());
        for (OutputNames.Named one : named) {
            if (one.tensor().node() instanceof TensorNode tensor) {
                all.add(planned(one.name(), one.tensor().path(), tensor.view(), log));
            } else if (one.tensor().node() instanceof CompositeTensor composite) {
                addParts(all, one, composite, log);
            } else {
                throw new AssertionError(one.tensor().node().getClass());
            }
        }
        checkNames(all);
        Map<Storage, Boolean> shared = shared(all);
        List<List<PlannedTensor>> groups = ties(all, shared);
        List<List<String>> ties = new ArrayList<>();
        for (List<PlannedTensor> group : groups) {
            ties.add(group.stream().map(PlannedTensor::name).toList());
        }
        SafetensorsPlan plan = options.tied() == ConvertOptions.Tied.DUPLICATE
                ? new SafetensorsPlan(all, ties, Map.of())
                : deduplicated(all, groups, ties, log);
        checkExpansion(plan, all, groups, shared.keySet(), options.limits());
        return plan;
    }

    private static PlannedTensor planned(String name, String path, TensorView view, EventLog log) {
        Representation form = Representation.of(view);
        String representation = form.changed() ? view.dtype().torchName() : "";
        if (form.changed()) {
            log.add(
                    Event.Kind.REPRESENTED,
                    path,
                    view.dtype().torchName(),
                    "written as " + form.type() + ", byte for byte");
        }
        return new PlannedTensor(name, path, view, form.type(), representation);
    }

    private static void addParts(
            List<PlannedTensor> all, OutputNames.Named one, CompositeTensor composite, EventLog log) {
        List<String> names = new ArrayList<>();
        for (CompositeTensor.Part part : composite.parts()) {
            String suffix = part.suffix().isEmpty() ? "" : "." + part.suffix();
            TensorView view = ((TensorNode) part.node()).view();
            Representation form = Representation.of(view);
            names.add(one.name() + suffix);
            all.add(new PlannedTensor(
                    one.name() + suffix,
                    one.tensor().path() + suffix,
                    view,
                    form.type(),
                    composite.kind().text()));
        }
        log.add(
                Event.Kind.REPRESENTED,
                one.tensor().path(),
                composite.kind().text(),
                "written as its parts: " + names.size() + (names.size() == 1 ? " tensor" : " tensors"));
    }

    /** Names that the format cannot hold, and parts that meet another tensor's name. */
    private static void checkNames(List<PlannedTensor> all) throws UnsupportedFileException {
        List<String> impossible = new ArrayList<>();
        // Plain names are known to differ; only the parts of composite tensors can meet them.
        boolean parts = all.stream().anyMatch(tensor -> !tensor.representation().isEmpty());
        Set<String> seen = new HashSet<>();
        for (PlannedTensor tensor : all) {
            String name = tensor.name();
            if (name.equals(SafetensorsHeader.METADATA) || !Utf8.isEncodable(name)) {
                impossible.add("'" + Escaped.text(name, 100) + "'");
            }
            if (parts && !seen.add(name)) {
                throw new UnsupportedFileException(
                        "two tensors would have the name '" + Escaped.text(name, 100)
                                + "', one of them as a part of a tensor",
                        "",
                        "rename one with --rename REGEX=REPLACEMENT");
            }
        }
        if (!impossible.isEmpty()) {
            throw new UnsupportedFileException(
                    "safetensors cannot hold the name" + (impossible.size() > 1 ? "s " : " ")
                            + String.join(", ", impossible.subList(0, Math.min(20, impossible.size()))),
                    "",
                    "rename with --rename REGEX=REPLACEMENT, or write a .pt");
        }
    }

    /** All storages, each with whether several tensors are in it. */
    private static Map<Storage, Boolean> shared(List<PlannedTensor> all) {
        Map<Storage, Boolean> shared = new IdentityHashMap<>(all.size());
        for (PlannedTensor tensor : all) {
            Storage storage = tensor.view().storage();
            if (shared.put(storage, false) != null) {
                shared.put(storage, true);
            }
        }
        return shared;
    }

    /** Tensors that are one view; only storages with several views can have any. */
    private static List<List<PlannedTensor>> ties(List<PlannedTensor> all, Map<Storage, Boolean> shared) {
        Map<ViewKey, List<PlannedTensor>> groups = new LinkedHashMap<>();
        if (shared.size() == all.size()) {
            return new ArrayList<>();
        }
        for (PlannedTensor tensor : all) {
            if (tensor.view().elements() > 0
                    && shared.getOrDefault(tensor.view().storage(), false)) {
                groups.computeIfAbsent(new ViewKey(tensor.view()), key -> new ArrayList<>(1))
                        .add(tensor);
            }
        }
        groups.values().removeIf(group -> group.size() < 2);
        return new ArrayList<>(groups.values());
    }

    /**
     * The output may be a few times as large as the storages. Exact ties are not counted, up to a point: a model ties a
     * tensor to a handful of names, a bomb to thousands.
     */
    private static void checkExpansion(
            SafetensorsPlan plan,
            List<PlannedTensor> all,
            List<List<PlannedTensor>> groups,
            Set<Storage> storages,
            Limits limits)
            throws LimitExceededException {
        long present = 0;
        for (Storage storage : storages) {
            present += storage.size();
        }
        long needed = 0;
        long written = 0;
        for (PlannedTensor tensor : all) {
            long bytes = Expansion.bytes(tensor.view());
            needed = Expansion.sum(needed, bytes);
            written = Expansion.sum(written, plan.aliases().containsKey(tensor.name()) ? 0 : bytes);
        }
        for (List<PlannedTensor> group : groups) {
            if (needed < Long.MAX_VALUE) {
                needed -= (group.size() - 1) * Expansion.bytes(group.get(0).view());
            }
        }
        long factor = limits.of(Limit.EXPANSION);
        if (needed > Expansion.allowed(present, factor)) {
            throw new LimitExceededException(Limit.EXPANSION, factor, "tensors that share or repeat storage");
        }
        if (written > Expansion.allowed(present, factor * Expansion.TIE_FACTOR)) {
            throw new LimitExceededException(
                    Limit.EXPANSION, factor, "one tensor under very many names; or write it once with --tied dedupe");
        }
    }

    private static SafetensorsPlan deduplicated(
            List<PlannedTensor> all, List<List<PlannedTensor>> groups, List<List<String>> ties, EventLog log) {
        Map<String, String> aliases = new TreeMap<>();
        for (List<PlannedTensor> group : groups) {
            String kept = group.stream()
                    .map(PlannedTensor::name)
                    .filter(name -> !OWN_KEYS.contains(name))
                    .min(Comparator.naturalOrder())
                    .orElse(group.get(0).name());
            for (PlannedTensor tensor : group) {
                if (!tensor.name().equals(kept) && !OWN_KEYS.contains(tensor.name())) {
                    aliases.put(tensor.name(), kept);
                    log.add(Event.Kind.TIED, tensor.path(), kept, "left out; this name holds the same tensor");
                }
            }
        }
        List<PlannedTensor> kept = all.stream()
                .filter(tensor -> !aliases.containsKey(tensor.name()))
                .toList();
        return new SafetensorsPlan(kept, ties, aliases);
    }
}
