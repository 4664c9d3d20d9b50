package org.ptsanitize.formats.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Transposes squares of small elements in eight-byte words: as many elements as fit in a word along each side, so that
 * memory is read and written by words instead of by elements.
 */
final class Transpose {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long LOW_HALF = 0x0000_0000_FFFF_FFFFL;
    private static final long LOW_QUARTERS = 0x0000_FFFF_0000_FFFFL;
    private static final long LOW_EIGHTHS = 0x00FF_00FF_00FF_00FFL;

    private Transpose() {}

    /** Elements along a side of the square for elements of a size in bytes; 1 where words hold no more. */
    static int side(int elementSize) {
        return elementSize <= 4 ? Long.BYTES / elementSize : 1;
    }

    /**
     * Transposes {@code count} squares that follow each other in the rows of the input. Element {@code (i, j)} moves from
     * {@code fromAt + i * fromRow + j * size} to {@code toAt + j * toRow + i * size}; all positions are bytes.
     */
    static void squares(int size, int count, byte[] from, int fromAt, int fromRow, byte[] to, int toAt, int toRow) {
        switch (size) {
            case 1 -> bytes(count, from, fromAt, fromRow, to, toAt, toRow);
            case 2 -> shorts(count, from, fromAt, fromRow, to, toAt, toRow);
            case 4 -> ints(count, from, fromAt, fromRow, to, toAt, toRow);
            default -> throw new IllegalArgumentException("elements of " + size + " bytes");
        }
    }

    private static void ints(int count, byte[] from, int fromAt, int fromRow, byte[] to, int toAt, int toRow) {
        int read = fromAt;
        int write = toAt;
        for (int i = 0; i < count; i++) {
            long a = (long) LONGS.get(from, read);
            long b = (long) LONGS.get(from, read + fromRow);
            LONGS.set(to, write, (a & LOW_HALF) | (b << 32));
            LONGS.set(to, write + toRow, (a >>> 32) | (b & ~LOW_HALF));
            read += 8;
            write += 2 * toRow;
        }
    }

    private static void shorts(int count, byte[] from, int fromAt, int fromRow, byte[] to, int toAt, int toRow) {
        int read = fromAt;
        int write = toAt;
        for (int i = 0; i < count; i++) {
            long a = (long) LONGS.get(from, read);
            long b = (long) LONGS.get(from, read + fromRow);
            long c = (long) LONGS.get(from, read + 2 * fromRow);
            long d = (long) LONGS.get(from, read + 3 * fromRow);
            long ab02 = (a & LOW_QUARTERS) | ((b & LOW_QUARTERS) << 16);
            long ab13 = ((a >>> 16) & LOW_QUARTERS) | (b & ~LOW_QUARTERS);
            long cd02 = (c & LOW_QUARTERS) | ((d & LOW_QUARTERS) << 16);
            long cd13 = ((c >>> 16) & LOW_QUARTERS) | (d & ~LOW_QUARTERS);
            LONGS.set(to, write, (ab02 & LOW_HALF) | (cd02 << 32));
            LONGS.set(to, write + toRow, (ab13 & LOW_HALF) | (cd13 << 32));
            LONGS.set(to, write + 2 * toRow, (ab02 >>> 32) | (cd02 & ~LOW_HALF));
            LONGS.set(to, write + 3 * toRow, (ab13 >>> 32) | (cd13 & ~LOW_HALF));
            read += 8;
            write += 4 * toRow;
        }
    }

    private static void bytes(int count, byte[] from, int fromAt, int fromRow, byte[] to, int toAt, int toRow) {
        int read = fromAt;
        int write = toAt;
        for (int i = 0; i < count; i++) {
            bytePairs(from, read, fromRow, to, write, toRow);
            read += 8;
            write += 8 * toRow;
        }
    }

    /** One square of 8 × 8 bytes: its even rows of output, then its odd ones, each as a square of 4 × 4 pairs. */
    private static void bytePairs(byte[] from, int read, int fromRow, byte[] to, int write, int toRow) {
        for (int odd = 0; odd < 2; odd++) {
            long a = pairs(from, read, fromRow, odd);
            long b = pairs(from, read + 2 * fromRow, fromRow, odd);
            long c = pairs(from, read + 4 * fromRow, fromRow, odd);
            long d = pairs(from, read + 6 * fromRow, fromRow, odd);
            long ab02 = (a & LOW_QUARTERS) | ((b & LOW_QUARTERS) << 16);
            long ab13 = ((a >>> 16) & LOW_QUARTERS) | (b & ~LOW_QUARTERS);
            long cd02 = (c & LOW_QUARTERS) | ((d & LOW_QUARTERS) << 16);
            long cd13 = ((c >>> 16) & LOW_QUARTERS) | (d & ~LOW_QUARTERS);
            int row = write + odd * toRow;
            LONGS.set(to, row, (ab02 & LOW_HALF) | (cd02 << 32));
            LONGS.set(to, row + 2 * toRow, (ab13 & LOW_HALF) | (cd13 << 32));
            LONGS.set(to, row + 4 * toRow, (ab02 >>> 32) | (cd02 & ~LOW_HALF));
            LONGS.set(to, row + 6 * toRow, (ab13 >>> 32) | (cd13 & ~LOW_HALF));
        }
    }

    /** The even or the odd bytes of two rows, as pairs of one from each. */
    private static long pairs(byte[] from, int read, int fromRow, int odd) {
        int shift = odd * 8;
        long a = (long) LONGS.get(from, read) >>> shift & LOW_EIGHTHS;
        long b = (long) LONGS.get(from, read + fromRow) >>> shift & LOW_EIGHTHS;
        return a | b << 8;
    }
}
