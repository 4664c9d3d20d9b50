package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.ptsanitize.converter.sanitize.AllowedNode;
import org.ptsanitize.converter.sanitize.ComplexNumber;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
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
import org.ptsanitize.formats.pickle.PickleWriter;

/**
 * Writes a tree in {@link PtForm} as the {@code data.pkl} of an archive: protocol 2, each value in the oldest spelling
 * that {@code weights_only} accepts. Tracks the oldest PyTorch that reads all of it.
 */
final class PtPickle {
    private static final int BATCH = 1000;

    /**
     * Characters or bytes from which a value is written once and fetched from the memo where it stands again: a small
     * file can hold a large value in a million places.
     */
    private static final int LARGE_LEAF = 64;

    private final PickleWriter out;
    private final PtStorages storages;
    private final Map<Node, Boolean> shared;
    private final boolean keepParameters;
    private final Map<Node, Integer> memo = new IdentityHashMap<>();
    private final Map<String, Integer> textMemo = new HashMap<>();
    private final Map<PickleValue, Integer> largeLeaves = new IdentityHashMap<>();
    private final Deque<Frame> stack = new ArrayDeque<>();
    private TorchVersion needs = TorchVersion.V1_13;
    private int nextMemo;

    /** @param shared the nodes that several parents hold, from {@link #sharedNodes} */
    PtPickle(PickleWriter out, PtStorages storages, Map<Node, Boolean> shared, boolean keepParameters) {
        this.out = out;
        this.storages = storages;
        this.shared = shared;
        this.keepParameters = keepParameters;
    }

    /** The nodes that are reached more than once; written once, then fetched from the memo. */
    static Map<Node, Boolean> sharedNodes(Node root) {
        Map<Node, Boolean> seen = new IdentityHashMap<>();
        Deque<Node> stack = new ArrayDeque<>();
        stack.push(root);
        while (!stack.isEmpty()) {
            Node node = stack.pop();
            if (node instanceof Leaf) {
                continue;
            }
            if (seen.containsKey(node)) {
                seen.put(node, true);
                continue;
            }
            seen.put(node, false);
            PtTree.children(node).forEach(stack::push);
        }
        seen.values().removeIf(twice -> !twice);
        return seen;
    }

    /** An open container and where its writing stands. */
    private static final class Frame {
        private final Node node;
        private int next;

        Frame(Node node) {
            this.node = node;
        }
    }

    /** Writes the whole pickle. Returns the oldest PyTorch whose {@code weights_only} reads it. */
    TorchVersion write(Node root) throws IOException {
        out.proto();
        begin(root);
        while (!stack.isEmpty()) {
            Frame frame = stack.peek();
            if (frame.node instanceof ListNode list) {
                nextItem(frame, list);
            } else if (frame.node instanceof MapNode map) {
                nextEntry(frame, map);
            } else {
                nextPart(frame, (AllowedNode) frame.node);
            }
        }
        out.stop();
        return needs;
    }

    /** Notes that something written needs at least this PyTorch. */
    void need(TorchVersion version) {
        needs = needs.and(version);
    }

    private void begin(Node node) throws IOException {
        if (fetch(memo, node)) {
            return;
        }
        if (node instanceof Leaf leaf) {
            leaf(leaf.value());
        } else if (node instanceof TensorNode tensor) {
            tensor(tensor);
            remember(node);
        } else if (node instanceof CompositeTensor composite) {
            PtTensors.write(this, composite);
            remember(node);
        } else if (node instanceof TorchConstant constant) {
            constant(constant);
        } else if (node instanceof ComplexNumber number) {
            need(TorchVersion.V2_6);
            global("builtins", "complex");
            out.real(number.real());
            out.real(number.imaginary());
            out.tuple2();
            out.reduce();
        } else if (node instanceof ListNode list) {
            beginList(list);
        } else if (node instanceof MapNode map) {
            beginMap(map);
        } else if (node instanceof AllowedNode allowed) {
            beginAllowed(allowed);
        } else {
            throw new AssertionError(node.getClass());
        }
    }

    private void remember(Node node) throws IOException {
        if (shared.containsKey(node)) {
            store(memo, node);
        }
    }

    private void beginList(ListNode list) throws IOException {
        switch (list.kind()) {
            case LIST -> {
                out.emptyList();
                remember(list);
            }
            case TUPLE, SIZE -> {
                if (list.kind() == ListNode.Kind.SIZE) {
                    global("torch", "Size");
                }
                if (list.items().size() > 3) {
                    out.mark();
                }
            }
            case SET -> {
                need(TorchVersion.V2_6);
                global("builtins", "set");
                out.emptyList();
            }
            case FROZENSET, DEQUE -> throw new AssertionError(list.kind());
        }
        stack.push(new Frame(list));
    }

    private void nextItem(Frame frame, ListNode list) throws IOException {
        int size = list.items().size();
        boolean appended = list.kind() == ListNode.Kind.LIST || list.kind() == ListNode.Kind.SET;
        if (appended) {
            endBatch(frame.next, size, true);
        }
        if (frame.next == size) {
            stack.pop();
            endList(list, size);
            return;
        }
        if (appended && frame.next % BATCH == 0 && size - frame.next > 1) {
            out.mark();
        }
        begin(list.items().get(frame.next++));
    }

    private void endList(ListNode list, int size) throws IOException {
        switch (list.kind()) {
            case LIST -> {}
            case SET -> {
                out.tuple1();
                out.reduce();
                remember(list);
            }
            case TUPLE, SIZE -> {
                endTuple(size);
                if (list.kind() == ListNode.Kind.SIZE) {
                    out.tuple1();
                    out.reduce();
                }
                remember(list);
            }
            case FROZENSET, DEQUE -> throw new AssertionError(list.kind());
        }
    }

    private void endTuple(int size) throws IOException {
        switch (size) {
            case 0 -> out.emptyTuple();
            case 1 -> out.tuple1();
            case 2 -> out.tuple2();
            case 3 -> out.tuple3();
            default -> out.tuple();
        }
    }

    /** Closes a batch of items or entries once its last one is written. */
    private void endBatch(int done, int size, boolean list) throws IOException {
        if (done == 0 || done % BATCH != 0 && done != size) {
            return;
        }
        boolean single = done == size && size % BATCH == 1;
        if (list) {
            if (single) {
                out.append();
            } else {
                out.appends();
            }
        } else if (single) {
            out.setItem();
        } else {
            out.setItems();
        }
    }

    private void beginMap(MapNode map) throws IOException {
        switch (map.kind()) {
            case DICT -> {
                out.emptyDict();
                remember(map);
            }
            case ORDERED_DICT -> {
                global("collections", "OrderedDict");
                out.emptyTuple();
                out.reduce();
                remember(map);
            }
            case COUNTER -> {
                need(TorchVersion.V2_4);
                global("collections", "Counter");
                out.emptyDict();
            }
            case DEFAULT_DICT, MODULE, STUB -> throw new AssertionError(map.kind());
        }
        stack.push(new Frame(map));
    }

    private void nextEntry(Frame frame, MapNode map) throws IOException {
        int size = map.entries().size();
        if (frame.next <= size) {
            endBatch(frame.next, size, false);
        }
        if (frame.next == size) {
            endEntries(frame, map);
            return;
        }
        if (frame.next > size) {
            // The metadata is written: it is the only attribute of the ordered dict.
            out.setItem();
            out.build();
            stack.pop();
            return;
        }
        if (frame.next % BATCH == 0 && size - frame.next > 1) {
            out.mark();
        }
        MapNode.Entry entry = map.entries().get(frame.next++);
        leaf(entry.key().value());
        begin(entry.value());
    }

    private void endEntries(Frame frame, MapNode map) throws IOException {
        if (map.kind() == MapNode.Kind.COUNTER) {
            out.tuple1();
            out.reduce();
            remember(map);
        }
        if (map.metadata().isEmpty()) {
            stack.pop();
            return;
        }
        frame.next++;
        out.emptyDict();
        text("_metadata");
        begin(map.metadata().get());
    }

    private void beginAllowed(AllowedNode allowed) throws IOException {
        need(TorchVersion.V2_6);
        out.global(allowed.global().module(), allowed.global().name());
        if (allowed.isReference()) {
            remember(allowed);
            return;
        }
        out.mark();
        stack.push(new Frame(allowed));
    }

    /** The parts of an allowed object in their roles: arguments, then what the object gets once it is made. */
    private void nextPart(Frame frame, AllowedNode allowed) throws IOException {
        int arguments = allowed.arguments().size();
        int states = arguments + allowed.states().size();
        int items = states + allowed.items().size();
        int entries = items + 2 * allowed.entries().size();
        int at = frame.next;
        if (at > arguments && at <= states) {
            out.build();
        } else if (at > states && at <= items) {
            out.append();
        } else if (at > items && (at - items) % 2 == 0) {
            out.setItem();
        }
        if (at == arguments) {
            out.tuple();
            if (allowed.kind().makesInstance()) {
                out.newObject();
            } else {
                out.reduce();
            }
            remember(allowed);
        }
        if (at == entries) {
            stack.pop();
            return;
        }
        frame.next++;
        begin(part(allowed, at, arguments, states, items));
    }

    private static Node part(AllowedNode allowed, int at, int arguments, int states, int items) {
        if (at < arguments) {
            return allowed.arguments().get(at);
        }
        if (at < states) {
            return allowed.states().get(at - arguments);
        }
        if (at < items) {
            return allowed.items().get(at - states);
        }
        AllowedNode.Pair pair = allowed.entries().get((at - items) / 2);
        return (at - items) % 2 == 0 ? pair.key() : pair.value();
    }

    private void leaf(PickleValue value) throws IOException {
        if (!isLarge(value)) {
            plain(value);
        } else if (!fetch(largeLeaves, value)) {
            plain(value);
            store(largeLeaves, value);
        }
    }

    private static boolean isLarge(PickleValue value) {
        return value instanceof Text text && text.value().length() >= LARGE_LEAF
                || value instanceof Bytes bytes && bytes.length() >= LARGE_LEAF
                || value instanceof BigInt number && number.value().bitLength() >= LARGE_LEAF * Byte.SIZE;
    }

    private void plain(PickleValue value) throws IOException {
        if (value instanceof None) {
            out.none();
        } else if (value instanceof Bool bool) {
            out.bool(bool.value());
        } else if (value instanceof Int number) {
            out.integer(number.value());
        } else if (value instanceof BigInt number) {
            out.integer(number.value());
        } else if (value instanceof Real number) {
            need(TorchVersion.V2_2);
            out.real(number.value());
        } else if (value instanceof Text text) {
            out.text(text.value());
        } else if (value instanceof Bytes bytes) {
            bytes(bytes);
        } else {
            throw new AssertionError(value.getClass());
        }
    }

    /** Protocol 2 has no bytes: they are a text that {@code _codecs.encode} turns back. */
    private void bytes(Bytes bytes) throws IOException {
        need(TorchVersion.V2_5);
        boolean array = bytes.kind() == BytesKind.BYTEARRAY;
        if (array) {
            global("builtins", "bytearray");
        }
        ByteBuffer raw = bytes.range().read();
        global("_codecs", "encode");
        out.text(StandardCharsets.ISO_8859_1.decode(raw).toString());
        text("latin1");
        out.tuple2();
        out.reduce();
        if (array) {
            out.tuple1();
            out.reduce();
        }
    }

    private void constant(TorchConstant constant) throws IOException {
        switch (constant.kind()) {
            case DTYPE -> {
                need(dtypeVersion(constant.text()));
                global("torch", constant.text());
            }
            case DEVICE -> {
                need(TorchVersion.V2_4);
                global("torch", "device");
                int colon = constant.text().indexOf(':');
                if (colon < 0) {
                    text(constant.text());
                    out.tuple1();
                } else {
                    text(constant.text().substring(0, colon));
                    out.integer(Integer.parseInt(constant.text().substring(colon + 1)));
                    out.tuple2();
                }
                out.reduce();
            }
            case LAYOUT -> layout(constant.text());
        }
    }

    private static TorchVersion dtypeVersion(String name) {
        return switch (name) {
            case "float16",
                    "float32",
                    "float64",
                    "int8",
                    "int16",
                    "int32",
                    "int64",
                    "complex32",
                    "complex64",
                    "complex128" -> TorchVersion.V1_13;
            case "float8_e5m2", "float8_e4m3fn" -> TorchVersion.V2_2;
            case "float8_e8m0fnu", "float4_e2m1fn_x2" -> TorchVersion.V2_8;
            default -> TorchVersion.V2_4;
        };
    }

    private void layout(String name) throws IOException {
        global("torch.serialization", "_get_layout");
        text(name);
        out.tuple1();
        out.reduce();
    }

    private void tensor(TensorNode tensor) throws IOException {
        if (keepParameters && tensor.isParameter()) {
            global("torch._utils", "_rebuild_parameter");
            PtTensors.write(this, tensor.view());
            out.bool(true);
            emptyHooks();
            out.tuple3();
            out.reduce();
        } else {
            PtTensors.write(this, tensor.view());
        }
    }

    void emptyHooks() throws IOException {
        global("collections", "OrderedDict");
        out.emptyTuple();
        out.reduce();
    }

    /** Emits a global, from the memo after the first time. */
    void global(String module, String name) throws IOException {
        String key = module + " " + name;
        if (!fetch(textMemo, key)) {
            out.global(module, name);
            store(textMemo, key);
        }
    }

    /** Emits a text that recurs, from the memo after the first time. */
    void text(String text) throws IOException {
        String key = "\"" + text;
        if (!fetch(textMemo, key)) {
            out.text(text);
            store(textMemo, key);
        }
    }

    /** Emits what a memo has, if it has it. */
    private <K> boolean fetch(Map<K, Integer> known, K key) throws IOException {
        Integer index = known.get(key);
        if (index == null) {
            return false;
        }
        out.get(index);
        return true;
    }

    /** Memoises what has just been emitted. */
    private <K> void store(Map<K, Integer> known, K key) throws IOException {
        known.put(key, nextMemo);
        out.put(nextMemo++);
    }

    PickleWriter out() {
        return out;
    }

    PtStorages storages() {
        return storages;
    }

    /** Tuples of integers: sizes and strides. */
    void integers(long... values) throws IOException {
        if (values.length > 3) {
            out.mark();
        }
        for (long value : values) {
            out.integer(value);
        }
        endTuple(values.length);
    }
}
