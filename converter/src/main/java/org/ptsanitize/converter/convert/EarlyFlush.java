package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Flushes a long file to the disk while it is still being written, so that the disk works at the same time as the
 * processor and the last flush has little left to do. The system reports a failed write-back only once, so a failure
 * here is kept and fails the file.
 */
final class EarlyFlush {
    /** Small, so that little is left in the end; a disk that is slower than the writer is asked less often. */
    private static final long STEP = 8L << 20;

    private final FileChannel channel;
    private @Nullable Thread thread;
    private @Nullable IOException failure;
    private long reached;
    private long flushed;
    private boolean ended;

    EarlyFlush(FileChannel channel) {
        this.channel = channel;
    }

    /** Says how many bytes have been written so far. */
    synchronized void reached(long position) {
        if (position - reached >= STEP && !ended) {
            reached = position;
            if (thread == null) {
                thread = new Thread(this::run, "early-flush");
                thread.setDaemon(true);
                thread.start();
            }
            notifyAll();
        }
    }

    /** Waits for what is under way. What was written last is not flushed yet. */
    void end() throws IOException {
        Thread running = stop();
        if (running != null) {
            Interruptible.join(running);
        }
        throwFailure();
    }

    private synchronized @Nullable Thread stop() {
        ended = true;
        notifyAll();
        return thread;
    }

    private synchronized void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    private void run() {
        try {
            while (awaitWork()) {
                channel.force(false);
            }
        } catch (InterruptedIOException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            keep(e);
        }
    }

    /** Whether there is something to flush; waits for it, or for the end. */
    private synchronized boolean awaitWork() throws InterruptedIOException {
        Interruptible.await(this, () -> ended || reached != flushed);
        flushed = reached;
        return !ended;
    }

    private synchronized void keep(IOException e) {
        failure = e;
    }
}
