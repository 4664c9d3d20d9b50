package org.ptsanitize.converter.convert;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.ptsanitize.converter.naming.NameWalk;
import org.ptsanitize.converter.naming.Selection;
import org.ptsanitize.converter.naming.ViewKey;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Names;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.converter.sanitize.Tree;

/** Lists the tensors of a checkpoint that are in no output: none is lost in silence. */
final class Unwritten {
    private final EventLog log;
    private final Set<ViewKey> known = new HashSet<>();
    private final Set<Node> visited = Collections.newSetFromMap(new IdentityHashMap<>());

    private Unwritten(EventLog log) {
        this.log = log;
    }

    static void report(Tree tree, Selection selection, List<NameWalk.Found> written, EventLog log) {
        if (selection.left().isEmpty() && tree.outside().isEmpty()) {
            return;
        }
        Unwritten unwritten = new Unwritten(log);
        for (NameWalk.Found found : written) {
            unwritten.remember(found.node());
        }
        for (Selection.Left left : selection.left()) {
            unwritten.walk(left.node(), left.path(), Event.Kind.NOT_SELECTED, "not in the selected part");
        }
        for (Tree.Outside outside : tree.outside()) {
            unwritten.walk(
                    outside.node(), outside.path(), Event.Kind.OUTSIDE_STATE_DICT, "not part of any state_dict()");
        }
    }

    private void remember(Node node) {
        if (node instanceof TensorNode tensor) {
            known.add(new ViewKey(tensor.view()));
        } else if (node instanceof CompositeTensor composite) {
            composite.parts().forEach(part -> remember(part.node()));
        }
    }

    private record Step(Node node, String path) {}

    private void walk(Node root, String rootPath, Event.Kind kind, String reason) {
        Deque<Step> stack = new ArrayDeque<>();
        stack.push(new Step(root, rootPath));
        while (!stack.isEmpty()) {
            Step step = stack.pop();
            Node node = step.node();
            if (!node.holdsTensors() || !visited.add(node)) {
                continue;
            }
            if (node instanceof TensorNode tensor) {
                if (known.add(new ViewKey(tensor.view()))) {
                    log.add(kind, step.path(), tensor.view().dtype().torchName(), reason);
                }
            } else if (node instanceof CompositeTensor composite) {
                push(stack, composite, step.path());
            } else {
                push(stack, node, step.path());
            }
        }
    }

    private static void push(Deque<Step> stack, Node node, String path) {
        if (node instanceof ListNode list) {
            for (int i = list.items().size() - 1; i >= 0; i--) {
                stack.push(new Step(list.items().get(i), Names.join(path, Integer.toString(i))));
            }
        } else if (node instanceof MapNode map) {
            for (int i = map.entries().size() - 1; i >= 0; i--) {
                MapNode.Entry entry = map.entries().get(i);
                stack.push(new Step(entry.value(), Names.join(path, Names.component(entry.key()))));
            }
        } else {
            PtTree.children(node).forEach(child -> stack.push(new Step(child, path)));
        }
    }
}
