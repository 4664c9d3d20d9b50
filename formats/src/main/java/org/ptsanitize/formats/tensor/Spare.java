package org.ptsanitize.formats.tensor;

import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An array kept for the next gather: a new one of many MiB would be cleared each time, and would make the heap grow.
 * Given away to one user at a time, and dropped when memory is short.
 */
final class Spare {
    private static final SoftReference<byte[]> NONE = new SoftReference<>(null);

    /** For blocks. */
    static final Spare BLOCK = new Spare();

    /** For what is a part of a block: windows and slices. */
    static final Spare PART = new Spare();

    private final AtomicReference<SoftReference<byte[]>> kept = new AtomicReference<>(NONE);

    private Spare() {}

    /** An array of at least this length, with anything in it. */
    byte[] take(int length) {
        byte[] array = kept.getAndSet(NONE).get();
        return array != null && array.length >= length ? array : new byte[length];
    }

    /** Gives an array back, which must not be used any more. */
    void give(byte[] array) {
        kept.set(new SoftReference<>(array));
    }
}
