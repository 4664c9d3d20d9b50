package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.checkpoint.ShardedCheckpoint;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/** Puts the mappings of several shards together into the one that was split. */
final class ShardMerge {
    private final ShardedCheckpoint checkpoint;
    private final Sanitizer sanitizer;
    private final EventLog log;

    ShardMerge(ShardedCheckpoint checkpoint, Sanitizer sanitizer, EventLog log) {
        this.checkpoint = checkpoint;
        this.sanitizer = sanitizer;
        this.log = log;
    }

    Tree merge() throws IOException {
        List<MapNode.Entry> entries = new ArrayList<>();
        List<Tree.Outside> outside = new ArrayList<>();
        Set<Object> others = new HashSet<>();
        Optional<Node> metadata = Optional.empty();
        boolean ordered = true;
        ShardedCheckpoint.Placement placement = checkpoint.placement();
        for (ShardedCheckpoint.Shard shard : checkpoint.shards()) {
            Tree tree = sanitizer.sanitize(shard.checkpoint());
            outside.addAll(tree.outside());
            if (!(tree.root() instanceof MapNode map)) {
                throw new MalformedFileException("the shard " + Printable.quote(shard.file()) + " is no mapping");
            }
            ordered &= map.kind() == MapNode.Kind.ORDERED_DICT;
            metadata = metadata.or(map::metadata);
            for (MapNode.Entry entry : map.entries()) {
                if (entry.value().holdsTensors() && entry.key().value() instanceof Text name) {
                    place(placement, name.value(), shard.file());
                    entries.add(entry);
                } else if (others.add(KeyIdentity.of(entry.key().value()))) {
                    entries.add(entry);
                } else {
                    log.add(Event.Kind.NOTE, Names.component(entry.key()), "value", "in several shards, kept once");
                }
            }
        }
        placement.complete();
        checkDistinct(entries);
        MapNode.Kind kind = ordered ? MapNode.Kind.ORDERED_DICT : MapNode.Kind.DICT;
        return new Tree(new MapNode(kind, entries, ordered ? metadata : Optional.empty()), outside);
    }

    private void place(ShardedCheckpoint.Placement placement, String name, String file) throws MalformedFileException {
        if (!placement.add(name, file)) {
            log.add(Event.Kind.NOTE, name, "tensor", "in a shard, but not in the index; kept");
        }
    }

    private static void checkDistinct(List<MapNode.Entry> entries) throws IOException {
        Set<Object> keys = new HashSet<>();
        for (MapNode.Entry entry : entries) {
            if (!keys.add(KeyIdentity.of(entry.key().value()))) {
                throw new MalformedFileException(
                        "two shards hold different values under " + Printable.quote(Names.component(entry.key())));
            }
        }
    }
}
