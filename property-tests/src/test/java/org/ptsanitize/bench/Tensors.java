package org.ptsanitize.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The bfloat16 tensors of a state dict, each with a storage of its own.
 *
 * @param list in the order of the dict
 */
public record Tensors(List<Tensor> list) {
    static final int ELEMENT = 2;

    /** A tensor that fills its storage. */
    public record Tensor(String name, long[] sizes, long[] strides) {
        public long elements() {
            long elements = 1;
            for (long size : sizes) {
                elements *= size;
            }
            return elements;
        }

        public long bytes() {
            return elements() * ELEMENT;
        }
    }

    /** Matrices of about this many bytes together, all of one shape. */
    static Tensors matrices(int count, long bytes) {
        long rows = side(count, bytes);
        long columns = Math.max(1, bytes / count / ELEMENT / rows);
        return of(count, new long[] {rows, columns}, new long[] {columns, 1});
    }

    /** The same as they are saved after {@code t()}, and every fourth one as a convolution in channels-last order. */
    static Tensors strided(int count, long bytes) {
        long rows = side(count, bytes);
        long columns = Math.max(1, bytes / count / ELEMENT / rows);
        long channels = Math.max(1, Math.round(Math.sqrt(bytes / (double) count / ELEMENT / 9)));
        long[] sizes = {channels, channels, 3, 3};
        long[] channelsLast = {9 * channels, 1, 3 * channels, channels};
        List<Tensor> tensors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tensors.add(
                    i % 4 == 3
                            ? new Tensor(name(i), sizes, channelsLast)
                            : new Tensor(name(i), new long[] {columns, rows}, new long[] {1, columns}));
        }
        return new Tensors(tensors);
    }

    /** Vectors of 16 elements, with names short enough that a header holds a million of them. */
    public static Tensors small(int count) {
        List<Tensor> tensors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tensors.add(new Tensor("layer." + i, new long[] {16}, new long[] {1}));
        }
        return new Tensors(tensors);
    }

    private static Tensors of(int count, long[] sizes, long[] strides) {
        List<Tensor> tensors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tensors.add(new Tensor(name(i), sizes, strides));
        }
        return new Tensors(tensors);
    }

    private static long side(int count, long bytes) {
        return Math.max(1, Math.round(Math.sqrt(bytes / (double) count / ELEMENT * 2 / 3)));
    }

    private static String name(int index) {
        return "model.layers." + index / 4 + ".part" + index % 4 + ".weight";
    }
}
