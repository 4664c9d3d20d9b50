package org.ptsanitize.converter.verify;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.converter.restore.Representation;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * A tensor of one side.
 *
 * @param path its path in that side's tree
 * @param view its bytes; empty if only their digest is known
 * @param sha256 the digest of its bytes in hexadecimal; empty if the bytes are there
 * @param composite the tensor it is the first component of, if that has several
 */
record Held(
        String path,
        DType dtype,
        List<Long> shape,
        Optional<TensorView> view,
        String sha256,
        Optional<CompositeTensor> composite) {
    static Held of(String path, TensorView view, Optional<CompositeTensor> composite) {
        List<Long> shape = Arrays.stream(view.sizes()).boxed().toList();
        return new Held(path, view.dtype(), shape, Optional.of(view), "", composite);
    }

    long[] sizes() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** Bytes of the whole tensor. */
    long byteSize() throws MalformedFileException {
        int packed = dtype.valuesPerElement();
        return Math.multiplyExact((Shape.elements(sizes(), path) + packed - 1) / packed, dtype.size());
    }

    /** Whether it is what safetensors makes of a tensor whose element type that format does not have. */
    boolean isFormOf(Held original) throws MalformedFileException {
        Representation wanted = Representation.of(original.dtype, original.sizes(), original.byteSize());
        Representation found = Representation.of(dtype, sizes(), byteSize());
        return wanted.changed()
                && !found.changed()
                && wanted.type() == found.type()
                && Arrays.equals(wanted.shape(), found.shape());
    }

    /** The same bytes as the elements of another tensor; they have to be stored in one piece. */
    Held in(Held original) throws MalformedFileException {
        TensorView own = view.orElseThrow();
        long first = own.offset() * own.dtype().size();
        TensorView form = TensorView.of(
                own.storage(),
                original.dtype,
                first / original.dtype.size(),
                original.sizes(),
                Shape.contiguousStrides(original.sizes()),
                path);
        return new Held(path, original.dtype, original.shape, Optional.of(form), "", composite);
    }
}
