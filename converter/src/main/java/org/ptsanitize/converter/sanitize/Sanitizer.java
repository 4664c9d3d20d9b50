package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.checkpoint.Checkpoint;
import org.ptsanitize.formats.checkpoint.DeepSpeedCheckpoint;
import org.ptsanitize.formats.checkpoint.DistributedCheckpoint;
import org.ptsanitize.formats.checkpoint.Member;
import org.ptsanitize.formats.checkpoint.NamedTensor;
import org.ptsanitize.formats.checkpoint.PickledPart;
import org.ptsanitize.formats.checkpoint.ShardedCheckpoint;

/**
 * Turns an opened checkpoint into its tree. Start reading here: {@link TreeBuilder} walks the object graph,
 * {@link Reviver} says what each value becomes.
 */
public final class Sanitizer {
    private final Policy policy;
    private final EventLog log;
    private final Budget budget;
    private final Scratch scratch;
    private @Nullable Damage damage;

    public Sanitizer(Policy policy, EventLog log, Budget budget, Scratch scratch) {
        this.policy = policy;
        this.log = log;
        this.budget = budget;
        this.scratch = scratch;
    }

    /** From here on a damaged part is left out of the tree, and no tensor is read to check what it says of others. */
    public Sanitizer tolerating(Damage collected) {
        damage = collected;
        return this;
    }

    /** The tree of a checkpoint. Whatever it leaves out or changes is in the log. */
    public Tree sanitize(Checkpoint checkpoint) throws IOException {
        if (checkpoint instanceof ShardedCheckpoint sharded) {
            notes(checkpoint, "");
            return new ShardMerge(sharded, this, log).merge();
        }
        if (checkpoint instanceof DeepSpeedCheckpoint zero) {
            return new ZeroMerge(zero, this, log).merge();
        }
        for (PickledPart part : checkpoint.parts()) {
            CallAudit.audit(part, policy, log);
        }
        if (checkpoint instanceof DistributedCheckpoint distributed) {
            notes(checkpoint, "");
            return new Assembly(this, budget).assemble(distributed);
        }
        List<Tree.Outside> outside = new ArrayList<>();
        return new Tree(root(checkpoint, "", outside), outside);
    }

    private void notes(Checkpoint checkpoint, String path) {
        for (String note : checkpoint.notes()) {
            log.addNote(path, note);
        }
    }

    private Node root(Checkpoint checkpoint, String path, List<Tree.Outside> outside) throws IOException {
        notes(checkpoint, path);
        for (Member member : checkpoint.outside()) {
            String below = Names.join(path, member.name());
            outside.add(new Tree.Outside(below, root(member.checkpoint(), below, outside)));
        }
        List<MapNode.Entry> roots = new ArrayList<>();
        for (NamedTensor tensor : checkpoint.tensors()) {
            roots.add(MapNode.Entry.of(tensor.name(), new TensorNode(tensor.view(), tensor.parameter())));
        }
        if (!checkpoint.members().isEmpty()) {
            for (Member member : checkpoint.members()) {
                String below = Names.join(path, member.name());
                roots.add(MapNode.Entry.of(member.name(), root(member.checkpoint(), below, outside)));
            }
        }
        if (!roots.isEmpty() || checkpoint.parts().isEmpty()) {
            return new MapNode(MapNode.Kind.DICT, roots);
        }
        for (PickledPart part : checkpoint.parts()) {
            if (!part.auxiliary()) {
                TreeBuilder builder = new TreeBuilder(new Context(part, policy, log, budget, scratch, damage, 0));
                roots.add(MapNode.Entry.of(
                        part.name(), builder.build(part.pickle().root(), path)));
                collectOutside(builder, outside);
            }
        }
        return roots.size() == 1 ? roots.get(0).value() : new MapNode(MapNode.Kind.DICT, roots);
    }

    private static void collectOutside(TreeBuilder builder, List<Tree.Outside> outside) throws IOException {
        while (!builder.deferred().isEmpty()) {
            TreeBuilder.Deferred deferred = builder.deferred().removeFirst();
            outside.add(new Tree.Outside(deferred.path(), builder.build(deferred.value(), deferred.path())));
        }
    }
}
