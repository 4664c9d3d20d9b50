package org.ptsanitize.formats.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Copies of elements between arrays at fixed distances: one loop for each element size, plain enough for the compiler. */
final class Lanes {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private Lanes() {}

    /**
     * Copies {@code count} elements of {@code size} bytes. Element {@code i} moves from {@code fromAt + i * fromStep} to
     * {@code toAt + i * toStep}; all positions are bytes.
     */
    static void copy(int size, int count, byte[] from, int fromAt, int fromStep, byte[] to, int toAt, int toStep) {
        if (fromStep == size && toStep == size) {
            System.arraycopy(from, fromAt, to, toAt, count * size);
            return;
        }
        boolean dense = toStep == size; // as a constant, it lets the compiler check all writes of a loop at once
        switch (size) {
            case 1 -> copyBytes(count, from, fromAt, fromStep, to, toAt, toStep);
            case 2 -> {
                if (dense) {
                    copyShorts(count, from, fromAt, fromStep, to, toAt, 2);
                } else {
                    copyShorts(count, from, fromAt, fromStep, to, toAt, toStep);
                }
            }
            case 4 -> {
                if (dense) {
                    copyInts(count, from, fromAt, fromStep, to, toAt, 4);
                } else {
                    copyInts(count, from, fromAt, fromStep, to, toAt, toStep);
                }
            }
            case 8 -> copyLongs(count, from, fromAt, fromStep, to, toAt, toStep);
            case 16 -> copyPairs(count, from, fromAt, fromStep, to, toAt, toStep);
            default -> throw new IllegalArgumentException("elements of " + size + " bytes");
        }
    }

    private static void copyBytes(int count, byte[] from, int fromAt, int fromStep, byte[] to, int toAt, int toStep) {
        int read = fromAt;
        for (int i = 0; i < count; i++) {
            to[toAt + i * toStep] = from[read];
            read += fromStep;
        }
    }

    private static void copyShorts(int count, byte[] from, int fromAt, int fromStep, byte[] to, int toAt, int toStep) {
        int read = fromAt;
        for (int i = 0; i < count; i++) {
            SHORTS.set(to, toAt + i * toStep, (short) SHORTS.get(from, read));
            read += fromStep;
        }
    }

    private static void copyInts(int count, byte[] from, int fromAt, int fromStep, byte[] to, int toAt, int toStep) {
        int read = fromAt;
        for (int i = 0; i < count; i++) {
            INTS.set(to, toAt + i * toStep, (int) INTS.get(from, read));
            read += fromStep;
        }
    }

    private static void copyLongs(int count, byte[] from, int fromAt, int fromStep, byte[] to, int toAt, int toStep) {
        int read = fromAt;
        for (int i = 0; i < count; i++) {
            LONGS.set(to, toAt + i * toStep, (long) LONGS.get(from, read));
            read += fromStep;
        }
    }

    private static void copyPairs(int count, byte[] from, int fromAt, int fromStep, byte[] to, int toAt, int toStep) {
        int read = fromAt;
        for (int i = 0; i < count; i++) {
            LONGS.set(to, toAt + i * toStep, (long) LONGS.get(from, read));
            LONGS.set(to, toAt + i * toStep + 8, (long) LONGS.get(from, read + 8));
            read += fromStep;
        }
    }
}
