package org.ptsanitize.converter.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.converter.naming.NameOptions;
import org.ptsanitize.converter.naming.NameWalk;
import org.ptsanitize.converter.naming.Selection;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.restore.Origin;
import org.ptsanitize.converter.restore.Reading;
import org.ptsanitize.converter.restore.Restored;
import org.ptsanitize.converter.restore.Restorer;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.Tree;

/** One of the two checkpoints, read. */
final class Side {
    private final Reading reading;
    private final Restored restored;
    private final List<String> notes;

    private Side(Reading reading, Restored restored, List<String> notes) {
        this.reading = reading;
        this.restored = restored;
        this.notes = notes;
    }

    static Side of(Reading reading) throws IOException {
        EventLog log = new EventLog();
        Restored restored = reading.tree(Policy.standard(), log);
        if (!Restorer.appliesTo(reading.checkpoint())) {
            reading.checkpoint().forgetPickles();
        }
        return new Side(reading, restored, log.notes());
    }

    Origin origin() {
        return restored.origin();
    }

    /** What is odd about the file. */
    List<String> notes() {
        return notes;
    }

    /** The ways in which its tensors may be named, the most likely first. */
    List<Holding> holdings(Part part, NameOptions naming) throws IOException {
        List<NameWalk.Found> found =
                new NameWalk(new EventLog(), reading.budget()).walk(part.root(), part.plainEntries());
        List<Holding> ways = new ArrayList<>();
        ways.add(Holding.of("", found, "", Map.of(), naming));
        String prefix = Selection.unwrapped(part.root()).prefix();
        if (!prefix.isEmpty()) {
            ways.add(Holding.of("without '" + Escaped.text(prefix, 100) + ".'", found, prefix, Map.of(), naming));
        }
        if (origin().nested()) {
            ways.add(Holding.of("as in the file", found, "", origin().names(), naming));
        }
        return ways;
    }

    /**
     * A part of the checkpoint.
     *
     * @param from its path in words; empty for all of it
     * @param plainEntries how many entries of the root are part of what the checkpoint holds
     */
    record Part(Node root, String from, int plainEntries) {}

    /** Everything. */
    Part whole() {
        return new Part(restored.tree().root(), "", Integer.MAX_VALUE);
    }

    /** What the options say that the copy holds; if they say nothing, what the copy itself says. */
    Part expected(VerifyOptions options, Origin copy) {
        Node root = restored.tree().root();
        if (options.select().isPresent()) {
            return selected(Selection.path(root, options.select().get()));
        }
        if (options.weights()) {
            return selected(Selection.weights(root));
        }
        boolean same = origin().nested() && origin().from().equals(copy.from());
        Optional<Node> recorded = copy.from().isEmpty() || same ? Optional.empty() : Selection.find(root, copy.from());
        if (recorded.isPresent()) {
            return new Part(recorded.get(), copy.from(), Integer.MAX_VALUE);
        }
        if (options.keepAttributes() && root instanceof MapNode map) {
            Tree extended = restored.tree().withOutside();
            return new Part(extended.root(), "", map.entries().size());
        }
        return whole();
    }

    private static Part selected(Selection selection) {
        return new Part(selection.root(), selection.from(), Integer.MAX_VALUE);
    }
}
