package org.ptsanitize.formats.tensor;

import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An array kept for the next gather: a new one of many MiB would be cleared each time, and would make the heap grow.
 * Given away to one user at a time, and dropped when memory is short.
 */
final class Spare {
    private static final AtomicReference<SoftReference<byte[]>> KEPT = new AtomicReference<>(new SoftReference<>(null));

    private Spare() {}

    /** An array of at least this length, with anything in it. */
    static byte[] take(int length) {
        byte[] kept = KEPT.getAndSet(new SoftReference<>(null)).get();
        return kept != null && kept.length >= length ? kept : new byte[length];
    }

    /** Gives an array back, which must not be used any more. */
    static void give(byte[] array) {
        KEPT.set(new SoftReference<>(array));
    }
}
