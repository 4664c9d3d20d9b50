package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.ByteRange;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/** numpy arrays and scalars: numbers become tensors and primitives, everything else plain data. */
final class NumpyArrays {
    private final Context context;
    private final Reviver reviver;

    NumpyArrays(Context context, Reviver reviver) {
        this.context = context;
        this.reviver = reviver;
    }

    /** The bytes of an array as the pickle tells them. */
    private record Contents(long[] sizes, NumpyType type, boolean fortran, PickleValue raw, long[] inner) {
        Contents(long[] sizes, NumpyType type, boolean fortran, PickleValue raw) {
            this(sizes, type, fortran, raw, new long[0]);
        }

        /** The same for a field that is an array in every record. */
        Contents withInner(List<Long> shape) {
            return new Contents(
                    sizes,
                    type,
                    fortran,
                    raw,
                    shape.stream().mapToLong(Long::longValue).toArray());
        }

        long innerItems() {
            long items = 1;
            for (long dimension : inner) {
                items *= dimension;
            }
            return items;
        }
    }

    /** {@code _reconstruct(ndarray, (0,), b'b')} and its state, or {@code _frombuffer(buffer, dtype, shape, order)}. */
    Revival array(Invocation call) throws IOException {
        call.requireNoItems();
        Contents contents = call.global().name().equals("_frombuffer") ? fromBuffer(call) : fromState(call);
        return contents == null ? reviver.fallBack(call) : revive(call, contents);
    }

    /** A joblib array: the wrapper's attributes are its first state, its bytes or the value of its pickle the second. */
    Revival joblib(Invocation call) throws IOException {
        call.requireNoItems();
        List<PickleValue> states = call.call().states();
        Entries attributes = states.size() == 2 ? ObjectState.mapping(states.get(0)) : null;
        if (attributes == null) {
            return reviver.fallBack(call);
        }
        if (!(states.get(1) instanceof Bytes raw)) {
            return Revival.same(states.get(1));
        }
        PickleValue shape = attributes.get("shape");
        PickleValue dtype = attributes.get("dtype");
        PickleValue order = attributes.get("order");
        NumpyType type = dtype == null ? null : NumpyType.parse(dtype);
        if (shape == null || type == null) {
            return reviver.fallBack(call);
        }
        boolean fortran = order != null && PythonText.of(order).orElse("C").equals("F");
        return revive(call, new Contents(call.integers(shape, "shape"), type, fortran, raw));
    }

    private @Nullable Contents fromState(Invocation call) throws IOException {
        List<PickleValue> states = call.call().states();
        if (states.isEmpty() || !(states.get(states.size() - 1) instanceof Tuple state)) {
            return null;
        }
        int first = state.size() == 5 ? 1 : 0;
        if (state.size() - first != 4 || !(state.get(first + 2) instanceof Bool fortran)) {
            return null;
        }
        NumpyType type = NumpyType.parse(state.get(first + 1));
        return type == null
                ? null
                : new Contents(call.integers(state.get(first), "shape"), type, fortran.value(), state.get(first + 3));
    }

    private static @Nullable Contents fromBuffer(Invocation call) throws IOException {
        if (call.count() != 4) {
            return null;
        }
        NumpyType type = NumpyType.parse(call.argument(1));
        boolean fortran = PythonText.of(call.argument(3)).orElse("C").equals("F");
        return type == null ? null : new Contents(call.integers(2, "shape"), type, fortran, call.argument(0));
    }

    private Revival revive(Invocation call, Contents contents) throws IOException {
        NumpyType type = contents.type();
        long elements = Shape.elements(contents.sizes(), call.where());
        if (type.kind() == 'O' && type.fields().isEmpty()) {
            return objects(call, contents, elements);
        }
        ByteSource bytes = bytes(contents.raw());
        if (bytes == null) {
            return reviver.fallBack(call);
        }
        if (type.size() <= 0 && elements > 0 && !(type.kind() == 'S' || type.kind() == 'U' || type.kind() == 'V')) {
            return reviver.fallBack(call);
        }
        if (java.math.BigInteger.valueOf(elements)
                        .multiply(BigInteger.valueOf(Math.max(0, type.size())))
                        .compareTo(BigInteger.valueOf(bytes.size()))
                != 0) {
            throw call.malformed("has " + bytes.size() + " bytes for " + elements + " items of " + type.size());
        }
        return Revival.of(node(call, contents, type, bytes, 0, type.size()));
    }

    /** The node of one field (or of the only one): items of {@code type} at {@code offset} of every record. */
    private Node node(Invocation call, Contents contents, NumpyType type, ByteSource bytes, int offset, int recordSize)
            throws IOException {
        if (!type.fields().isEmpty()) {
            List<MapNode.Entry> entries = new ArrayList<>();
            for (NumpyType.Field field : type.fields()) {
                Contents each = field.inner().isEmpty() ? contents : contents.withInner(field.inner());
                entries.add(MapNode.Entry.of(
                        field.name(), node(call, each, field.type(), bytes, offset + field.offset(), recordSize)));
            }
            return new MapNode(MapNode.Kind.DICT, entries);
        }
        Optional<DType> dtype = type.dtype();
        if (dtype.isPresent()) {
            return new TensorNode(view(call, contents, type, dtype.get(), bytes, offset, recordSize));
        }
        if (type.kind() == 'M' || type.kind() == 'm') {
            TensorView ticks = view(call, contents, type, DType.INT64, bytes, offset, recordSize);
            return new MapNode(
                    MapNode.Kind.STUB,
                    List.of(
                            MapNode.Entry.of(MapNode.CLASS_KEY, Leaf.of("numpy." + type.text())),
                            MapNode.Entry.of("data", new TensorNode(ticks))));
        }
        return items(call, contents, type, bytes, offset, recordSize);
    }

    private TensorView view(
            Invocation call,
            Contents contents,
            NumpyType type,
            DType dtype,
            ByteSource bytes,
            int offset,
            int recordSize)
            throws IOException {
        if (type.size() != dtype.size()) {
            throw call.malformed("has items of " + type.size() + " bytes for " + dtype.torchName());
        }
        ByteSource source = bytes;
        long first = 0;
        long step = contents.innerItems();
        if (recordSize != type.size() * step) {
            if (recordSize % type.size() == 0 && offset % type.size() == 0) {
                first = offset / type.size();
                step = recordSize / type.size();
            } else {
                source = gathered(call, bytes, offset, recordSize, (int) (type.size() * step));
            }
        }
        Storage storage = new Storage(call.where(), source, type.order());
        long[] outer = contents.sizes();
        long[] strides = contents.fortran() ? fortranStrides(outer) : Shape.contiguousStrides(outer);
        for (int d = 0; d < strides.length; d++) {
            strides[d] *= step;
        }
        return TensorView.of(
                storage,
                dtype,
                first,
                joined(outer, contents.inner()),
                joined(strides, Shape.contiguousStrides(contents.inner())),
                call.where());
    }

    private static long[] joined(long[] outer, long[] inner) {
        long[] both = Arrays.copyOf(outer, outer.length + inner.length);
        System.arraycopy(inner, 0, both, outer.length, inner.length);
        return both;
    }

    /** One field of every record, copied together because its records are not a whole number of items long. */
    private ByteSource gathered(Invocation call, ByteSource bytes, int offset, int recordSize, int itemSize)
            throws IOException {
        long records = bytes.size() / recordSize;
        context.budget().check(Limit.ARRAY, records * itemSize, call.where());
        context.budget().spendMemory(records * itemSize, call.call().offset());
        byte[] copy = new byte[(int) (records * itemSize)];
        for (int i = 0; i < records; i++) {
            bytes.read((long) i * recordSize + offset, itemSize).get(copy, i * itemSize, itemSize);
        }
        return org.ptsanitize.formats.bytes.MemorySource.of(call.where(), copy);
    }

    private static long[] fortranStrides(long[] sizes) {
        long[] strides = new long[sizes.length];
        long step = 1;
        for (int d = 0; d < sizes.length; d++) {
            strides[d] = step;
            step *= Math.max(1, sizes[d]);
        }
        return strides;
    }

    /** Strings and opaque bytes, item by item. */
    private Node items(Invocation call, Contents contents, NumpyType type, ByteSource bytes, int offset, int recordSize)
            throws IOException {
        long elements = Shape.elements(contents.sizes(), call.where());
        context.budget()
                .spendMemory(Math.multiplyExact(elements, 64L), call.call().offset());
        List<Node> items = new ArrayList<>();
        for (long i = 0; i < elements; i++) {
            items.add(item(type, bytes, i * recordSize + offset));
        }
        return shaped(items, contents);
    }

    private static Node item(NumpyType type, ByteSource bytes, long at) throws IOException {
        ByteBuffer raw = bytes.read(at, type.size());
        if (type.kind() == 'U') {
            StringBuilder text = new StringBuilder();
            raw.order(type.order());
            for (int i = 0; i < type.size(); i += 4) {
                int c = raw.getInt(i);
                if (c == 0) {
                    break;
                }
                text.appendCodePoint(Character.isValidCodePoint(c) ? c : 0xfffd);
            }
            return Leaf.of(text.toString());
        }
        int length = type.size();
        while (type.kind() == 'S' && length > 0 && raw.get(length - 1) == 0) {
            length--;
        }
        return new Leaf(new Bytes(BytesKind.BYTES, new ByteRange(bytes, at, length)));
    }

    /** An array of objects: a list of lists in its shape. */
    private Revival objects(Invocation call, Contents contents, long elements) throws IOException {
        if (!(contents.raw() instanceof PyList list) || list.size() != elements) {
            return reviver.fallBack(call);
        }
        return Revival.of(list.items(), Integer::toString, nodes -> shaped(Reviver.present(nodes), contents));
    }

    private static Node shaped(List<Node> flat, Contents contents) {
        long[] sizes = contents.sizes();
        if (sizes.length == 0) {
            return flat.get(0);
        }
        List<Node> level = contents.fortran() && sizes.length > 1 ? cOrder(flat, sizes) : flat;
        for (int d = sizes.length - 1; d > 0; d--) {
            int each = (int) sizes[d];
            List<Node> next = new ArrayList<>();
            if (each == 0) {
                return new ListNode(ListNode.Kind.LIST, List.of());
            }
            for (int i = 0; i < level.size(); i += each) {
                next.add(new ListNode(ListNode.Kind.LIST, level.subList(i, i + each)));
            }
            level = next;
        }
        return new ListNode(ListNode.Kind.LIST, level);
    }

    private static List<Node> cOrder(List<Node> fortran, long[] sizes) {
        long[] strides = fortranStrides(sizes);
        List<Node> items = new ArrayList<>(fortran.size());
        for (int i = 0; i < fortran.size(); i++) {
            long rest = i;
            long at = 0;
            for (int d = sizes.length - 1; d >= 0; d--) {
                at += rest % sizes[d] * strides[d];
                rest /= sizes[d];
            }
            items.add(fortran.get((int) at));
        }
        return items;
    }

    private @Nullable ByteSource bytes(PickleValue raw) throws IOException {
        if (raw instanceof PickleValue.Text text) {
            String value = text.value();
            context.budget().spendMemory(value.length(), 0);
            byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
            boolean latin1 = value.chars().allMatch(c -> c <= 0xff);
            return latin1 ? org.ptsanitize.formats.bytes.MemorySource.of("bytes", bytes) : null;
        }
        return PlainValues.bytesOf(raw, context.budget());
    }

    /** {@code scalar(dtype, bytes)}: a Python number, text or bytes. */
    Revival scalar(Invocation call) throws IOException {
        NumpyType type = call.count() >= 1 ? NumpyType.parse(call.argument(0)) : null;
        if (type == null || call.count() > 2) {
            return reviver.fallBack(call);
        }
        if (type.kind() == 'O' && call.count() == 2) {
            return Revival.same(call.argument(1));
        }
        ByteSource bytes = call.count() == 2 ? bytes(call.argument(1)) : null;
        if (bytes == null || bytes.size() != type.size() || type.size() > 1 << 20) {
            return reviver.fallBack(call);
        }
        Node node = primitive(type, bytes.read(0, type.size()).order(type.order()));
        if (node != null) {
            return Revival.of(node);
        }
        Contents one = new Contents(new long[0], type, false, call.argument(1));
        return Revival.of(node(call, one, type, bytes, 0, type.size()));
    }

    private static @Nullable Node primitive(NumpyType type, ByteBuffer raw) {
        Optional<DType> dtype = type.dtype();
        if ((type.kind() == 'M' || type.kind() == 'm') && type.size() == Long.BYTES) {
            String text = NumpyMoments.text(type, raw.getLong(0));
            return text == null ? null : Leaf.of(text);
        }
        if (dtype.isEmpty()) {
            return null;
        }
        return switch (dtype.get()) {
            case BOOL -> Leaf.of(raw.get(0) != 0);
            case INT8 -> Leaf.of((long) raw.get(0));
            case INT16 -> Leaf.of((long) raw.getShort(0));
            case INT32 -> Leaf.of((long) raw.getInt(0));
            case INT64 -> Leaf.of(raw.getLong(0));
            case UINT8 -> Leaf.of((long) (raw.get(0) & 0xff));
            case UINT16 -> Leaf.of((long) (raw.getShort(0) & 0xffff));
            case UINT32 -> Leaf.of(raw.getInt(0) & 0xffffffffL);
            case UINT64 -> unsigned(raw.getLong(0));
            case FLOAT16 -> Leaf.of((double) HalfFloat.ofFloat16(raw.getShort(0)));
            case FLOAT32 -> Leaf.of((double) raw.getFloat(0));
            case FLOAT64 -> Leaf.of(raw.getDouble(0));
            case COMPLEX64 -> new ComplexNumber(raw.getFloat(0), raw.getFloat(4));
            case COMPLEX128 -> new ComplexNumber(raw.getDouble(0), raw.getDouble(8));
            default -> null;
        };
    }

    private static Leaf unsigned(long bits) {
        return bits >= 0 ? Leaf.of(bits) : new Leaf(new BigInt(new BigInteger(Long.toUnsignedString(bits))));
    }

    /** A dtype as a value: its name. */
    Revival dtype(Invocation call) throws IOException {
        NumpyType type = NumpyType.parse(call.call());
        if (type == null) {
            return reviver.fallBack(call);
        }
        String name = type.dtype().map(DType::torchName).orElse(type.text());
        return Revival.of(new MapNode(
                MapNode.Kind.STUB,
                List.of(
                        MapNode.Entry.of(MapNode.CLASS_KEY, Leaf.of("numpy.dtype")),
                        MapNode.Entry.of("name", Leaf.of(name)))));
    }
}
