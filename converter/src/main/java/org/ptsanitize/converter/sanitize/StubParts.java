package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ptsanitize.formats.pickle.EntryBuffer;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/**
 * Collects what an object is made of and puts its stub together: the class first, then entries and attributes under their
 * own keys, positional arguments under {@code args}, items under {@code items}, a state that is no mapping under
 * {@code state}.
 */
final class StubParts {
    private final String className;
    private final List<PickleValue> children = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private final List<Slot> slots = new ArrayList<>();
    private final Set<String> used = new HashSet<>();

    /** Where children of a stub go: one under a key, or several as a list under a key. */
    private record Slot(String key, int first, int count, boolean list, boolean pairs) {}

    StubParts(String className) {
        this.className = className;
        used.add(MapNode.CLASS_KEY);
    }

    List<PickleValue> children() {
        return children;
    }

    String label(int child) {
        return labels.get(child);
    }

    void addArguments(List<PickleValue> arguments, PickleValue keywords, Call call) throws IOException {
        addList("args", arguments);
        if (keywords != None.NONE) {
            addOne("kwargs", keywords);
        }
        addEntries(call.entries());
        addList("items", call.items());
    }

    private void addEntries(EntryBuffer buffer) throws IOException {
        if (!buffer.isEmpty()) {
            add(Entries.of(buffer), "entries");
        }
    }

    void addState(ObjectState state) throws IOException {
        add(state.attributes(), "attributes");
        if (state.others().size() == 1) {
            addOne(free("state"), state.others().get(0));
        } else {
            addList("state", state.others());
        }
    }

    /** Entries under their own keys; those whose key is no free text go as pairs under another key. */
    private void add(Entries entries, String others) throws IOException {
        List<PickleValue> pairs = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            String key = PythonText.of(entries.key(i)).orElse(null);
            if (key != null && used.contains(key) && isKnown(key, entries.value(i))) {
                continue;
            }
            if (key == null || used.contains(key)) {
                pairs.add(entries.key(i));
                pairs.add(entries.value(i));
            } else {
                addOne(key, entries.value(i));
            }
        }
        if (!pairs.isEmpty()) {
            String key = free(others);
            slots.add(new Slot(key, children.size(), pairs.size(), true, true));
            used.add(key);
            for (int i = 0; i < pairs.size(); i++) {
                labels.add(key + "." + i / 2 + "." + i % 2);
                children.add(pairs.get(i));
            }
        }
    }

    /** Dict subclasses often hold each entry as an attribute too. */
    private boolean isKnown(String key, PickleValue value) {
        for (Slot slot : slots) {
            if (!slot.list() && slot.key().equals(key)) {
                PickleValue before = children.get(slot.first());
                return before == value || before.equals(value);
            }
        }
        return false;
    }

    private void addOne(String key, PickleValue value) {
        slots.add(new Slot(key, children.size(), 1, false, false));
        used.add(key);
        labels.add(key);
        children.add(value);
    }

    private void addList(String wanted, List<PickleValue> values) {
        if (values.isEmpty()) {
            return;
        }
        String key = free(wanted);
        slots.add(new Slot(key, children.size(), values.size(), true, false));
        used.add(key);
        for (int i = 0; i < values.size(); i++) {
            labels.add(key + "." + i);
            children.add(values.get(i));
        }
    }

    private String free(String wanted) {
        String key = wanted;
        while (used.contains(key)) {
            key = "_" + key;
        }
        return key;
    }

    MapNode assemble(List<Node> nodes) {
        List<MapNode.Entry> entries = new ArrayList<>(slots.size() + 1);
        entries.add(MapNode.Entry.of(MapNode.CLASS_KEY, Leaf.of(className)));
        for (Slot slot : slots) {
            List<Node> part = nodes.subList(slot.first(), slot.first() + slot.count());
            if (slot.pairs()) {
                entries.add(new MapNode.Entry(new Leaf(new Text(slot.key())), pairs(part)));
            } else if (slot.list()) {
                entries.add(MapNode.Entry.of(slot.key(), new ListNode(ListNode.Kind.LIST, Reviver.present(part))));
            } else if (!(part.get(0) instanceof Absent)) {
                entries.add(MapNode.Entry.of(slot.key(), part.get(0)));
            }
        }
        return new MapNode(MapNode.Kind.STUB, entries);
    }

    private static ListNode pairs(List<Node> flat) {
        List<Node> pairs = new ArrayList<>(flat.size() / 2);
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            pairs.add(new ListNode(ListNode.Kind.LIST, Reviver.present(flat.subList(i, i + 2))));
        }
        return new ListNode(ListNode.Kind.LIST, pairs);
    }
}
