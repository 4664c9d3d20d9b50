package org.ptsanitize.formats.checkpoint;

import java.util.Arrays;
import java.util.Optional;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * A storage as a pickle sees it: a root storage, or the part of one that a legacy "view" names.
 *
 * @param storage the root storage
 * @param type element type of the storage class; empty for an untyped storage, whose elements are bytes
 * @param firstByte where the part begins in the root storage
 * @param byteSize length of the part
 */
public record StorageRef(Storage storage, Optional<DType> type, long firstByte, long byteSize)
        implements PersistentObject {

    /** The element type of tensors that do not say another: the class's, or bytes. */
    public DType elementType() {
        return type.orElse(DType.UINT8);
    }

    /**
     * A view of this storage; offset and strides count elements of {@code dtype} from the start of this part.
     *
     * @throws MalformedFileException if any element lies outside this part
     */
    public TensorView view(DType dtype, long offset, long[] sizes, long[] strides, String where)
            throws MalformedFileException {
        if (firstByte == 0 && byteSize == storage.size()) {
            return TensorView.of(storage, dtype, offset, sizes, strides, where);
        }
        if (sizes.length == strides.length && Shape.elements(sizes, where) > 0) {
            checkInside(dtype, offset, sizes, strides, where);
        }
        if (firstByte % dtype.size() != 0) {
            throw new MalformedFileException(
                    "a view of storage '" + storage.key() + "' begins inside an element", where);
        }
        long shifted = offset < 0 ? offset : Math.addExact(offset, firstByte / dtype.size());
        return TensorView.of(storage, dtype, shifted, sizes, strides, where);
    }

    private void checkInside(DType dtype, long offset, long[] sizes, long[] strides, String where)
            throws MalformedFileException {
        long available = byteSize / dtype.size() * dtype.valuesPerElement();
        try {
            long last = offset;
            for (int d = 0; d < sizes.length; d++) {
                last = Math.addExact(last, Math.multiplyExact(sizes[d] - 1, strides[d]));
            }
            if (last >= available) {
                throw new MalformedFileException(
                        "a tensor reaches element " + last + " of a view of storage '" + storage.key() + "', which has "
                                + available + " elements",
                        where);
            }
        } catch (ArithmeticException e) {
            throw new MalformedFileException("strides " + Arrays.toString(strides) + " overflow 64 bits", where);
        }
    }

    /** The whole part as a one-dimensional tensor. */
    public TensorView flat(String where) throws MalformedFileException {
        DType dtype = elementType();
        long elements = byteSize / dtype.size() * dtype.valuesPerElement();
        return view(dtype, 0, new long[] {elements}, new long[] {1}, where);
    }
}
