package org.ptsanitize.converter.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.ptsanitize.formats.tensor.TensorView;

/** Compares the logical bytes of two tensors of one shape and element type. NaN is equal to a NaN of the same bits. */
final class ViewComparison {
    private final ByteBuffer one = ByteBuffer.allocateDirect(ViewBlocks.BLOCK);
    private final ByteBuffer two = ByteBuffer.allocateDirect(ViewBlocks.BLOCK);

    /** The first element that differs: its number in C order, and its bytes on both sides. */
    record Mismatch(long element, byte[] left, byte[] right) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    Optional<Mismatch> first(TensorView left, TensorView right) throws IOException {
        ViewBlocks ofLeft = ViewBlocks.of(left);
        ViewBlocks ofRight = ViewBlocks.of(right);
        int size = left.dtype().size();
        long start = 0;
        while (ofLeft.next(one) && ofRight.next(two)) {
            int at = one.mismatch(two);
            if (at >= 0) {
                int element = at / size * size;
                return Optional.of(
                        new Mismatch((start + element) / size, bytes(one, element, size), bytes(two, element, size)));
            }
            start += one.limit();
        }
        return Optional.empty();
    }

    private static byte[] bytes(ByteBuffer block, int at, int size) {
        byte[] bytes = new byte[size];
        block.get(at, bytes);
        return bytes;
    }
}
