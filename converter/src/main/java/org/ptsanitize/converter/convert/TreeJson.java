package org.ptsanitize.converter.convert;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

/**
 * A checkpoint tree as JSON. What JSON has no form for is an object with one key that begins with {@code $}; a mapping
 * whose keys are text in sorted order is a plain object, any other a list of pairs, so that order and types survive.
 */
final class TreeJson {
    private static final long EXACT = 1L << 53;
    private static final long LARGEST_BYTES = 64L << 20;

    private final JsonWriter json;
    private final Map<String, String> names;
    private final Map<Node, BitSet> omitted;
    private final Deque<Frame> stack = new ArrayDeque<>();

    /**
     * @param names the output name of each tensor's path
     * @param omitted the children of containers that are not in the output
     */
    TreeJson(JsonWriter json, Map<String, String> names, Map<Node, BitSet> omitted) {
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
        private int next;

        Frame(Node node, @Nullable String path, boolean pairs, boolean wrapped) {
            this.node = node;
            this.path = path;
            this.pairs = pairs;
            this.wrapped = wrapped;
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
            begin(list.items().get(index), Names.below(frame.path, Integer.toString(index)));
        }
    }

    private void nextEntry(Frame frame, MapNode map) throws IOException {
        if (frame.next > 0 && frame.pairs && !wasSkipped(frame, map)) {
            json.endArray();
        }
        while (frame.next < map.entries().size() && isSkipped(map, frame.next)) {
            frame.next++;
        }
        if (frame.next == map.entries().size()) {
            endMap(frame, map);
            return;
        }
        MapNode.Entry entry = map.entries().get(frame.next);
        frame.next++;
        String path = Names.below(frame.path, Names.component(entry.key()));
        if (frame.pairs) {
            json.beginArray();
            leaf(entry.key().value());
        } else {
            json.name(((Text) entry.key().value()).value());
        }
        begin(entry.value(), path);
    }

    /** Whether the entry before the frame's position was left out, so that no pair is open. */
    private boolean wasSkipped(Frame frame, MapNode map) {
        return isSkipped(map, frame.next - 1);
    }

    private boolean isSkipped(MapNode map, int index) {
        return isOmitted(map, index) || map.entries().get(index).value() instanceof Absent;
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
            new TreeJson(json, Map.of(), Map.of()).write(map.metadata().get());
        }
        if (frame.wrapped || !frame.pairs) {
            json.endObject();
        }
    }

    /** Writes a leaf, or the beginning of a container whose children follow. */
    private void begin(Node node, @Nullable String path) throws IOException {
        if (node instanceof Leaf leaf) {
            leaf(leaf.value());
        } else if (node instanceof TensorNode) {
            tensor(path);
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

    private void tensor(@Nullable String path) throws IOException {
        String name = names.get(path == null ? "" : path);
        if (name == null) {
            json.nullValue();
        } else {
            tagged("$tensor", name);
        }
    }

    private void composite(CompositeTensor composite, @Nullable String path) throws IOException {
        String name = names.get(path == null ? "" : path);
        if (name == null) {
            json.nullValue();
            return;
        }
        json.beginObject();
        json.name("$" + composite.kind().text());
        text(json, name);
        json.name("attributes");
        new TreeJson(json, Map.of(), Map.of()).write(composite.attributes());
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
        stack.push(new Frame(list, path, false, wrapped));
    }

    private void beginMap(MapNode map, @Nullable String path) throws IOException {
        String prefix = stateDictPrefix(map, path);
        if (prefix != null) {
            stateDict(map, prefix);
            return;
        }
        if (map.kind() == MapNode.Kind.DICT && isPlainObject(map)) {
            json.beginObject();
            stack.push(new Frame(map, path, false, false));
            return;
        }
        json.beginObject().name("$" + map.kind().name().toLowerCase(java.util.Locale.ROOT));
        json.beginArray();
        stack.push(new Frame(map, path, true, true));
    }

    /** Text keys in sorted order, none of which looks like a tag. */
    private static boolean isPlainObject(MapNode map) {
        String before = "";
        for (MapNode.Entry entry : map.entries()) {
            if (!(entry.key().value() instanceof Text text)
                    || text.value().startsWith("$")
                    || text.value().compareTo(before) < 0
                    || SafetensorsPlan.hasLoneSurrogate(text.value())) {
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
            String name = names.get(Names.below(path, text.value()));
            if (name == null || !name.endsWith(text.value())) {
                return null;
            }
            String own = name.substring(0, name.length() - text.value().length());
            if (prefix != null && !own.equals(prefix)) {
                return null;
            }
            prefix = own;
        }
        return prefix;
    }

    private void stateDict(MapNode map, String prefix) throws IOException {
        json.beginObject();
        json.name("$state_dict").beginArray();
        for (MapNode.Entry entry : map.entries()) {
            text(json, ((Text) entry.key().value()).value());
        }
        json.endArray();
        json.name("kind").value(map.kind().name().toLowerCase(java.util.Locale.ROOT));
        json.name("prefix");
        text(json, prefix);
        if (map.metadata().isPresent()) {
            json.name("metadata");
            new TreeJson(json, Map.of(), Map.of()).write(map.metadata().get());
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
            tagged("$int", number.value().toString());
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
            throw new SafetensorsMetadata.MetadataTooLarge(LARGEST_BYTES);
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
        if (!SafetensorsPlan.hasLoneSurrogate(text)) {
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
        return SafetensorsPlan.hasLoneSurrogate(text) ? org.ptsanitize.converter.report.Escaped.text(text) : text;
    }
}
