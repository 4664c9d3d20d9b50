package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.TensorView;

/** Checks that the components of a tensor fit together, for tensors that no pickle has described. */
public final class Composites {
    private static final Set<String> SCHEMES =
            Set.of("per_tensor_affine", "per_channel_affine", "per_channel_affine_float_qparams");

    /** Whether {@code torch} has a quantization scheme of this name. */
    static boolean isScheme(String name) {
        return SCHEMES.contains(name);
    }

    private static final Set<List<String>> JAGGED = Set.of(
            List.of("values", "offsets"),
            List.of("values", "lengths"),
            List.of("offsets", "lengths"),
            List.of("values", "offsets", "lengths"));

    private final CompositeTensor composite;
    private final Fault fault;
    private final Budget budget;

    private Composites(CompositeTensor composite, Fault fault, Budget budget) {
        this.composite = composite;
        this.fault = fault;
        this.budget = budget;
    }

    /** @throws MalformedFileException if the components, their values or the attributes contradict each other */
    public static void check(CompositeTensor composite, String where, Budget budget) throws IOException {
        new Composites(composite, new Named(composite.kind().text(), where), budget).check();
    }

    private record Named(String kind, String where) implements Fault {
        @Override
        public MalformedFileException malformed(String problem) {
            return new MalformedFileException("a " + kind + " tensor " + problem, where);
        }

        @Override
        public long offset() {
            return 0;
        }
    }

    private void check() throws IOException {
        switch (composite.kind()) {
            case QUANTIZED -> quantized();
            case SPARSE_COO -> coo();
            case SPARSE_CSR, SPARSE_BSR -> compressed("crow_indices", "col_indices");
            case SPARSE_CSC, SPARSE_BSC -> compressed("ccol_indices", "row_indices");
            case NESTED -> nested();
            case JAGGED -> jagged();
        }
    }

    private void quantized() throws MalformedFileException {
        requireParts("", "scale", "zero_point");
        TensorView whole = view("");
        String scheme = text("qscheme");
        require(
                whole.dtype().isQuantized()
                        && text("dtype").equals(whole.dtype().torchName()),
                "has another dtype");
        require(java.util.Arrays.equals(whole.sizes(), shape()), "has another shape");
        require(SCHEMES.contains(scheme), "has an unknown scheme");
        if (scheme.equals("per_tensor_affine")) {
            requireAttributes("dtype", "qscheme", "shape");
            requireVector("scale", DType.FLOAT64, new long[0]);
            requireVector("zero_point", DType.INT64, new long[0]);
            return;
        }
        requireAttributes("dtype", "qscheme", "shape", "axis");
        long axis = number("axis");
        require(axis >= 0 && axis < whole.rank(), "has no such axis");
        boolean floating = view("zero_point").dtype() == DType.FLOAT32;
        require(floating == scheme.equals("per_channel_affine_float_qparams"), "has parameters of another scheme");
        long[] length = {whole.size((int) axis)};
        requireVector("scale", view("scale").dtype(), length);
        requireVector("zero_point", view("zero_point").dtype(), length);
    }

    private void requireVector(String suffix, DType dtype, long[] sizes) throws MalformedFileException {
        TensorView view = view(suffix);
        require(view.dtype() == dtype && java.util.Arrays.equals(view.sizes(), sizes), "has an unfit " + suffix);
    }

    private void coo() throws IOException {
        requireParts("indices", "values");
        Optional<Node> coalesced = composite.attributes().get("is_coalesced");
        if (coalesced.isPresent()) {
            requireAttributes("shape", "is_coalesced");
            require(coalesced.get() instanceof Leaf leaf && leaf.value() instanceof Bool, "has no valid is_coalesced");
        } else {
            requireAttributes("shape");
        }
        TensorView indices = view("indices");
        TensorView values = view("values");
        long[] sizes = shape();
        boolean fits = indices.rank() == 2
                && indices.dtype() == DType.INT64
                && values.rank() >= 1
                && indices.size(1) == values.size(0)
                && indices.size(0) + values.rank() - 1 == sizes.length;
        require(fits, "has indices, values and a size that do not fit together");
        SparseIndices.checkCoo(indices, sizes, fault, budget);
    }

    private void compressed(String compressed, String plain) throws IOException {
        requireParts(compressed, plain, "values");
        requireAttributes("shape");
        SparseIndices.checkCompressed(
                composite.kind(), view(compressed), view(plain), view("values"), shape(), fault, budget);
    }

    private void nested() throws MalformedFileException {
        requireAttributes();
        for (int i = 0; i < composite.parts().size(); i++) {
            require(composite.parts().get(i).suffix().equals(Integer.toString(i)), "has misnamed parts");
        }
    }

    private void jagged() throws MalformedFileException {
        List<String> suffixes =
                composite.parts().stream().map(CompositeTensor.Part::suffix).toList();
        require(JAGGED.contains(suffixes), "has other parts than it must");
        requireAttributes("ragged_idx");
        number("ragged_idx");
    }

    private void requireParts(String... suffixes) throws MalformedFileException {
        require(composite.parts().size() == suffixes.length, "has other parts than it must");
        for (int i = 0; i < suffixes.length; i++) {
            require(composite.parts().get(i).suffix().equals(suffixes[i]), "has other parts than it must");
        }
    }

    private void requireAttributes(String... keys) throws MalformedFileException {
        List<MapNode.Entry> entries = composite.attributes().entries();
        require(entries.size() == keys.length, "has other attributes than it must");
        for (String key : keys) {
            require(composite.attributes().get(key).isPresent(), "has no " + key);
        }
    }

    private TensorView view(String suffix) {
        return ((TensorNode) composite.part(suffix)).view();
    }

    private String text(String key) throws MalformedFileException {
        if (composite.attributes().get(key).orElse(Leaf.NONE) instanceof Leaf leaf
                && leaf.value() instanceof Text text) {
            return text.value();
        }
        throw fault.malformed("has no valid " + key);
    }

    private long number(String key) throws MalformedFileException {
        if (composite.attributes().get(key).orElse(Leaf.NONE) instanceof Leaf leaf
                && leaf.value() instanceof Int number) {
            return number.value();
        }
        throw fault.malformed("has no valid " + key);
    }

    private long[] shape() throws MalformedFileException {
        if (!(composite.attributes().get("shape").orElse(Leaf.NONE) instanceof ListNode list)
                || list.items().size() > Shape.MAX_RANK) {
            throw fault.malformed("has no valid shape");
        }
        long[] sizes = new long[list.items().size()];
        for (int i = 0; i < sizes.length; i++) {
            if (!(list.items().get(i) instanceof Leaf leaf)
                    || !(leaf.value() instanceof Int size)
                    || size.value() < 0) {
                throw fault.malformed("has no valid shape");
            }
            sizes[i] = size.value();
        }
        return sizes;
    }

    private void require(boolean condition, String problem) throws MalformedFileException {
        if (!condition) {
            throw fault.malformed(problem);
        }
    }
}
