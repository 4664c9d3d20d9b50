package org.ptsanitize.properties.generate;

import java.util.Arrays;
import org.ptsanitize.formats.tensor.DType;

/** A tensor that a reader must find. */
public final class ExpectedTensor {
    private final String path;
    private final Sample.Tensor tensor;
    private final boolean insideInstance;
    private final byte[] bytes;

    ExpectedTensor(String path, Sample.Tensor tensor, boolean insideInstance) {
        this.path = path;
        this.tensor = tensor;
        this.insideInstance = insideInstance;
        this.bytes = LogicalBytes.of(tensor);
    }

    /** Keys, indexes and attributes from the root on, joined by dots; empty if the root itself is the tensor. */
    public String path() {
        return path;
    }

    public DType dtype() {
        return tensor.dtype();
    }

    public long[] shape() {
        return tensor.sizes().clone();
    }

    /** The bytes of the logical value, C-contiguous and little-endian. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether the path runs through an object of an unknown class. */
    public boolean isInsideInstance() {
        return insideInstance;
    }

    /** The tensor itself; a tensor with several paths is one. */
    public Sample.Tensor tensor() {
        return tensor;
    }

    /** Whether both are the same view of the same memory. */
    public boolean isTiedTo(ExpectedTensor other) {
        return tensor.storage() == other.tensor.storage()
                && tensor.offset() == other.tensor.offset()
                && Arrays.equals(tensor.sizes(), other.tensor.sizes())
                && Arrays.equals(tensor.strides(), other.tensor.strides())
                && tensor.conjugate() == other.tensor.conjugate()
                && tensor.negative() == other.tensor.negative();
    }

    @Override
    public String toString() {
        return "'" + path + "': " + dtype().torchName() + Arrays.toString(tensor.sizes()) + " strides "
                + Arrays.toString(tensor.strides()) + " offset " + tensor.offset();
    }
}
