package org.ptsanitize.formats.tensor;

import java.util.Arrays;
import org.ptsanitize.formats.bytes.MalformedFileException;

/** Sizes and strides: the arithmetic of a view, exact or an error. */
public final class Shape {
    /** More dimensions than any honest tensor has. */
    public static final int MAX_RANK = 64;

    private Shape() {}

    /**
     * The number of elements of a shape.
     *
     * @throws MalformedFileException if a size is negative, the rank exceeds {@link #MAX_RANK}, or the product of the
     *     non-zero sizes does not fit in 63 bits
     */
    public static long elements(long[] sizes, String where) throws MalformedFileException {
        if (sizes.length > MAX_RANK) {
            throw new MalformedFileException(
                    "a tensor of " + sizes.length + " dimensions, at most " + MAX_RANK + " expected", where);
        }
        long product = 1;
        boolean empty = false;
        for (long size : sizes) {
            if (size < 0) {
                throw new MalformedFileException("negative size in shape " + Arrays.toString(sizes), where);
            }
            if (size == 0) {
                empty = true;
            } else {
                long high = Math.multiplyHigh(product, size);
                product *= size;
                if (high != 0 || product < 0) {
                    throw new MalformedFileException("shape " + Arrays.toString(sizes) + " overflows 64 bits", where);
                }
            }
        }
        return empty ? 0 : product;
    }

    /** The strides of a C-contiguous tensor, in elements; sizes of 0 count as 1, as in PyTorch. */
    public static long[] contiguousStrides(long[] sizes) {
        long[] strides = new long[sizes.length];
        long step = 1;
        for (int d = sizes.length - 1; d >= 0; d--) {
            strides[d] = step;
            step *= Math.max(1, sizes[d]);
        }
        return strides;
    }

    /** Whether elements lie in C order without gaps; strides of dimensions of size 1 do not matter. */
    public static boolean isContiguous(long[] sizes, long[] strides) {
        long step = 1;
        for (int d = sizes.length - 1; d >= 0; d--) {
            if (sizes[d] != 1) {
                if (strides[d] != step) {
                    return false;
                }
                step *= sizes[d];
            }
        }
        return true;
    }
}
