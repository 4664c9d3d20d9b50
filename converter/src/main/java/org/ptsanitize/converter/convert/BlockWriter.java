package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Writes blocks to a file, in order, in a thread of its own that starts with the first block handed over. With
 * read-back, each block is read from the file again and compared with what was handed over, byte by byte, before it is
 * given out again.
 */
final class BlockWriter {
    static final int MOST_BLOCKS = 4;

    /**
     * Bytes of one call to the system: what is read back is then still in the processor's cache, and file systems that
     * take memory in runs as long as a write need no long ones, which cost several times as much on a virtual machine.
     */
    private static final int PIECE = 256 << 10;

    private final FileChannel channel;
    private final EarlyFlush flush;
    private final boolean readBack;

    private final Deque<ByteBuffer> empty = new ArrayDeque<>();
    private final Deque<ByteBuffer> full = new ArrayDeque<>();
    private int blocks;
    private boolean busy;
    private boolean ended;
    private @Nullable Thread thread;
    private @Nullable Throwable failure;

    BlockWriter(FileChannel channel, EarlyFlush flush, boolean readBack) {
        this.channel = channel;
        this.flush = flush;
        this.readBack = readBack;
    }

    /** A block to fill. */
    synchronized ByteBuffer take() throws IOException {
        if (empty.isEmpty() && blocks < MOST_BLOCKS) {
            blocks++;
            return BlockPool.take();
        }
        Interruptible.await(this, () -> !empty.isEmpty() || failure != null);
        throwFailure();
        return empty.remove();
    }

    /** Hands over a filled block, which is the writer's from now on. */
    synchronized void put(ByteBuffer filled) throws IOException {
        throwFailure();
        if (thread == null) {
            thread = new Thread(this::run, "block-writer");
            thread.setDaemon(true);
            thread.start();
        }
        full.add(filled);
        notifyAll();
    }

    /** Waits until everything handed over is in the file. */
    synchronized void drain() throws IOException {
        Interruptible.await(this, () -> failure != null || !busy && full.isEmpty());
        throwFailure();
    }

    /** Ends the thread; what is handed over and not yet written stays unwritten. */
    void end() throws IOException {
        Thread running = stop();
        if (running != null) {
            Interruptible.join(running);
        }
        empty.forEach(BlockPool::give);
        empty.clear();
    }

    private synchronized @Nullable Thread stop() {
        ended = true;
        notifyAll();
        return thread;
    }

    private void throwFailure() throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
    }

    private void run() {
        try {
            for (ByteBuffer block = next(); block != null; block = next()) {
                write(block);
                done(block);
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    private synchronized @Nullable ByteBuffer next() throws IOException {
        Interruptible.await(this, () -> !full.isEmpty() || ended);
        busy = !ended;
        return ended ? null : full.remove();
    }

    private synchronized void done(ByteBuffer block) {
        busy = false;
        empty.add(block.clear());
        notifyAll();
    }

    private synchronized void fail(Throwable e) {
        failure = e;
        busy = false;
        notifyAll();
    }

    /** Writes a block in the calling thread. Nothing handed over may be unwritten. */
    void write(ByteBuffer block) throws IOException {
        for (int from = block.position(); from < block.limit(); from += PIECE) {
            writePiece(block.slice(from, Math.min(PIECE, block.limit() - from)));
        }
    }

    private void writePiece(ByteBuffer piece) throws IOException {
        long start = channel.position();
        while (piece.hasRemaining()) {
            channel.write(piece);
        }
        flush.reached(start + piece.limit());
        if (readBack) {
            ByteBuffer back = BlockPool.take();
            compare(start, piece.flip(), back.limit(piece.limit()));
            BlockPool.give(back);
        }
    }

    private void compare(long start, ByteBuffer piece, ByteBuffer back) throws IOException {
        while (back.hasRemaining()) {
            if (channel.read(back, start + back.position()) < 0) {
                throw new VerificationException(
                        "the output was read back and ends at byte " + (start + back.position()));
            }
        }
        int mismatch = piece.mismatch(back.flip());
        if (mismatch >= 0) {
            throw new VerificationException("the output was read back and differs at byte " + (start + mismatch));
        }
    }
}
