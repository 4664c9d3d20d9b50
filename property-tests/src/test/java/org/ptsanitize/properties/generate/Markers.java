package org.ptsanitize.properties.generate;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** Fills what no tensor reaches with a byte that occurs nowhere else in the storages. */
public final class Markers {
    public static final byte MARKER = (byte) 0xC7;

    private Markers() {}

    /** The same graph; the bytes of its storages are changed in place. */
    public static Checkpoint mark(Checkpoint checkpoint) {
        Map<SampleStorage, boolean[]> reached = new IdentityHashMap<>();
        for (ExpectedTensor expected : checkpoint.tensors()) {
            Sample.Tensor tensor = expected.tensor();
            boolean[] elements = reached.computeIfAbsent(tensor.storage(), storage -> new boolean[storage.elements()]);
            reach(tensor, 0, tensor.offset(), elements);
        }
        reached.forEach(Markers::fill);
        return checkpoint.again();
    }

    private static void reach(Sample.Tensor tensor, int dimension, long at, boolean[] elements) {
        if (dimension == tensor.sizes().length) {
            elements[Math.toIntExact(at)] = true;
            return;
        }
        for (long i = 0; i < tensor.sizes()[dimension]; i++) {
            reach(tensor, dimension + 1, at + i * tensor.strides()[dimension], elements);
        }
    }

    private static void fill(SampleStorage storage, boolean[] reached) {
        byte[] bytes = storage.littleEndian();
        int size = storage.dtype().size();
        for (int i = 0; i < bytes.length; i++) {
            if (!reached[i / size]) {
                bytes[i] = MARKER;
            } else if (isLikeMarker(bytes[i])) {
                bytes[i] = 1;
            }
        }
        Optional<SampleStorage> root = storage.root();
        if (root.isPresent()) {
            Arrays.fill(root.get().littleEndian(), MARKER);
            System.arraycopy(bytes, 0, root.get().littleEndian(), storage.rootOffset() * size, bytes.length);
        }
    }

    /** The marker, and what becomes the marker when a sign bit flips or a number is negated. */
    private static boolean isLikeMarker(byte value) {
        return value == MARKER || value == (byte) (MARKER ^ 0x80) || value == (byte) -MARKER || value == (byte) ~MARKER;
    }
}
