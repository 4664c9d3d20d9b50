package org.ptsanitize.converter.restore;

import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.Composites;
import org.ptsanitize.converter.sanitize.KeyIdentity;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.converter.sanitize.TorchConstant;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.json.StrictJson;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/**
 * Reads the tree out of our metadata, with an explicit stack. Only the one spelling that the writer uses for each value
 * is accepted; the tags are described there.
 */
final class TreeReader {
    private static final int NODE_BYTES = 56;

    private final StrictJson json;
    private final FileTensors tensors;
    private final Map<Node, String> names;
    private final Budget budget;
    private final Scalars scalars;
    private final Deque<Frame> stack = new ArrayDeque<>();
    private final List<Optional<Node>> stubs = new ArrayList<>();

    /** @param names takes the file's name of each tensor node that is made */
    TreeReader(StrictJson json, FileTensors tensors, Map<Node, String> names, Budget budget) {
        this.json = json;
        this.tensors = tensors;
        this.names = names;
        this.budget = budget;
        this.scalars = new Scalars(json, budget);
    }

    /** An open container: takes its children one by one. */
    private abstract static class Frame {
        /** Goes on to the next child. Returns whether there is one. */
        abstract boolean next() throws IOException;

        abstract void accept(Node child) throws IOException;

        /** Reads what follows the children. */
        abstract Node finish() throws IOException;
    }

    /** The tree under {@code root}. */
    Node read() throws IOException {
        json.beginObject();
        while (!json.name().equals("root")) {
            json.skip();
        }
        @Nullable Node done = begin();
        while (!stack.isEmpty()) {
            Frame frame = stack.peek();
            if (done != null) {
                frame.accept(done);
                done = null;
            }
            if (frame.next()) {
                done = begin();
                budget.check(Limit.DEPTH, stack.size(), "the metadata");
            } else {
                done = frame.finish();
                stack.pop();
            }
        }
        if (done == null) {
            throw new AssertionError("a tree has a root");
        }
        return done;
    }

    /** Reads a leaf, or opens a container and returns nothing. */
    private @Nullable Node begin() throws IOException {
        budget.spendMemory(NODE_BYTES, 0);
        JsonToken token = json.peek();
        if (token == JsonToken.BEGIN_ARRAY) {
            json.beginArray();
            stack.push(new Items(ListNode.Kind.LIST, false));
            return null;
        }
        if (token != JsonToken.BEGIN_OBJECT) {
            return scalars.plain();
        }
        json.beginObject();
        if (!json.hasNext()) {
            json.endObject();
            return new MapNode(MapNode.Kind.DICT, List.of());
        }
        String name = json.name();
        if (!name.startsWith("$")) {
            stack.push(new Plain(name));
            return null;
        }
        return tagged(name);
    }

    private @Nullable Node tagged(String tag) throws IOException {
        if (tag.equals("$tensor")) {
            String name = json.text();
            json.endObject();
            return tensor(name);
        }
        if (tag.equals("$again")) {
            String name = json.text();
            json.endObject();
            return new TensorNode(tensors.again(name));
        }
        if (tag.equals("$same")) {
            return same();
        }
        if (tag.equals("$state_dict")) {
            stack.push(stateDict());
            return null;
        }
        String word = tag.substring(1);
        for (ListNode.Kind kind : ListNode.Kind.values()) {
            if (kind != ListNode.Kind.LIST && word.equals(kind.name().toLowerCase(Locale.ROOT))) {
                json.beginArray();
                stack.push(new Items(kind, true));
                return null;
            }
        }
        Optional<MapNode.Kind> map = mapKind(word);
        if (map.isPresent()) {
            json.beginArray();
            stack.push(new Pairs(map.get()));
            return null;
        }
        for (CompositeTensor.Kind kind : CompositeTensor.Kind.values()) {
            if (word.equals(kind.text())) {
                String name = json.text();
                json.name("attributes");
                stack.push(new Composite(kind, name));
                return null;
            }
        }
        Node leaf = scalars.tagged(tag);
        json.endObject();
        return leaf;
    }

    /** An object that stands in the tree already. */
    private Node same() throws IOException {
        long number = json.whole();
        json.endObject();
        if (number < 0 || number >= stubs.size() || stubs.get((int) number).isEmpty()) {
            throw json.wrong("an object that is not yet there: " + number);
        }
        return stubs.get((int) number).get();
    }

    private static Optional<MapNode.Kind> mapKind(String word) {
        for (MapNode.Kind kind : MapNode.Kind.values()) {
            if (word.equals(kind.name().toLowerCase(Locale.ROOT))) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private TensorNode tensor(String name) throws IOException {
        TensorNode node = new TensorNode(tensors.take(name));
        names.put(node, name);
        return node;
    }

    /** A text, or one that UTF-8 cannot hold as its UTF-16 units. */
    static String text(StrictJson json) throws IOException {
        if (json.peek() != JsonToken.BEGIN_OBJECT) {
            return json.text();
        }
        json.beginObject();
        json.name("$utf16");
        String text = Scalars.units(json);
        json.endObject();
        return text;
    }

    /** The keys so far of a mapping or the items of a set: none comes twice. */
    private final class Distinct {
        private final Set<Object> seen = new HashSet<>();

        void add(PickleValue key) throws IOException {
            budget.spendMemory(NODE_BYTES, 0);
            if (!seen.add(KeyIdentity.of(key))) {
                throw json.wrong("a key twice in one mapping or set");
            }
        }
    }

    /** {@code [...]}, or the same under a tag. */
    private final class Items extends Frame {
        private final ListNode.Kind kind;
        private final boolean wrapped;
        private final List<Node> items = new ArrayList<>();
        private final Distinct distinct = new Distinct();

        Items(ListNode.Kind kind, boolean wrapped) {
            this.kind = kind;
            this.wrapped = wrapped;
        }

        @Override
        boolean next() throws IOException {
            return json.hasNext();
        }

        @Override
        void accept(Node child) throws IOException {
            boolean set = kind == ListNode.Kind.SET || kind == ListNode.Kind.FROZENSET;
            if (set && child instanceof Leaf leaf) {
                distinct.add(leaf.value());
            }
            items.add(child);
        }

        @Override
        Node finish() throws IOException {
            json.endArray();
            if (wrapped) {
                json.endObject();
            }
            return new ListNode(kind, items);
        }
    }

    /** An object whose names are the keys of a dict, in ascending order. */
    private final class Plain extends Frame {
        private final List<MapNode.Entry> entries = new ArrayList<>();
        private @Nullable String ready;
        private String key;

        Plain(String first) {
            this.ready = first;
            this.key = first;
        }

        @Override
        boolean next() throws IOException {
            if (ready != null) {
                ready = null;
                return true;
            }
            if (!json.hasNext()) {
                return false;
            }
            String name = json.name();
            if (name.compareTo(key) <= 0 || name.startsWith("$")) {
                throw json.wrong("an object whose names are not in order: " + Printable.quote(name));
            }
            key = name;
            return true;
        }

        @Override
        void accept(Node child) throws IOException {
            budget.spendMemory(NODE_BYTES + 2L * key.length(), 0);
            entries.add(MapNode.Entry.of(key, child));
        }

        @Override
        Node finish() throws IOException {
            json.endObject();
            return new MapNode(MapNode.Kind.DICT, entries);
        }
    }

    /** A mapping as a list of pairs, and perhaps its metadata. */
    private final class Pairs extends Frame {
        private final MapNode.Kind kind;
        private final List<MapNode.Entry> entries = new ArrayList<>();
        private final Distinct distinct = new Distinct();
        private Leaf key = Leaf.NONE;
        private boolean inMetadata;
        private final int number;
        private @Nullable Node metadata;

        Pairs(MapNode.Kind kind) {
            this.kind = kind;
            this.number = stubs.size();
            if (kind == MapNode.Kind.STUB) {
                stubs.add(Optional.empty());
            }
        }

        @Override
        boolean next() throws IOException {
            if (inMetadata) {
                return false;
            }
            if (json.hasNext()) {
                json.beginArray();
                key = scalars.key();
                distinct.add(key.value());
                return true;
            }
            json.endArray();
            if (json.hasNext()) {
                json.name("$metadata");
                inMetadata = true;
                return true;
            }
            return false;
        }

        @Override
        void accept(Node child) throws IOException {
            if (inMetadata) {
                metadata = withoutTensors(child);
                return;
            }
            json.endArray();
            entries.add(new MapNode.Entry(key, child));
        }

        @Override
        Node finish() throws IOException {
            json.endObject();
            MapNode map = new MapNode(kind, entries, Optional.ofNullable(metadata));
            if (kind == MapNode.Kind.STUB) {
                stubs.set(number, Optional.of(map));
            }
            return map;
        }
    }

    private Node withoutTensors(Node node) throws IOException {
        if (node.holdsTensors()) {
            throw json.wrong("a tensor where none can be");
        }
        return node;
    }

    /** Many tensors under text keys and nothing else. */
    private Frame stateDict() throws IOException {
        List<String> keys = new ArrayList<>();
        Distinct distinct = new Distinct();
        json.beginArray();
        while (json.hasNext()) {
            String key = text(json);
            budget.spendMemory(NODE_BYTES + 2L * key.length(), 0);
            distinct.add(new Text(key));
            keys.add(key);
        }
        json.endArray();
        json.name("kind");
        String word = json.text();
        MapNode.Kind kind = mapKind(word).orElseThrow(() -> json.wrong("the unknown kind " + Printable.quote(word)));
        json.name("prefix");
        String prefix = text(json);
        List<MapNode.Entry> entries = new ArrayList<>(keys.size());
        for (String key : keys) {
            budget.spendMemory(2L * prefix.length() + NODE_BYTES, 0);
            entries.add(MapNode.Entry.of(key, tensor(prefix + key)));
        }
        return new StateDict(kind, entries);
    }

    private final class StateDict extends Frame {
        private final MapNode.Kind kind;
        private final List<MapNode.Entry> entries;
        private @Nullable Node metadata;

        StateDict(MapNode.Kind kind, List<MapNode.Entry> entries) {
            this.kind = kind;
            this.entries = entries;
        }

        @Override
        boolean next() throws IOException {
            if (metadata != null || !json.hasNext()) {
                return false;
            }
            json.name("metadata");
            return true;
        }

        @Override
        void accept(Node child) throws IOException {
            metadata = withoutTensors(child);
        }

        @Override
        Node finish() throws IOException {
            json.endObject();
            return new MapNode(kind, entries, Optional.ofNullable(metadata));
        }
    }

    /** A tensor of several components. */
    private final class Composite extends Frame {
        private final CompositeTensor.Kind kind;
        private final String name;
        private @Nullable Node attributes;

        Composite(CompositeTensor.Kind kind, String name) {
            this.kind = kind;
            this.name = name;
        }

        @Override
        boolean next() {
            return attributes == null;
        }

        @Override
        void accept(Node child) throws IOException {
            attributes = withoutTensors(child);
        }

        @Override
        Node finish() throws IOException {
            if (!(attributes instanceof MapNode map)) {
                throw json.wrong("attributes of a tensor that are no mapping");
            }
            List<CompositeTensor.Part> parts = new ArrayList<>();
            json.name("parts");
            json.beginArray();
            while (json.hasNext()) {
                String suffix = json.text();
                budget.spendMemory(2L * (name.length() + suffix.length()) + NODE_BYTES, 0);
                String full = suffix.isEmpty() ? name : name + "." + suffix;
                parts.add(new CompositeTensor.Part(suffix, new TensorNode(tensors.take(full))));
            }
            json.endArray();
            json.endObject();
            CompositeTensor composite = new CompositeTensor(kind, parts, map);
            Composites.check(composite, "tensor " + Printable.quote(name), budget);
            names.put(composite, name);
            return composite;
        }
    }

    /** Whether a value can be the key of a mapping. */
    static boolean isKey(PickleValue value) {
        return !(value instanceof Bytes bytes && bytes.kind() == BytesKind.BYTEARRAY);
    }

    /** Checks the text of a constant. */
    static Node constant(StrictJson json, TorchConstant.Kind kind) throws IOException {
        String text = json.text();
        if (!TorchConstant.isValid(kind, text)) {
            throw json.wrong("the unknown constant " + Printable.quote(text));
        }
        return new TorchConstant(kind, text);
    }
}
