package org.ptsanitize.converter.convert;

import java.io.InterruptedIOException;

/** Waiting as part of reading and writing: an interruption stays set and is an {@link InterruptedIOException}. */
final class Interruptible {
    private Interruptible() {}

    /** Waits to be notified; the caller holds the monitor and checks its condition in a loop. */
    static void await(Object monitor) throws InterruptedIOException {
        try {
            monitor.wait();
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
