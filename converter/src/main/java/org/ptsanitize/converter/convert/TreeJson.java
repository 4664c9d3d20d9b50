package org.ptsanitize.converter.convert;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.sanitize.Absent;
import org.ptsanitize.converter.sanitize.AllowedNode;
import org.ptsanitize.converter.sanitize.ComplexNumber;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Names;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.PythonFloat;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.converter.sanitize.TorchConstant;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.safetensors.Utf8;

/**
 * A checkpoint tree as JSON. What JSON has no form for is an object whose first name begins with {@code $}; a dict whose
 * keys are texts in ascending order, none of which begins with {@code $}, is a plain object, any other mapping a list of
 * pairs, so that order and types survive. There is one spelling for each value:
 *
 * <ul>
 *   <li>{@code null}, {@code true}, a text, a list: themselves; so are integers below 2^53, and floats with a point or an
 *       exponent, as Python prints them
 *   <li>{@code {"$int": "9007199254740992"}}, {@code {"$float": "nan"}} ({@code inf}, {@code -inf}),
 *       {@code {"$complex": ["1.0", "-0.0"]}}, {@code {"$bytes": base64}}, {@code {"$bytearray": base64}}
 *   <li>{@code {"$utf16": [55296]}}: a text with unpaired surrogates, as its UTF-16 units
 *   <li>{@code {"$dtype": "float32"}}, {@code {"$device": "cuda:0"}}, {@code {"$layout": "torch.strided"}}
 *   <li>{@code {"$tuple": [...]}}, {@code $set}, {@code $frozenset}, {@code $deque}, {@code $size}
 *   <li>{@code {"$dict": [[key, value], ...]}}, {@code $ordered_dict} (perhaps with {@code "$metadata"} after it),
 *       {@code $counter}, {@code $default_dict}, {@code $module}, {@code $stub} (its first key is {@code __class__})
 *   <li>{@code {"$tensor": name}}: the tensor of that name in the file, each once
 *   <li>{@code {"$again": name}}: the same tensor once more, on an object; it has no name by this path
 *   <li>{@code {"$same": 0}}: the object that the {@code $stub} of that number is, counted from 0 as they begin
 *   <li>{@code {"$state_dict": [key, ...], "kind": "ordered_dict", "prefix": "model."}}, perhaps with {@code "metadata"}:
 *       a mapping of two tensors or more and nothing else; prefix and key make the name
 *   <li>{@code {"$quantized": name, "attributes": {...}, "parts": ["", "scale", "zero_point"]}}, likewise
 *       {@code $sparse_coo}, {@code $sparse_csr}, {@code $sparse_csc}, {@code $sparse_bsr}, {@code $sparse_bsc},
 *       {@code $nested}, {@code $jagged}: each part is the tensor of the name, a dot and the suffix
 * </ul>
 */
final class TreeJson {
    private static final long EXACT = 1L << 53;
    private static final long LARGEST_BYTES = 64L << 20;

    private final JsonWriter json;
    private final WrittenNames names;
    private final Map<Node, BitSet> omitted;
    private final Deque<Frame> stack = new ArrayDeque<>();
    private final Map<Node, Integer> stubs = new IdentityHashMap<>();

    /** Long integers in decimal, each made once: a file may hold one in many places. */
    private final Map<PickleValue, String> longIntegers = new IdentityHashMap<>();

    /**
     * @param names the output name of each tensor
     * @param omitted the children of containers that are not in the output
     */
    TreeJson(JsonWriter json, WrittenNames names, Map<Node, BitSet> omitted) {
        this.json = json;
        this.names = names;
        this.omitted = omitted;
    }

    /** An open container and where its writing stands. */
    private static final class Frame {
        private final Node node;
        private final @Nullable String path;
        private final boolean pairs;
        private final boolean wrapped;
        private final boolean inObject;
        private boolean pairOpen;
        private int next;

        Frame(Node node, @Nullable String path, boolean pairs, boolean wrapped, boolean inObject) {
            this.node = node;
            this.path = path;
            this.pairs = pairs;
            this.wrapped = wrapped;
            this.inObject = inObject;
        }
    }

    void write(Node root) throws IOException {
        begin(root, null);
        while (!stack.isEmpty()) {
            Frame frame = stack.peek();
            if (frame.node instanceof MapNode map) {
                nextEntry(frame, map);
            } else {
                nextItem(frame, (ListNode) frame.node);
            }
        }
    }

    /** The path of a child; that of the root is null, because one key may be the empty text. */
    private static String join(@Nullable String path, String component) {
        return path == null ? component : path + "." + component;
    }

    private void nextItem(Frame frame, ListNode list) throws IOException {
        if (frame.next == list.items().size()) {
            json.endArray();
            if (frame.wrapped) {
                json.endObject();
            }
            stack.pop();
            return;
        }
        int index = frame.next++;
        if (isOmitted(frame.node, index)) {
            json.nullValue();
        } else {
            begin(list.items().get(index), join(frame.path, Integer.toString(index)));
        }
    }

    private void nextEntry(Frame frame, MapNode map) throws IOException {
        if (frame.pairOpen) {
            json.endArray();
            frame.pairOpen = false;
        }
        while (frame.next < map.entries().size()) {
            int index = frame.next++;
            MapNode.Entry entry = map.entries().get(index);
            String path = join(frame.path, Names.component(entry.key()));
            if (isOmitted(map, index) || isAbsent(entry.value(), path)) {
                continue;
            }
            if (frame.pairs) {
                json.beginArray();
                frame.pairOpen = true;
                leaf(entry.key().value());
            } else {
                json.name(((Text) entry.key().value()).value());
            }
            begin(entry.value(), path);
            return;
        }
        endMap(frame, map);
    }

    /** Whether there is nothing to write for a value: it was dropped, or is a tensor that is not in the file. */
    private boolean isAbsent(Node node, String path) {
        if (node instanceof TensorNode || node instanceof CompositeTensor) {
            boolean again = inObject() && (names.elsewhere(node) != null || names.hides(node));
            return !again && !names.holds(node, path);
        }
        return node instanceof Absent;
    }

    /** Whether the open containers include an object. */
    private boolean inObject() {
        return !stack.isEmpty() && stack.element().inObject;
    }

    private boolean isOmitted(Node container, int index) {
        BitSet left = omitted.get(container);
        return left != null && left.get(index);
    }

    private void endMap(Frame frame, MapNode map) throws IOException {
        if (frame.pairs) {
            json.endArray();
        }
        stack.pop();
        if (frame.wrapped && map.metadata().isPresent()) {
            json.name("$metadata");
            new TreeJson(json, WrittenNames.NONE, Map.of()).write(map.metadata().get());
        }
        if (frame.wrapped || !frame.pairs) {
            json.endObject();
        }
    }

    /** Writes a leaf, or the beginning of a container whose children follow. */
    private void begin(Node node, @Nullable String path) throws IOException {
        if (node instanceof Leaf leaf) {
            leaf(leaf.value());
        } else if (node instanceof TensorNode tensor) {
            tensor(tensor, path);
        } else if (node instanceof CompositeTensor composite) {
            composite(composite, path);
        } else if (node instanceof ListNode list) {
            beginList(list, path);
        } else if (node instanceof MapNode map) {
            beginMap(map, path);
        } else if (node instanceof AllowedNode allowed) {
            beginMap(allowed.stub(), path);
        } else if (node instanceof TorchConstant constant) {
            tagged("$" + constant.kind().name().toLowerCase(java.util.Locale.ROOT), constant.text());
        } else if (node instanceof ComplexNumber number) {
            json.beginObject().name("$complex").beginArray();
            json.value(PythonFloat.repr(number.real())).value(PythonFloat.repr(number.imaginary()));
            json.endArray().endObject();
        } else if (node instanceof Absent) {
            json.nullValue();
        } else {
            throw new AssertionError(node.getClass());
        }
    }

    /** The name that a tensor is written under here, if this is its place. */
    private @Nullable String take(Node node, @Nullable String path) {
        String name = names.take(node, path == null ? "" : path);
        return name == null && inObject() ? names.takeHidden(node) : name;
    }

    private void tensor(TensorNode node, @Nullable String path) throws IOException {
        String name = take(node, path);
        String elsewhere = inObject() ? names.elsewhere(node) : null;
        if (name != null) {
            tagged("$tensor", name);
        } else if (elsewhere != null) {
            tagged("$again", elsewhere);
        } else {
            json.nullValue();
        }
    }

    private void composite(CompositeTensor composite, @Nullable String path) throws IOException {
        String name = take(composite, path);
        if (name == null) {
            json.nullValue();
            return;
        }
        json.beginObject();
        json.name("$" + composite.kind().text());
        text(json, name);
        json.name("attributes");
        new TreeJson(json, WrittenNames.NONE, Map.of()).write(composite.attributes());
        json.name("parts").beginArray();
        for (CompositeTensor.Part part : composite.parts()) {
            json.value(part.suffix());
        }
        json.endArray();
        json.endObject();
    }

    private void beginList(ListNode list, @Nullable String path) throws IOException {
        boolean wrapped = list.kind() != ListNode.Kind.LIST;
        if (wrapped) {
            json.beginObject().name("$" + list.kind().name().toLowerCase(java.util.Locale.ROOT));
        }
        json.beginArray();
        stack.push(new Frame(list, path, false, wrapped, inObject()));
    }

    private void beginMap(MapNode map, @Nullable String path) throws IOException {
        boolean object = map.kind() == MapNode.Kind.STUB;
        if (object) {
            Integer before = stubs.putIfAbsent(map, stubs.size());
            if (before != null) {
                json.beginObject().name("$same").value(before).endObject();
                return;
            }
        }
        String prefix = stateDictPrefix(map, path);
        if (prefix != null) {
            stateDict(map, path, prefix);
            return;
        }
        if (map.kind() == MapNode.Kind.DICT && isPlainObject(map)) {
            json.beginObject();
            stack.push(new Frame(map, path, false, false, inObject()));
            return;
        }
        json.beginObject().name("$" + map.kind().name().toLowerCase(java.util.Locale.ROOT));
        json.beginArray();
        stack.push(new Frame(map, path, true, true, object || inObject()));
    }

    /** Text keys in sorted order, none of which looks like a tag. */
    private static boolean isPlainObject(MapNode map) {
        String before = "";
        for (MapNode.Entry entry : map.entries()) {
            if (!(entry.key().value() instanceof Text text)
                    || text.value().startsWith("$")
                    || text.value().compareTo(before) < 0
                    || !Utf8.isEncodable(text.value())) {
                return false;
            }
            before = text.value();
        }
        return true;
    }

    /** What stands before each key in the tensors' names, if a mapping holds many tensors and nothing else; or null. */
    private @Nullable String stateDictPrefix(MapNode map, @Nullable String path) {
        if (map.entries().size() < 2 || map.kind() == MapNode.Kind.STUB || omitted.containsKey(map)) {
            return null;
        }
        String prefix = null;
        for (MapNode.Entry entry : map.entries()) {
            if (!(entry.value() instanceof TensorNode) || !(entry.key().value() instanceof Text text)) {
                return null;
            }
            String name = names.only(entry.value(), join(path, text.value()));
            if (name == null || !name.endsWith(text.value())) {
                return null;
            }
            int length = name.length() - text.value().length();
            if (prefix == null) {
                prefix = name.substring(0, length);
            } else if (length != prefix.length() || !name.startsWith(prefix)) {
                return null;
            }
        }
        return prefix;
    }

    private void stateDict(MapNode map, @Nullable String path, String prefix) throws IOException {
        json.beginObject();
        json.name("$state_dict").beginArray();
        for (MapNode.Entry entry : map.entries()) {
            String key = ((Text) entry.key().value()).value();
            names.take(entry.value(), join(path, key));
            text(json, key);
        }
        json.endArray();
        json.name("kind").value(map.kind().name().toLowerCase(java.util.Locale.ROOT));
        json.name("prefix");
        text(json, prefix);
        if (map.metadata().isPresent()) {
            json.name("metadata");
            new TreeJson(json, WrittenNames.NONE, Map.of()).write(map.metadata().get());
        }
        json.endObject();
    }

    private void leaf(PickleValue value) throws IOException {
        if (value instanceof None) {
            json.nullValue();
        } else if (value instanceof Bool bool) {
            json.value(bool.value());
        } else if (value instanceof Int number) {
            if (Math.abs(number.value()) < EXACT && number.value() != Long.MIN_VALUE) {
                json.value(number.value());
            } else {
                tagged("$int", Long.toString(number.value()));
            }
        } else if (value instanceof BigInt number) {
            tagged("$int", longIntegers.computeIfAbsent(number, same -> number.value()
                    .toString()));
        } else if (value instanceof Real number) {
            if (Double.isFinite(number.value())) {
                json.jsonValue(PythonFloat.repr(number.value()));
            } else {
                tagged("$float", PythonFloat.repr(number.value()));
            }
        } else if (value instanceof Text text) {
            text(json, text.value());
        } else if (value instanceof Bytes bytes) {
            tagged(bytes.kind() == BytesKind.BYTEARRAY ? "$bytearray" : "$bytes", base64(bytes));
        } else {
            throw new AssertionError(value.getClass());
        }
    }

    private static String base64(Bytes bytes) throws IOException {
        if (bytes.length() > LARGEST_BYTES) {
            throw SafetensorsMetadata.tooLarge(LARGEST_BYTES);
        }
        ByteBuffer raw = bytes.range().read();
        byte[] copy = new byte[raw.remaining()];
        raw.get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }

    private void tagged(String tag, String text) throws IOException {
        json.beginObject().name(tag);
        text(json, text);
        json.endObject();
    }

    /** A text; one with unpaired surrogates, which UTF-8 cannot hold, as its UTF-16 units. */
    static void text(JsonWriter json, String text) throws IOException {
        if (Utf8.isEncodable(text)) {
            json.value(text);
            return;
        }
        json.beginObject().name("$utf16").beginArray();
        for (int i = 0; i < text.length(); i++) {
            json.value((long) text.charAt(i));
        }
        json.endArray().endObject();
    }

    /** A text that UTF-8 can hold: unpaired surrogates are escaped. */
    static String wellFormed(String text) {
        return Utf8.isEncodable(text) ? text : Escaped.text(text);
    }
}
