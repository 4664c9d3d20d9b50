package org.ptsanitize.properties;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Names;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.Sanitizer;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.checkpoint.Checkpoint;
import org.ptsanitize.formats.tensor.TensorView;

/** A {@code .pt} output as the production reader sees it. */
final class ReadPt implements Closeable {
    private final Scratch scratch;
    private final Checkpoint checkpoint;
    private final Node root;

    private ReadPt(Scratch scratch, Checkpoint checkpoint, Node root) {
        this.scratch = scratch;
        this.checkpoint = checkpoint;
        this.root = root;
    }

    static ReadPt of(byte[] file) throws IOException {
        Budget budget = new Budget(Limits.defaults());
        Scratch scratch = Scratch.of(file.length, Limits.defaults());
        Checkpoint checkpoint =
                org.ptsanitize.formats.checkpoint.Checkpoints.open(MemorySource.of("output", file), scratch, budget);
        Node root = new Sanitizer(Policy.standard(), new EventLog(), budget, scratch)
                .sanitize(checkpoint)
                .root();
        return new ReadPt(scratch, checkpoint, root);
    }

    Node root() {
        return root;
    }

    /** A tensor under a path. */
    record Found(String path, TensorView view) {}

    /** Every path to a tensor; all keys count, also empty ones. */
    List<Found> tensors() {
        List<Found> found = new ArrayList<>();
        find(root, List.of(), found);
        return found;
    }

    private static void find(Node node, List<String> path, List<Found> found) {
        if (node instanceof TensorNode tensor) {
            found.add(new Found(String.join(".", path), tensor.view()));
        } else if (node instanceof ListNode list) {
            for (int i = 0; i < list.items().size(); i++) {
                find(list.items().get(i), below(path, Integer.toString(i)), found);
            }
        } else if (node instanceof MapNode map) {
            for (MapNode.Entry entry : map.entries()) {
                find(entry.value(), below(path, Names.component(entry.key())), found);
            }
        }
    }

    private static List<String> below(List<String> path, String component) {
        List<String> longer = new ArrayList<>(path);
        longer.add(component);
        return longer;
    }

    @Override
    public void close() throws IOException {
        checkpoint.close();
        scratch.close();
    }
}
