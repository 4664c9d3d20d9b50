package org.ptsanitize.converter.convert;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Blocks of 1 MiB outside the heap, kept for the next file: they are costly to make, and late to be freed. */
final class BlockPool {
    static final int BLOCK = 1 << 20;

    private static final int MOST_KEPT = 16;
    private static final ArrayBlockingQueue<ByteBuffer> KEPT = new ArrayBlockingQueue<>(MOST_KEPT);

    private BlockPool() {}

    /** An empty block; what an earlier user left in it is still there. */
    static ByteBuffer take() {
        ByteBuffer kept = KEPT.poll();
        return kept == null ? ByteBuffer.allocateDirect(BLOCK) : kept.clear();
    }

    /** Gives a block back, which must not be used any more. */
    static void give(ByteBuffer block) {
        KEPT.offer(block);
    }
}
