package org.ptsanitize.formats.tensor;

import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.ByteSource;

/**
 * How a block is cut in runs: so many indexes of its last axis as windows of a size hold.
 *
 * @param axes the axes of the block in the order of the output
 * @param length the indexes of the last axis in a run
 */
record Runs(ByteSource source, int elementSize, List<Axis> axes, Buffers buffers, long length) {
    /** Shorter runs are not worth a copy of their own, in bytes. */
    private static final int SHORTEST = 16;

    /** Longer runs gain nothing, in bytes; and at powers of two they would compete for the same lines of the cache. */
    private static final int LONGEST = 448;

    private static final int CACHE_LINE = 64;

    /** The runs of a block in the smallest windows where they are long; nothing where a first window holds long ones. */
    static Optional<Runs> of(ByteSource source, int elementSize, List<Axis> axes, Buffers buffers) {
        Axis last = axes.get(axes.size() - 1);
        if (axes.size() < 2
                || last.from() <= elementSize
                || axes.get(axes.size() - 2).to() > buffers.slice()) {
            return Optional.empty();
        }
        Runs runs = in(buffers.window(), source, elementSize, axes, buffers);
        if (runs.length == last.size() || runs.bytes() >= LONGEST) {
            return Optional.empty();
        }
        for (int window = buffers.window(); runs.bytes() < LONGEST && window < buffers.wideWindow(); ) {
            window = Math.min(2 * window, buffers.wideWindow());
            runs = in(window, source, elementSize, axes, buffers);
        }
        return runs.bytes() < SHORTEST ? Optional.empty() : Optional.of(runs);
    }

    private static Runs in(int window, ByteSource source, int elementSize, List<Axis> axes, Buffers buffers) {
        Buffers windows = buffers.withWindow(window);
        long held = new BlockReader(source, elementSize, axes, windows).held(axes.get(axes.size() - 1));
        return new Runs(source, elementSize, axes, windows, wholeLines(held * elementSize) / elementSize);
    }

    private long bytes() {
        return length * elementSize;
    }

    /** Whole cache lines, if there is one. */
    private static long wholeLines(long bytes) {
        return bytes < CACHE_LINE ? bytes : Math.min(bytes - bytes % CACHE_LINE, LONGEST);
    }
}
