package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.TensorBytes;
import org.ptsanitize.formats.tensor.TensorView;

/** The calls that rebuild tensors, each with the fewest arguments that every PyTorch since takes. */
final class PtTensors {
    private PtTensors() {}

    /** {@code _rebuild_tensor_v2(…)}, or {@code _v3} for element types without a storage class. */
    static void write(PtPickle pickle, TensorView view) throws IOException {
        DType dtype = view.dtype();
        boolean typed = dtype.hasStorageClass();
        pickle.global("torch._utils", typed ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3");
        pickle.out().mark();
        storageAndGeometry(pickle, view);
        pickle.out().bool(false);
        pickle.emptyHooks();
        if (!typed) {
            pickle.need(v3Version(dtype));
            pickle.global("torch", dtype.torchName());
        }
        pickle.out().tuple();
        pickle.out().reduce();
    }

    private static TorchVersion v3Version(DType dtype) {
        return switch (dtype) {
            case COMPLEX32, FLOAT8_E4M3FN, FLOAT8_E5M2 -> TorchVersion.V2_2;
            case FLOAT8_E8M0FNU, FLOAT4_E2M1FN_X2 -> TorchVersion.V2_8;
            case BCOMPLEX32 -> TorchVersion.V2_14;
            default -> TorchVersion.V2_4;
        };
    }

    private static void storageAndGeometry(PtPickle pickle, TensorView view) throws IOException {
        PtStorages.Place place = pickle.storages().use(view);
        PtStorages.Part part = place.part();
        DType dtype = view.dtype();
        pickle.out().mark();
        pickle.text("storage");
        if (dtype.hasStorageClass()) {
            pickle.global("torch", dtype.storageClass());
            pickle.out().text(Integer.toString(part.key()));
            pickle.text("cpu");
            pickle.out().integer(part.storageElements());
        } else {
            pickle.global("torch.storage", "UntypedStorage");
            pickle.out().text(Integer.toString(part.key()));
            pickle.text("cpu");
            pickle.out().integer(part.byteSize());
        }
        pickle.out().tuple();
        pickle.out().persistentId();
        pickle.out().integer(place.offset());
        pickle.integers(view.sizes());
        pickle.integers(place.strides());
    }

    static void write(PtPickle pickle, CompositeTensor composite) throws IOException {
        switch (composite.kind()) {
            case QUANTIZED -> quantized(pickle, composite);
            case SPARSE_COO -> sparse(pickle, composite, "torch.sparse_coo");
            case SPARSE_CSR -> sparse(pickle, composite, "torch.sparse_csr");
            case SPARSE_CSC -> sparse(pickle, composite, "torch.sparse_csc");
            case SPARSE_BSR -> sparse(pickle, composite, "torch.sparse_bsr");
            case SPARSE_BSC -> sparse(pickle, composite, "torch.sparse_bsc");
            case NESTED, JAGGED -> throw new AssertionError(composite.kind());
        }
    }

    private static void quantized(PtPickle pickle, CompositeTensor composite) throws IOException {
        pickle.need(TorchVersion.V2_4);
        pickle.global("torch._utils", "_rebuild_qtensor");
        pickle.out().mark();
        storageAndGeometry(pickle, view(composite.part("")));
        String scheme = text(composite.attributes(), "qscheme");
        if (scheme.equals("per_tensor_affine")) {
            pickle.global("torch", "per_tensor_affine");
            pickle.out().real(scalar(composite.part("scale")).getDouble(0));
            pickle.out().integer(scalar(composite.part("zero_point")).getLong(0));
            pickle.out().tuple3();
        } else {
            // PyTorch writes this name for float parameters too, and tells them by their type.
            pickle.out().mark();
            pickle.global("torch", "per_channel_affine");
            write(pickle, view(composite.part("scale")));
            write(pickle, view(composite.part("zero_point")));
            pickle.out().integer(number(composite.attributes(), "axis"));
            pickle.out().tuple();
        }
        pickle.out().bool(false);
        pickle.emptyHooks();
        pickle.out().tuple();
        pickle.out().reduce();
    }

    private static void sparse(PtPickle pickle, CompositeTensor composite, String layout) throws IOException {
        boolean coo = composite.kind() == CompositeTensor.Kind.SPARSE_COO;
        pickle.need(coo ? TorchVersion.V1_13 : TorchVersion.V2_2);
        pickle.global("torch._utils", "_rebuild_sparse_tensor");
        pickle.global("torch.serialization", "_get_layout");
        pickle.text(layout);
        pickle.out().tuple1();
        pickle.out().reduce();
        pickle.out().mark();
        for (CompositeTensor.Part part : composite.parts()) {
            write(pickle, view(part.node()));
        }
        pickle.global("torch", "Size");
        pickle.integers(shape(composite.attributes()));
        pickle.out().tuple1();
        pickle.out().reduce();
        composite.attributes().get("is_coalesced").ifPresent(node -> pickle.need(TorchVersion.V2_2));
        if (composite.attributes().get("is_coalesced").orElse(Leaf.NONE) instanceof Leaf leaf
                && leaf.value() instanceof Bool coalesced) {
            pickle.out().bool(coalesced.value());
        }
        pickle.out().tuple();
        pickle.out().tuple2();
        pickle.out().reduce();
    }

    private static TensorView view(Node node) {
        return ((TensorNode) node).view();
    }

    private static ByteBuffer scalar(Node node) throws IOException {
        return TensorBytes.read(view(node));
    }

    private static String text(MapNode attributes, String key) {
        return ((Text) ((Leaf) attributes.get(key).orElseThrow()).value()).value();
    }

    private static long number(MapNode attributes, String key) {
        return ((Int) ((Leaf) attributes.get(key).orElseThrow()).value()).value();
    }

    private static long[] shape(MapNode attributes) {
        List<Node> items = ((ListNode) attributes.get("shape").orElseThrow()).items();
        long[] sizes = new long[items.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = ((Int) ((Leaf) items.get(i)).value()).value();
        }
        return sizes;
    }
}
