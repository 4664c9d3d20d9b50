package org.ptsanitize.formats.tensor;

import java.util.Arrays;
import org.ptsanitize.formats.bytes.MalformedFileException;

/**
 * A tensor as a view of a storage. Element {@code (i0 … ik)} is storage element
 * {@code offset + i0·strides[0] + … + ik·strides[k]}. Every element lies inside the storage: the factory checks it
 * without overflow. Holds no tensor bytes.
 */
public final class TensorView {
    private final Storage storage;
    private final DType dtype;
    private final long offset;
    private final long[] sizes;
    private final long[] strides;
    private final long elements;
    private final boolean conjugate;
    private final boolean negative;

    private TensorView(
            Storage storage, DType dtype, long offset, long[] sizes, long[] strides, long elements, int bits) {
        this.storage = storage;
        this.dtype = dtype;
        this.offset = offset;
        this.sizes = sizes;
        this.strides = strides;
        this.elements = elements;
        this.conjugate = (bits & 1) != 0;
        this.negative = (bits & 2) != 0;
    }

    /**
     * A checked view.
     *
     * @param offset first element, in elements of {@code dtype}
     * @param sizes the shape; owned by the view from here on
     * @param strides in elements, one for each size; owned by the view from here on
     * @param where the place in the checkpoint, for messages
     * @throws MalformedFileException if any element lies outside the storage, a number is negative or overflows
     */
    public static TensorView of(Storage storage, DType dtype, long offset, long[] sizes, long[] strides, String where)
            throws MalformedFileException {
        if (sizes.length != strides.length) {
            throw new MalformedFileException(
                    "a tensor with " + sizes.length + " sizes and " + strides.length + " strides", where);
        }
        long elements = Shape.elements(sizes, where);
        if (elements == 0) {
            return new TensorView(storage, dtype, 0, sizes, Shape.contiguousStrides(sizes), 0, 0);
        }
        long available = storage.size() / dtype.size() * dtype.valuesPerElement();
        long last = lastElement(offset, sizes, strides, where);
        if (last >= available) {
            throw new MalformedFileException(
                    "a tensor reaches element " + last + " of storage '" + storage.key() + "', which has " + available
                            + " elements of " + dtype.torchName(),
                    where);
        }
        return new TensorView(storage, dtype, offset, sizes, strides, elements, 0);
    }

    private static long lastElement(long offset, long[] sizes, long[] strides, String where)
            throws MalformedFileException {
        if (offset < 0) {
            throw new MalformedFileException("negative storage offset " + offset, where);
        }
        try {
            long last = offset;
            for (int d = 0; d < sizes.length; d++) {
                if (strides[d] < 0) {
                    throw new MalformedFileException("negative stride in " + Arrays.toString(strides), where);
                }
                last = Math.addExact(last, Math.multiplyExact(sizes[d] - 1, strides[d]));
            }
            return last;
        } catch (ArithmeticException e) {
            throw new MalformedFileException(
                    "strides " + Arrays.toString(strides) + " of shape " + Arrays.toString(sizes) + " overflow 64 bits",
                    where);
        }
    }

    /** A C-contiguous view of a whole storage as one dimension. */
    public static TensorView flat(Storage storage, DType dtype, String where) throws MalformedFileException {
        return of(storage, dtype, 0, new long[] {storage.size() / dtype.size()}, new long[] {1}, where);
    }

    /** The same view whose logical value is the conjugate and/or the negative of what is stored. */
    public TensorView withBits(boolean conjugateBit, boolean negativeBit) {
        int bits = (conjugateBit && dtype.isComplex() ? 1 : 0) | (negativeBit ? 2 : 0);
        return new TensorView(storage, dtype, offset, sizes, strides, elements, elements == 0 ? 0 : bits);
    }

    public Storage storage() {
        return storage;
    }

    public DType dtype() {
        return dtype;
    }

    /** First element, in elements. */
    public long offset() {
        return offset;
    }

    public int rank() {
        return sizes.length;
    }

    public long size(int dimension) {
        return sizes[dimension];
    }

    public long stride(int dimension) {
        return strides[dimension];
    }

    /** A copy of the shape. */
    public long[] sizes() {
        return sizes.clone();
    }

    /** A copy of the strides, in elements. */
    public long[] strides() {
        return strides.clone();
    }

    /** The number of elements. */
    public long elements() {
        return elements;
    }

    /** Bytes of the C-contiguous tensor, exact or an {@link ArithmeticException}. Packed values share bytes. */
    public long byteSize() {
        int packed = dtype.valuesPerElement();
        return Math.multiplyExact((elements + packed - 1) / packed, dtype.size());
    }

    /** Whether the logical value is the complex conjugate of what is stored. */
    public boolean conjugate() {
        return conjugate;
    }

    /** Whether the logical value is the negative of what is stored. */
    public boolean negative() {
        return negative;
    }

    public boolean isContiguous() {
        return Shape.isContiguous(sizes, strides);
    }

    /** Index behind the last storage element that the view reads; 0 for an empty one. */
    public long endElement() {
        if (elements == 0) {
            return 0;
        }
        long last = offset;
        for (int d = 0; d < sizes.length; d++) {
            last += (sizes[d] - 1) * strides[d];
        }
        return last + 1;
    }

    /** Whether both are the same view: same storage, type, offset, shape, strides and bits. */
    public boolean isSameView(TensorView other) {
        return storage == other.storage
                && dtype == other.dtype
                && offset == other.offset
                && conjugate == other.conjugate
                && negative == other.negative
                && Arrays.equals(sizes, other.sizes)
                && Arrays.equals(strides, other.strides);
    }

    /** A hash that agrees with {@link #isSameView}. */
    public int viewHash() {
        int hash = System.identityHashCode(storage);
        hash = 31 * hash + Long.hashCode(offset);
        hash = 31 * hash + Arrays.hashCode(sizes);
        return 31 * hash + Arrays.hashCode(strides);
    }
}
