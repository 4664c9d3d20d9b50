package org.ptsanitize.properties.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.ptsanitize.formats.tensor.DType;

/** Tensors of random types, shapes and strides, many of them views of the same storages. */
final class RandomTensors {
    private final Random random;
    private final List<DType> dtypes;
    private final List<SampleStorage> storages = new ArrayList<>();

    RandomTensors(Random random, List<DType> dtypes) {
        this.random = random;
        this.dtypes = dtypes;
    }

    /** A tensor; a shared one may be a view of a storage that others use too. */
    Sample.Tensor next(boolean shared) {
        DType dtype = dtypes.get(random.nextInt(dtypes.size()));
        long[] sizes = sizes();
        long[] strides = strides(sizes);
        boolean isEmpty = Arrays.stream(sizes).anyMatch(size -> size == 0);
        long reach = isEmpty ? 0 : 1;
        for (int d = 0; d < sizes.length && !isEmpty; d++) {
            reach += (sizes[d] - 1) * strides[d];
        }
        SampleStorage storage = storage(dtype, (int) reach, shared);
        long offset = random.nextInt((int) (storage.elements() - reach + 1));
        boolean conjugate = dtype.isComplex() && random.nextInt(5) == 0;
        boolean negative = canBeNegative(dtype) && random.nextInt(12) == 0;
        return new Sample.Tensor(storage, offset, sizes, strides, conjugate, negative);
    }

    /** The types that {@code torch.resolve_neg} takes. */
    private static boolean canBeNegative(DType dtype) {
        return switch (dtype) {
            case FLOAT64, FLOAT32, FLOAT16, BFLOAT16, COMPLEX128, COMPLEX64, COMPLEX32 -> true;
            case INT64, INT32, INT16, INT8, UINT8 -> true;
            default -> false;
        };
    }

    private long[] sizes() {
        int rank = random.nextInt(5);
        long[] sizes = new long[rank];
        for (int d = 0; d < rank; d++) {
            sizes[d] = random.nextInt(15) == 0 ? 0 : 1 + random.nextInt(rank < 2 ? 40 : 5);
        }
        return sizes;
    }

    private long[] strides(long[] sizes) {
        return switch (random.nextInt(7)) {
            case 0 -> progressive(sizes, shuffled(sizes.length), 1);
            case 1 -> progressive(sizes, cOrder(sizes.length), 3);
            case 2 -> expanded(progressive(sizes, cOrder(sizes.length), 1));
            case 3 -> random.ints(sizes.length, 0, 6).asLongStream().toArray();
            default -> progressive(sizes, cOrder(sizes.length), 1);
        };
    }

    private static List<Integer> cOrder(int rank) {
        List<Integer> dimensions = new ArrayList<>();
        for (int d = rank - 1; d >= 0; d--) {
            dimensions.add(d);
        }
        return dimensions;
    }

    private List<Integer> shuffled(int rank) {
        List<Integer> dimensions = cOrder(rank);
        Collections.shuffle(dimensions, random);
        return dimensions;
    }

    /** Strides of a tensor laid out in this order of dimensions, where each may skip up to {@code gap} times its size. */
    private long[] progressive(long[] sizes, List<Integer> order, int gap) {
        long[] strides = new long[sizes.length];
        long step = 1;
        for (int d : order) {
            step *= 1 + random.nextInt(gap);
            strides[d] = step;
            step *= Math.max(1, sizes[d]);
        }
        return strides;
    }

    private long[] expanded(long[] strides) {
        for (int d = 0; d < strides.length; d++) {
            strides[d] = random.nextBoolean() ? 0 : strides[d];
        }
        return strides;
    }

    private SampleStorage storage(DType dtype, int atLeast, boolean shared) {
        List<SampleStorage> fitting = storages.stream()
                .filter(storage -> storage.dtype() == dtype && storage.elements() >= atLeast)
                .toList();
        if (shared && !fitting.isEmpty() && random.nextInt(3) > 0) {
            return fitting.get(random.nextInt(fitting.size()));
        }
        SampleStorage storage = newStorage(dtype, atLeast + (random.nextBoolean() ? 0 : random.nextInt(30)));
        if (shared) {
            storages.add(storage);
        }
        return storage;
    }

    private SampleStorage newStorage(DType dtype, int elements) {
        boolean isPart = random.nextInt(12) == 0;
        int before = isPart ? random.nextInt(5) : 0;
        byte[] bytes = new byte[(before + elements + (isPart ? random.nextInt(5) : 0)) * dtype.size()];
        random.nextBytes(bytes);
        if (dtype == DType.BOOL) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] &= 1;
            }
        }
        SampleStorage whole = SampleStorage.of(dtype, random.nextInt(20) == 0 && !dtype.isQuantized(), bytes);
        return isPart ? whole.part(before, elements) : whole;
    }
}
