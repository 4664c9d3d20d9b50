package org.ptsanitize.converter.convert;

import java.io.InterruptedIOException;
import java.util.function.BooleanSupplier;

/** Waiting as part of reading and writing: an interruption stays set and is an {@link InterruptedIOException}. */
final class Interruptible {
    private Interruptible() {}

    /** Waits until a condition holds; the caller holds the monitor, by which a change of the condition is told. */
    static void await(Object monitor, BooleanSupplier condition) throws InterruptedIOException {
        try {
            while (!condition.getAsBoolean()) {
                monitor.wait();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Waits for the end of a thread. */
    static void join(Thread thread) throws InterruptedIOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }
}
