package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.converter.sanitize.CompositeTensor.Part;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.checkpoint.StorageRef;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/** Tensors that are more than one strided view: quantized, sparse, nested. */
final class SpecialTensors {
    private static final long MAX_PARTS = 1_000_000;

    private final Context context;
    private final Tensors tensors;

    SpecialTensors(Context context, Tensors tensors) {
        this.context = context;
        this.tensors = tensors;
    }

    /** {@code _rebuild_qtensor(storage, offset, size, stride, quantizer, requires_grad, hooks)}. */
    Revival quantized(Invocation call) throws IOException {
        call.require(7, 7);
        call.requireUntouched();
        StorageRef storage = tensors.storage(call, 0);
        DType dtype = storage.elementType();
        if (!dtype.isQuantized()) {
            throw call.malformed("has a storage of " + dtype.torchName());
        }
        tensors.useAs(storage, dtype, call::where);
        long[] sizes = call.integers(2, "size");
        TensorView view =
                storage.view(dtype, call.count(1, "storage offset"), sizes, call.integers(3, "stride"), call.where());
        List<PickleValue> quantizer = Invocation.sequence(call.argument(4));
        if (quantizer == null || quantizer.isEmpty() || !(quantizer.get(0) instanceof Global scheme)) {
            throw call.malformed("has no quantizer");
        }
        return switch (scheme.dotted()) {
            case "torch.per_tensor_affine" -> perTensor(call, view, quantizer);
            case "torch.per_channel_affine", "torch.per_channel_affine_float_qparams" ->
                perChannel(call, view, quantizer);
            default -> throw call.malformed("has the quantizer " + scheme.dotted() + ", which PyTorch cannot rebuild");
        };
    }

    private Revival perTensor(Invocation call, TensorView view, List<PickleValue> quantizer) throws IOException {
        if (quantizer.size() != 3
                || !(quantizer.get(1) instanceof Real scale)
                || !(quantizer.get(2) instanceof Int zeroPoint)) {
            throw call.malformed("has a malformed quantizer");
        }
        List<Part> parts = List.of(
                new Part("", new TensorNode(view)),
                new Part("scale", scalar(call, DType.FLOAT64, Double.doubleToRawLongBits(scale.value()))),
                new Part("zero_point", scalar(call, DType.INT64, zeroPoint.value())));
        return Revival.of(
                new CompositeTensor(CompositeTensor.Kind.QUANTIZED, parts, attributes(view, "per_tensor_affine", -1)));
    }

    private Revival perChannel(Invocation call, TensorView view, List<PickleValue> quantizer) throws IOException {
        if (quantizer.size() != 4
                || !(quantizer.get(3) instanceof Int axis)
                || axis.value() < 0
                || axis.value() >= view.rank()) {
            throw call.malformed("has a malformed quantizer");
        }
        int dimension = (int) axis.value();
        List<PickleValue> children = new ArrayList<>();
        boolean lists = !(quantizer.get(1) instanceof Call);
        if (!lists) {
            children.addAll(quantizer.subList(1, 3));
        }
        return Revival.of(children, i -> i == 0 ? "scale" : "zero_point", nodes -> {
            Node scales = lists ? vector(call, quantizer.get(1), DType.FLOAT64) : nodes.get(0);
            Node zeroPoints = lists ? vector(call, quantizer.get(2), DType.INT64) : nodes.get(1);
            checkVector(call, scales, view.size(dimension));
            checkVector(call, zeroPoints, view.size(dimension));
            boolean floating = ((TensorNode) zeroPoints).view().dtype() == DType.FLOAT32;
            String scheme = floating ? "per_channel_affine_float_qparams" : "per_channel_affine";
            return new CompositeTensor(
                    CompositeTensor.Kind.QUANTIZED,
                    List.of(
                            new Part("", new TensorNode(view)),
                            new Part("scale", scales),
                            new Part("zero_point", zeroPoints)),
                    attributes(view, scheme, dimension));
        });
    }

    private static void checkVector(Invocation call, Node node, long length) throws MalformedFileException {
        if (!(node instanceof TensorNode tensor)
                || tensor.view().rank() != 1
                || tensor.view().size(0) != length) {
            throw call.malformed("has scales or zero points that are no vector of " + length);
        }
    }

    private static MapNode attributes(TensorView view, String scheme, int axis) {
        List<MapNode.Entry> entries = new ArrayList<>();
        entries.add(MapNode.Entry.of("dtype", Leaf.of(view.dtype().torchName())));
        entries.add(MapNode.Entry.of("qscheme", Leaf.of(scheme)));
        entries.add(MapNode.Entry.of("shape", numbers(view.sizes())));
        if (axis >= 0) {
            entries.add(MapNode.Entry.of("axis", Leaf.of(axis)));
        }
        return new MapNode(MapNode.Kind.DICT, entries);
    }

    static ListNode numbers(long... values) {
        List<Node> items = new ArrayList<>(values.length);
        for (long value : values) {
            items.add(Leaf.of(value));
        }
        return new ListNode(ListNode.Kind.LIST, items);
    }

    private static TensorNode scalar(Invocation call, DType dtype, long bits) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(bits);
        return made(call, dtype, buffer.array(), new long[0]);
    }

    private TensorNode vector(Invocation call, PickleValue list, DType dtype) throws IOException {
        Literal literal = Literal.measure(list);
        if (literal == null || literal.sizes().length != 1) {
            throw call.malformed("has scales or zero points that are no list of numbers");
        }
        long bytes = literal.elements() * dtype.size();
        context.budget().spendMemory(bytes, call.call().offset());
        ByteBuffer buffer = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (!literal.write(buffer, dtype)) {
            throw call.malformed("has scales or zero points that are no list of numbers");
        }
        return made(call, dtype, buffer.array(), literal.sizes());
    }

    private static TensorNode made(Invocation call, DType dtype, byte[] bytes, long[] sizes) throws IOException {
        Storage storage = new Storage(call.where(), MemorySource.of(call.where(), bytes), ByteOrder.LITTLE_ENDIAN);
        return new TensorNode(TensorView.of(storage, dtype, 0, sizes, Shape.contiguousStrides(sizes), call.where()));
    }

    /** {@code _rebuild_sparse_tensor(layout, data)}. */
    Revival sparse(Invocation call) throws IOException {
        call.require(2, 2);
        call.requireUntouched();
        List<PickleValue> data = Invocation.sequence(call.argument(1));
        String layout = layout(call.argument(0)).orElse("");
        if (data == null) {
            throw call.malformed("has no data tuple");
        }
        return switch (layout) {
            case "torch.sparse_coo" -> coo(call, data);
            case "torch.sparse_csr" -> compressed(call, CompositeTensor.Kind.SPARSE_CSR, data);
            case "torch.sparse_csc" -> compressed(call, CompositeTensor.Kind.SPARSE_CSC, data);
            case "torch.sparse_bsr" -> compressed(call, CompositeTensor.Kind.SPARSE_BSR, data);
            case "torch.sparse_bsc" -> compressed(call, CompositeTensor.Kind.SPARSE_BSC, data);
            default -> throw call.malformed("has the layout '" + layout + "'");
        };
    }

    /** {@code _rebuild_sparse_csr_tensor(layout, data)}, which PyTorch 1.8 to 1.13 wrote. */
    Revival sparseCsr(Invocation call) throws IOException {
        call.require(2, 2);
        List<PickleValue> data = Invocation.sequence(call.argument(1));
        if (data == null || !layout(call.argument(0)).orElse("").equals("torch.sparse_csr")) {
            throw call.malformed("has another layout or no data");
        }
        return compressed(call, CompositeTensor.Kind.SPARSE_CSR, data);
    }

    private static Optional<String> layout(PickleValue value) throws IOException {
        if (value instanceof Call call
                && call.callable() instanceof Global global
                && global.dotted().equals("torch.serialization._get_layout")) {
            List<PickleValue> arguments = Invocation.sequence(call.arguments());
            return arguments != null && arguments.size() == 1 ? PythonText.of(arguments.get(0)) : Optional.empty();
        }
        return value instanceof Global global && Layouts.isKnown(global.dotted())
                ? Optional.of(global.dotted())
                : Optional.empty();
    }

    private Revival coo(Invocation call, List<PickleValue> data) throws IOException {
        if (data.size() < 3 || data.size() > 4) {
            throw call.malformed("has " + data.size() + " data items");
        }
        long[] sizes = call.integers(data.get(2), "size");
        Optional<Boolean> coalesced =
                data.size() == 4 && data.get(3) instanceof Bool bool ? Optional.of(bool.value()) : Optional.empty();
        return Revival.of(data.subList(0, 2), i -> i == 0 ? "indices" : "values", nodes -> {
            TensorView indices = tensor(call, nodes.get(0));
            TensorView values = tensor(call, nodes.get(1));
            boolean fits = indices.rank() == 2
                    && indices.dtype() == DType.INT64
                    && values.rank() >= 1
                    && indices.size(1) == values.size(0)
                    && indices.size(0) + values.rank() - 1 == sizes.length;
            if (!fits) {
                throw call.malformed("has indices, values and a size that do not fit together");
            }
            if (context.damage() == null) {
                SparseIndices.checkCoo(indices, sizes, call, context.budget());
            }
            List<MapNode.Entry> attributes = new ArrayList<>();
            attributes.add(MapNode.Entry.of("shape", numbers(sizes)));
            coalesced.ifPresent(value -> attributes.add(MapNode.Entry.of("is_coalesced", Leaf.of(value))));
            return new CompositeTensor(
                    CompositeTensor.Kind.SPARSE_COO,
                    List.of(new Part("indices", nodes.get(0)), new Part("values", nodes.get(1))),
                    new MapNode(MapNode.Kind.DICT, attributes));
        });
    }

    private Revival compressed(Invocation call, CompositeTensor.Kind kind, List<PickleValue> data) throws IOException {
        if (data.size() != 4) {
            throw call.malformed("has " + data.size() + " data items");
        }
        boolean rows = kind == CompositeTensor.Kind.SPARSE_CSR || kind == CompositeTensor.Kind.SPARSE_BSR;
        List<String> names = rows
                ? List.of("crow_indices", "col_indices", "values")
                : List.of("ccol_indices", "row_indices", "values");
        long[] sizes = call.integers(data.get(3), "size");
        return Revival.of(data.subList(0, 3), names::get, nodes -> {
            if (context.damage() == null) {
                SparseIndices.checkCompressed(
                        kind,
                        tensor(call, nodes.get(0)),
                        tensor(call, nodes.get(1)),
                        tensor(call, nodes.get(2)),
                        sizes,
                        call,
                        context.budget());
            }
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                parts.add(new Part(names.get(i), nodes.get(i)));
            }
            return new CompositeTensor(
                    kind, parts, new MapNode(MapNode.Kind.DICT, List.of(MapNode.Entry.of("shape", numbers(sizes)))));
        });
    }

    private static TensorView tensor(Invocation call, Node node) throws MalformedFileException {
        if (node instanceof TensorNode tensor) {
            return tensor.view();
        }
        throw call.malformed("has a component that is no tensor");
    }

    /** {@code _rebuild_nested_tensor(buffer, sizes, strides, offsets)}: its parts, each a view of the buffer. */
    Revival nested(Invocation call) throws IOException {
        call.require(4, 4);
        call.requireUntouched();
        return Revival.of(call.arguments(), i -> "", nodes -> {
            TensorView buffer = tensor(call, nodes.get(0));
            TensorView sizes = tensor(call, nodes.get(1));
            TensorView strides = tensor(call, nodes.get(2));
            TensorView offsets = tensor(call, nodes.get(3));
            boolean fits = buffer.rank() == 1
                    && (buffer.elements() <= 1 || buffer.stride(0) == 1)
                    && sizes.rank() == 2
                    && strides.rank() == 2
                    && offsets.rank() == 1
                    && sizes.size(0) == offsets.size(0)
                    && strides.size(0) == offsets.size(0)
                    && sizes.size(1) == strides.size(1)
                    && offsets.size(0) <= MAX_PARTS;
            if (!fits) {
                throw call.malformed("has sizes, strides and offsets that do not fit together");
            }
            return new CompositeTensor(
                    CompositeTensor.Kind.NESTED,
                    parts(call, buffer, sizes, strides, offsets),
                    new MapNode(MapNode.Kind.DICT, List.of()));
        });
    }

    private List<Part> parts(
            Invocation call, TensorView buffer, TensorView sizes, TensorView strides, TensorView offsets)
            throws IOException {
        long[] allSizes = SparseIndices.read(sizes, call, context.budget());
        long[] allStrides = SparseIndices.read(strides, call, context.budget());
        long[] starts = SparseIndices.read(offsets, call, context.budget());
        int rank = (int) sizes.size(1);
        StorageRef storage = new StorageRef(
                buffer.storage(),
                Optional.of(buffer.dtype()),
                0,
                buffer.storage().size());
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            long[] size = java.util.Arrays.copyOfRange(allSizes, i * rank, (i + 1) * rank);
            long[] stride = java.util.Arrays.copyOfRange(allStrides, i * rank, (i + 1) * rank);
            if (starts[i] < 0 || starts[i] > Long.MAX_VALUE - buffer.offset()) {
                throw call.malformed("has a part that begins outside its buffer");
            }
            TensorView view = storage.view(buffer.dtype(), buffer.offset() + starts[i], size, stride, call.where());
            if (view.endElement() > buffer.offset() + buffer.elements()) {
                throw call.malformed("has a part that ends outside its buffer");
            }
            parts.add(new Part(Integer.toString(i), new TensorNode(view)));
        }
        return parts;
    }

    /** {@code _rebuild_njt({values, offsets, lengths, …})}. */
    Revival jagged(Invocation call) throws IOException {
        call.require(1, 1);
        call.requireUntouched();
        if (!(call.argument(0) instanceof Dict dict)) {
            throw call.malformed("takes a dict");
        }
        Entries entries = Entries.of(dict.entries());
        List<String> names = new ArrayList<>();
        List<PickleValue> children = new ArrayList<>();
        for (String name : List.of("values", "offsets", "lengths")) {
            PickleValue value = entries.get(name);
            if (value != null && value != None.NONE) {
                names.add(name);
                children.add(value);
            }
        }
        if (names.size() < 2) {
            throw call.malformed("lacks values or offsets");
        }
        long ragged = entries.get("_ragged_idx") instanceof Int number ? number.value() : 1;
        return Revival.of(children, names::get, nodes -> {
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                tensor(call, nodes.get(i));
                parts.add(new Part(names.get(i), nodes.get(i)));
            }
            return new CompositeTensor(
                    CompositeTensor.Kind.JAGGED,
                    parts,
                    new MapNode(MapNode.Kind.DICT, List.of(MapNode.Entry.of("ragged_idx", Leaf.of(ragged)))));
        });
    }
}
