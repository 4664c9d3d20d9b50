package org.ptsanitize.formats.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.ByteSource;

/**
 * Brings one block of an output into memory: the box of elements that some axes span, wherever they lie in the source.
 * What lies near each other is read together, in the order of the source, into a window; where the gaps are wide, each
 * piece between two gaps is read by itself and the pieces are packed side by side. An expanded axis reads nothing.
 */
final class BlockReader {
    /** Bytes of the source that are in memory at a time. */
    private static final int WINDOW = 512 << 10;

    /** Skipping more bytes than this by a second read is cheaper than reading them. */
    private static final int GAP = 4 << 10;

    /** Runs from here on are read where they belong, without a window. */
    private static final int LONG_RUN = 8 << 10;

    private static final Axis NO_CUT = new Axis(1, 0, 0);

    private final ByteSource source;
    private final int elementSize;
    private final List<Axis> axes;

    /** Bytes that are read together. */
    private long piece;
    /** Where the pieces of a window are read and, as {@code to}, where they are put; the farthest apart first. */
    private final List<Axis> pieces = new ArrayList<>();
    /** How the elements of a window lie in it, without the cut axis. */
    private final List<Axis> inner = new ArrayList<>();
    /** The axis that is too long for a window and the number of its indexes in one; its distance there. */
    private Axis cut = NO_CUT;

    private long cutSize = 1;
    private long cutDistance;
    private boolean cutInPieces;
    /** Every combination of these, and every part of the cut axis, is a window. */
    private List<Axis> outer = List.of();

    /** A reader of blocks of these axes; the {@code to} of each is its distance in the block. */
    BlockReader(ByteSource source, int elementSize, List<Axis> axes) {
        this.source = source;
        this.elementSize = elementSize;
        this.axes = axes;
        List<Axis> near = new ArrayList<>(axes);
        near.removeIf(axis -> axis.from() == 0);
        near.sort(Comparator.comparingLong(Axis::from));
        plan(near);
        axes.stream().filter(axis -> axis.from() == 0).forEach(inner::add);
    }

    private void plan(List<Axis> near) {
        piece = elementSize;
        int next = 0;
        while (next < near.size()
                && isNear(near.get(next))
                && piece + near.get(next).reach() <= WINDOW) {
            inner.add(near.get(next));
            piece += near.get(next).reach();
            next++;
        }
        if (next < near.size() && isNear(near.get(next))) {
            cut(
                    near.get(next),
                    near.get(next).from(),
                    (WINDOW - piece) / near.get(next).from() + 1);
            next++;
        } else if (next < near.size()) {
            next = pack(near, next);
        }
        outer = near.subList(next, near.size());
    }

    private boolean isNear(Axis axis) {
        return axis.from() - piece <= GAP;
    }

    /** Lays pieces side by side until the window is full; returns the first axis outside of it. */
    private int pack(List<Axis> near, int first) {
        long distance = apart(piece);
        int next = first;
        while (next < near.size() && distance * near.get(next).size() <= WINDOW) {
            Axis axis = near.get(next);
            pieces.add(0, new Axis(axis.size(), axis.from(), distance));
            inner.add(axis.withFrom(distance));
            distance *= axis.size();
            next++;
        }
        if (next < near.size()) {
            cutInPieces = true;
            cut(near.get(next), distance, Math.max(1, WINDOW / distance));
            next++;
        }
        return next;
    }

    private void cut(Axis axis, long distance, long size) {
        cut = axis;
        cutDistance = distance;
        cutSize = Math.min(size, axis.size());
    }

    /** An odd number of cache lines: pieces at powers of two would compete for the same lines of the cache. */
    private static long apart(long length) {
        return (length + 63) / 64 * 64 | 64;
    }

    /** What reading a block costs, in bytes: those that are read, and as many as a read by itself is worth. */
    long effort() {
        long windows = (cut.size() + cutSize - 1) / cutSize;
        long reads = cutInPieces ? cutSize : 1;
        for (Axis axis : outer) {
            windows *= axis.size();
        }
        for (Axis axis : pieces) {
            reads *= axis.size();
        }
        return windows * reads * (GAP + readLength(cutSize));
    }

    /** Bytes of one read, where a window holds this many indexes of the cut axis. */
    private long readLength(long size) {
        return cutInPieces ? piece : piece + (size - 1) * cut.from();
    }

    /** Reads the block whose first element is at {@code start} into the front of an array. */
    void read(long start, byte[] block) throws IOException {
        Optional<Axis> run = axes.stream().filter(this::isLongRun).findFirst();
        if (run.isPresent() && axes.stream().allMatch(axis -> axis.from() > 0)) {
            readRuns(start, run.get(), block);
        } else {
            readWindows(start, block);
        }
    }

    private boolean isLongRun(Axis axis) {
        return axis.from() == elementSize && axis.to() == elementSize && axis.size() * elementSize >= LONG_RUN;
    }

    private void readRuns(long start, Axis run, byte[] block) throws IOException {
        List<Axis> others = new ArrayList<>(axes);
        others.remove(run);
        int length = (int) run.size() * elementSize;
        for (Walk walk = new Walk(others); walk.next(); ) {
            source.readFully(start + walk.from(), ByteBuffer.wrap(block, (int) walk.to(), length));
        }
    }

    private void readWindows(long start, byte[] block) throws IOException {
        byte[] window = new byte
                [(int) (piece
                        + pieces.stream()
                                .mapToLong(p -> (p.size() - 1) * p.to())
                                .sum()
                        + (cutSize - 1) * cutDistance)];
        ArrayGather whole = gather(cutSize);
        for (Walk walk = new Walk(outer); walk.next(); ) {
            for (long done = 0; done < cut.size(); done += cutSize) {
                long size = Math.min(cutSize, cut.size() - done);
                fill(start + walk.from() + done * cut.from(), size, window);
                ArrayGather gather = size == cutSize ? whole : gather(size);
                gather.copy(window, block, (int) (walk.to() + done * cut.to()));
            }
        }
    }

    private ArrayGather gather(long size) {
        List<Axis> all = new ArrayList<>(inner);
        all.add(new Axis(size, cutDistance, cut.to()));
        return new ArrayGather(elementSize, all);
    }

    private void fill(long start, long size, byte[] window) throws IOException {
        List<Axis> reads = new ArrayList<>(pieces);
        if (cutInPieces) {
            reads.add(0, new Axis(size, cut.from(), cutDistance));
        }
        int length = (int) readLength(size);
        for (Walk walk = new Walk(reads); walk.next(); ) {
            source.readFully(start + walk.from(), ByteBuffer.wrap(window, (int) walk.to(), length));
        }
    }
}
