package org.ptsanitize.converter.restore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.sanitize.KeyIdentity;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.converter.sanitize.Tree;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.checkpoint.Checkpoint;
import org.ptsanitize.formats.checkpoint.Container;

/**
 * Turns a safetensors file into a tree: into the one it was written from if its metadata tells, else into a flat mapping
 * of its tensors.
 */
public final class Restorer {
    /** The metadata key of the ecosystem that says whose tensors they are. */
    public static final String FORMAT_KEY = "format";

    /** The metadata key that holds our JSON. */
    public static final String TREE_KEY = "ptsanitize";

    private static final int NODE_BYTES = 150;

    private final Checkpoint checkpoint;
    private final EventLog log;
    private final Budget budget;

    private final boolean comparing;

    private Restorer(Checkpoint checkpoint, EventLog log, Budget budget, boolean comparing) {
        this.comparing = comparing;
        this.checkpoint = checkpoint;
        this.log = log;
        this.budget = budget;
    }

    /** Whether a checkpoint is one that this class is for. */
    public static boolean appliesTo(Checkpoint checkpoint) {
        boolean shards = checkpoint.container() == Container.SHARDED
                && !checkpoint.tensors().isEmpty();
        return checkpoint.container() == Container.SAFETENSORS || shards;
    }

    /** The tree of a safetensors file. Metadata that contradicts the file is never an error, only noted. */
    public static Restored restore(Checkpoint checkpoint, EventLog log, Budget budget) throws IOException {
        return new Restorer(checkpoint, log, budget, true).restore();
    }

    /** The same without a look at the tensors' bytes: what the file says to be one tensor is taken for one. */
    static Restored outline(Checkpoint checkpoint, EventLog log, Budget budget) throws IOException {
        return new Restorer(checkpoint, log, budget, false).restore();
    }

    private Restored restore() throws IOException {
        for (String note : checkpoint.notes()) {
            note(note);
        }
        String text = checkpoint.metadata().get(TREE_KEY);
        if (text != null) {
            try {
                return nested(text);
            } catch (FileFormatException e) {
                note("its metadata '" + TREE_KEY + "' is not used: " + e.getMessage());
            }
        }
        return flat();
    }

    private void note(String sentence) {
        log.addNote("", sentence);
    }

    private FileTensors tensors() throws IOException {
        budget.spendMemory((long) NODE_BYTES * checkpoint.tensors().size(), 0);
        return new FileTensors(checkpoint.tensors(), checkpoint.metadata());
    }

    private Restored nested(String text) throws IOException {
        Facts facts = Facts.read(text, budget);
        FileTensors tensors = tensors();
        tensors.apply(facts, comparing);
        tensors.start();
        Map<Node, String> names = new IdentityHashMap<>();
        Node root = new TreeReader(Facts.open(text, budget), tensors, names, budget).read();
        List<String> left = tensors.left();
        Node whole = left.isEmpty() ? root : withRest(root, left, tensors, names);
        return restored(whole, tensors, names, facts.from(), facts.prefix(), facts.dropped(), true);
    }

    private Restored restored(
            Node root,
            FileTensors tensors,
            Map<Node, String> names,
            String from,
            String prefix,
            SortedMap<String, Long> dropped,
            boolean nested) {
        for (Map.Entry<String, String> alias : tensors.aliases().entrySet()) {
            log.add(
                    Event.Kind.NOTE,
                    alias.getKey(),
                    alias.getValue(),
                    "another name of this tensor, by the file's metadata");
        }
        SortedMap<String, String> texts = Origin.texts(
                checkpoint.metadata(), List.copyOf(tensors.aliases().keySet()));
        return new Restored(new Tree(root, List.of()), new Origin(from, prefix, dropped, names, texts, true, nested));
    }

    /** The root with the tensors that the metadata does not mention. */
    private Node withRest(Node root, List<String> left, FileTensors tensors, Map<Node, String> names)
            throws IOException {
        if (!(root instanceof MapNode map)) {
            throw new MalformedFileException(
                    "it does not mention the tensor " + Printable.quote(left.get(0)) + ", and its root is no mapping");
        }
        Set<Object> keys = new HashSet<>();
        for (MapNode.Entry entry : map.entries()) {
            keys.add(KeyIdentity.of(entry.key().value()));
        }
        List<MapNode.Entry> entries = new ArrayList<>(map.entries());
        for (String name : left) {
            if (!keys.add(name)) {
                throw new MalformedFileException(
                        "it does not mention the tensor " + Printable.quote(name) + ", whose name is taken");
            }
            entries.add(entry(name, tensors, names));
            log.add(Event.Kind.NOTE, name, "tensor", "not mentioned in the file's metadata, added at the root");
        }
        return new MapNode(map.kind(), entries, map.metadata());
    }

    private static MapNode.Entry entry(String name, FileTensors tensors, Map<Node, String> names)
            throws MalformedFileException {
        TensorNode node = new TensorNode(tensors.take(name));
        names.put(node, name);
        return new MapNode.Entry(Leaf.of(name), node);
    }

    private Restored flat() throws IOException {
        FileTensors tensors = tensors().start();
        Map<Node, String> names = new IdentityHashMap<>();
        List<MapNode.Entry> entries = new ArrayList<>();
        for (String name : tensors.left()) {
            entries.add(entry(name, tensors, names));
        }
        return restored(new MapNode(MapNode.Kind.DICT, entries), tensors, names, "", "", new TreeMap<>(), false);
    }
}
