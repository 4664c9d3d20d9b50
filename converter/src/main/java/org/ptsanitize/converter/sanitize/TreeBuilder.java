package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.PySet;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * Turns the object graph of one pickle into the checkpoint tree, children before parents, with an explicit stack. A value
 * that is reached twice becomes one node; a value that is reached from inside itself is cut there.
 */
final class TreeBuilder {
    private static final int NODE_BYTES = 48;

    private final Context context;
    private final Reviver reviver;
    private final Map<PickleValue, Node> built = new IdentityHashMap<>();
    private final Set<PickleValue> inProgress = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Frame> stack = new ArrayDeque<>();
    private final Deque<Deferred> deferred = new ArrayDeque<>();

    TreeBuilder(Context context) {
        this.context = context;
        this.reviver = new Reviver(context, this);
    }

    /** Builds the node of a value. */
    Node build(PickleValue root, String rootPath) throws IOException {
        Budget budget = context.budget();
        Node result = enter(root, rootPath);
        while (!stack.isEmpty()) {
            Frame frame = stack.peek();
            Node finished;
            if (frame.next < frame.nodes.length) {
                int child = frame.next;
                finished = enter(frame.revival.children().get(child), frame.revival.label(child));
                if (finished != PENDING) {
                    frame.nodes[frame.next++] = finished;
                } else {
                    budget.check(Limit.DEPTH, stack.size(), path(""));
                }
                continue;
            }
            finished = assemble(frame);
            stack.pop();
            inProgress.remove(frame.value);
            built.put(frame.value, finished);
            Frame parent = stack.peek();
            if (parent == null) {
                return finished;
            }
            parent.nodes[parent.next++] = finished;
        }
        return result;
    }

    private Node assemble(Frame frame) throws IOException {
        try {
            return frame.revival.assemble(Arrays.asList(frame.nodes));
        } catch (FileFormatException e) {
            return damaged(located(e), path(""));
        }
    }

    /** Something that is looked at only once the tree is complete, so that it cannot cut anything in it. */
    record Deferred(PickleValue value, String path) {}

    void defer(PickleValue value, String path) {
        deferred.add(new Deferred(value, path));
    }

    /** What was put off, in order; emptied by the caller. */
    Deque<Deferred> deferred() {
        return deferred;
    }

    private static final Node PENDING = new Absent(Absent.Reason.CYCLE);

    /** The node of a value, or {@link #PENDING} if its children were pushed on the stack. */
    private Node enter(PickleValue value, String label) throws IOException {
        boolean shared = isShared(value);
        if (shared) {
            Node before = built.get(value);
            if (before != null) {
                return before;
            }
            if (inProgress.contains(value)) {
                context.log().add(Event.Kind.CUT, path(label), "cycle", "the value holds itself");
                return new Absent(Absent.Reason.CYCLE);
            }
        }
        Frame frame = new Frame(value, label);
        stack.push(frame);
        Revival revival;
        try {
            revival = reviver.revive(value);
        } catch (FileFormatException e) {
            revival = Revival.of(damaged(located(e), path("")));
        }
        Node done = revival.done();
        if (done != null) {
            stack.pop();
            if (shared) {
                context.budget().spendMemory(NODE_BYTES, 0);
                built.put(value, done);
            }
            return done;
        }
        frame.begin(revival);
        context.budget().spendMemory(NODE_BYTES + 8L * revival.children().size(), 0);
        inProgress.add(value);
        return PENDING;
    }

    /** What stands for a damaged value where damage is tolerated; elsewhere, and for a limit, the error itself. */
    private Node damaged(FileFormatException e, String path) throws FileFormatException {
        Damage damage = context.damage();
        if (damage == null || e instanceof LimitExceededException) {
            throw e;
        }
        damage.add(path, e);
        return new Absent(Absent.Reason.DAMAGED);
    }

    private FileFormatException located(FileFormatException e) {
        String path = path("");
        if (e instanceof MalformedFileException && !path.isEmpty() && !e.where().contains(" at ")) {
            return new MalformedFileException(e.problem(), e.where() + " at '" + shorten(path) + "'", e.advice());
        }
        return e;
    }

    private static String shorten(String path) {
        return path.length() <= 200 ? path : path.substring(0, 200) + "…";
    }

    private static boolean isShared(PickleValue value) {
        return value instanceof Call
                || value instanceof Dict
                || value instanceof PyList
                || value instanceof PySet
                || value instanceof PersistentId
                || value instanceof Tuple tuple && tuple.size() > 0;
    }

    /** The path of the value on top of the stack, plus one more component. */
    String path(String last) {
        List<String> parts = new ArrayList<>(stack.size() + 1);
        for (Frame frame : stack) {
            if (!frame.label.isEmpty()) {
                parts.add(frame.label);
            }
        }
        Collections.reverse(parts);
        if (!last.isEmpty()) {
            parts.add(last);
        }
        return String.join(".", parts);
    }

    /** A value whose children are being built. */
    private static final class Frame {
        private static final Node[] NONE = {};
        private static final Revival NOTHING = Revival.of(Leaf.NONE);

        private final PickleValue value;
        private final String label;
        private Revival revival = NOTHING;
        private Node[] nodes = NONE;
        private int next;

        Frame(PickleValue value, String label) {
            this.value = value;
            this.label = label;
        }

        void begin(Revival how) {
            revival = how;
            nodes = new Node[how.children().size()];
        }
    }
}
