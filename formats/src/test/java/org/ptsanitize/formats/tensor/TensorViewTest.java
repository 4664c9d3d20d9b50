package org.ptsanitize.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.MemorySource;

/** A view is accepted only if every element lies inside its storage. */
class TensorViewTest {
    private static final Storage STORAGE = storage(40);

    private static Storage storage(int bytes) {
        return new Storage("7", MemorySource.of("7", new byte[bytes]), ByteOrder.LITTLE_ENDIAN);
    }

    private static long[] longs(long... values) {
        return values;
    }

    private static TensorView view(long offset, long[] sizes, long[] strides) throws MalformedFileException {
        return TensorView.of(STORAGE, DType.FLOAT32, offset, sizes, strides, "here");
    }

    private static void refuses(String message, long offset, long[] sizes, long[] strides) {
        assertEquals(
                message,
                assertThrows(MalformedFileException.class, () -> view(offset, sizes, strides))
                        .getMessage());
    }

    @Test
    void theLastElementMayBeTheStoragesLast() throws MalformedFileException {
        assertEquals(10, view(0, longs(10), longs(1)).endElement());
        assertEquals(10, view(9, longs(1), longs(1)).endElement());
        assertEquals(10, view(1, longs(2, 3), longs(6, 1)).endElement());
        assertEquals(10, view(9, longs(1, 1), longs(50, 70)).endElement());
        assertEquals(10, view(9, longs(), longs()).endElement());
    }

    @Test
    void anElementBehindTheStorageIsMalformed() {
        String message = "a tensor reaches element 10 of storage '7', which has 10 elements of float32 (here)";
        refuses(message, 0, longs(11), longs(1));
        refuses(message, 10, longs(1), longs(1));
        refuses(message, 0, longs(2, 2), longs(9, 1));
        refuses(message, 10, longs(), longs());
    }

    @Test
    void aStorageThatEndsInsideAnElementHasOnlyTheWholeOnes() throws MalformedFileException {
        Storage odd = storage(43);
        assertEquals(10, TensorView.flat(odd, DType.FLOAT32, "here").elements());
        assertEquals(43, TensorView.flat(odd, DType.UINT8, "here").elements());
        assertThrows(
                MalformedFileException.class, () -> TensorView.of(odd, DType.FLOAT32, 0, longs(11), longs(1), "here"));
    }

    @Test
    void numbersThatOverflowAreMalformed() {
        refuses("strides [4611686018427387904] of shape [4] overflow 64 bits (here)", 0, longs(4), longs(1L << 62));
        refuses(
                "strides [9223372036854775807] of shape [2] overflow 64 bits (here)",
                1,
                longs(2),
                longs(Long.MAX_VALUE));
        refuses("shape [4294967296, 4294967296] overflows 64 bits (here)", 0, longs(1L << 32, 1L << 32), longs(0, 0));
        refuses(
                "shape [3037000500, 3037000500] overflows 64 bits (here)",
                0,
                longs(3037000500L, 3037000500L),
                longs(0, 0));
    }

    @Test
    void negativeNumbersAreMalformed() {
        refuses("negative storage offset -1 (here)", -1, longs(1), longs(1));
        refuses("negative stride in [-1] (here)", 5, longs(2), longs(-1));
        refuses("negative size in shape [-1] (here)", 0, longs(-1), longs(1));
        refuses("a tensor with 1 sizes and 2 strides (here)", 0, longs(1), longs(1, 1));
    }

    @Test
    void aRankOf64IsTheHighest() throws MalformedFileException {
        assertEquals(1, view(0, ones(64), ones(64)).elements());
        refuses("a tensor of 65 dimensions, at most 64 expected (here)", 0, ones(65), ones(65));
    }

    private static long[] ones(int rank) {
        long[] ones = new long[rank];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void anEmptyViewReadsNothingWhereverItPoints() throws MalformedFileException {
        TensorView empty = view(1L << 40, longs(3, 0, 2), longs(1L << 60, -5, 1));
        assertEquals(0, empty.elements());
        assertEquals(0, empty.endElement());
        assertEquals(0, empty.byteSize());
        assertEquals(0, empty.offset());
        assertArrayEquals(longs(2, 2, 1), empty.strides());
        assertFalse(empty.withBits(false, true).negative());
        refuses(
                "shape [0, 4294967296, 4294967296] overflows 64 bits (here)",
                0,
                longs(0, 1L << 32, 1L << 32),
                longs(1, 1, 1));
    }

    @Test
    void packedTypesCountTheirValues() throws MalformedFileException {
        Storage four = storage(4);
        TensorView packed = TensorView.of(four, DType.QUINT4X2, 0, longs(8), longs(1), "here");
        assertEquals(4, packed.byteSize());
        assertEquals(
                4,
                TensorView.of(four, DType.QUINT4X2, 0, longs(7), longs(1), "here")
                        .byteSize());
        assertThrows(
                MalformedFileException.class, () -> TensorView.of(four, DType.QUINT4X2, 0, longs(9), longs(1), "here"));
    }

    @Test
    void aSizeOfMoreThan63BitsIsAnArithmeticException() throws MalformedFileException {
        TensorView huge = view(0, longs(1L << 61), longs(0));
        assertEquals(1L << 61, huge.elements());
        assertThrows(ArithmeticException.class, huge::byteSize);
    }

    @Test
    void bitsAreOfComplexNumbersOrOfAll() throws MalformedFileException {
        TensorView real = view(0, longs(2), longs(1));
        TensorView complex = TensorView.of(STORAGE, DType.COMPLEX64, 0, longs(2), longs(1), "here");
        assertFalse(real.withBits(true, false).conjugate());
        assertTrue(complex.withBits(true, false).conjugate());
        assertFalse(complex.withBits(true, false).negative());
        assertTrue(real.withBits(false, true).negative());
        assertFalse(complex.withBits(false, true).conjugate());
    }

    @Test
    void viewsAreTheSameIfAllOfThemIs() throws MalformedFileException {
        TensorView view = view(1, longs(2, 3), longs(3, 1));
        TensorView same = view(1, longs(2, 3), longs(3, 1));
        assertTrue(view.isSameView(same));
        assertEquals(view.viewHash(), same.viewHash());
        for (TensorView other : List.of(
                view(0, longs(2, 3), longs(3, 1)),
                view(1, longs(3, 2), longs(3, 1)),
                view(1, longs(2, 3), longs(2, 1)),
                view.withBits(false, true),
                TensorView.of(STORAGE, DType.INT32, 1, longs(2, 3), longs(3, 1), "here"),
                TensorView.of(storage(40), DType.FLOAT32, 1, longs(2, 3), longs(3, 1), "here"))) {
            assertFalse(view.isSameView(other));
        }
        TensorView complex = TensorView.of(STORAGE, DType.COMPLEX64, 0, longs(2), longs(1), "here");
        assertFalse(complex.isSameView(complex.withBits(true, false)));
        assertNotEquals(view.viewHash(), view(0, longs(2, 3), longs(3, 1)).viewHash());
        assertNotEquals(view.viewHash(), view(1, longs(3, 2), longs(3, 1)).viewHash());
        assertNotEquals(view.viewHash(), view(1, longs(2, 3), longs(2, 1)).viewHash());
        int expected = System.identityHashCode(STORAGE);
        for (int part : new int[] {Long.hashCode(1), Arrays.hashCode(longs(2, 3)), Arrays.hashCode(longs(3, 1))}) {
            expected = 31 * expected + part;
        }
        assertEquals(expected, view.viewHash());
    }

    @Test
    void aViewTellsItsParts() throws MalformedFileException {
        TensorView view = view(1, longs(2, 3), longs(3, 1));
        assertEquals(2, view.rank());
        assertEquals(3, view.size(1));
        assertEquals(3, view.stride(0));
        assertArrayEquals(longs(2, 3), view.sizes());
        assertArrayEquals(longs(3, 1), view.strides());
        assertEquals(24, view.byteSize());
        assertTrue(view.isContiguous());
        assertFalse(view(1, longs(2, 3), longs(4, 1)).isContiguous());
        assertTrue(view(1, longs(1, 3), longs(99, 1)).isContiguous());
    }
}
