package org.ptsanitize.formats.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.ByteSource;

/**
 * Brings one block of an output into memory: the box of elements that some axes span, wherever they lie in the source.
 * What lies near each other is read together, in the order of the source, into a window; where the gaps are wide, each
 * piece between two gaps is read by itself and the pieces are packed side by side. An expanded axis reads nothing.
 */
final class BlockReader {
    /** Runs from here on are read where they belong, without a window. */
    private static final int LONG_RUN = 8 << 10;

    /** Bytes that are read at once: for each read, the JDK keeps a buffer of its own as long as that. */
    private static final int READ = 256 << 10;

    private static final Axis NO_CUT = new Axis(1, 0, 0);

    private final ByteSource source;
    private final int elementSize;
    private final List<Axis> axes;
    private final Buffers buffers;

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
    /** Those with no place in a window: every combination of them, and every part of the cut axis, is one. */
    private final Deque<Axis> left = new ArrayDeque<>();

    /** A reader of blocks of these axes; the {@code to} of each is its distance in the block. */
    BlockReader(ByteSource source, int elementSize, List<Axis> axes, Buffers buffers) {
        this.source = source;
        this.elementSize = elementSize;
        this.axes = axes;
        this.buffers = buffers;
        axes.stream()
                .filter(axis -> axis.from() > 0)
                .sorted(Comparator.comparingLong(Axis::from))
                .forEach(left::add);
        plan();
        axes.stream().filter(axis -> axis.from() == 0).forEach(inner::add);
    }

    private void plan() {
        piece = elementSize;
        while (!left.isEmpty()
                && isNear(left.getFirst())
                && piece + left.getFirst().reach() <= buffers.window()) {
            Axis axis = left.remove();
            inner.add(axis);
            piece += axis.reach();
        }
        if (!left.isEmpty() && isNear(left.getFirst())) {
            Axis axis = left.remove();
            cut(axis, axis.from(), (buffers.window() - piece) / axis.from() + 1);
        } else if (!left.isEmpty()) {
            pack();
        }
    }

    private boolean isNear(Axis axis) {
        return axis.from() - piece < buffers.gap();
    }

    /** Lays pieces side by side until the window is full. */
    private void pack() {
        long distance = apart(piece);
        while (!left.isEmpty() && distance * left.getFirst().size() <= buffers.window()) {
            Axis axis = left.remove();
            pieces.add(0, new Axis(axis.size(), axis.from(), distance));
            inner.add(axis.withFrom(distance));
            distance *= axis.size();
        }
        if (!left.isEmpty()) {
            cutInPieces = true;
            cut(left.remove(), distance, Math.max(1, buffers.window() / distance));
        }
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

    /** How many indexes of one of the axes a window holds. */
    long held(Axis axis) {
        return axis.equals(cut) ? cutSize : left.contains(axis) ? 1 : axis.size();
    }

    /** What reading a block costs, in bytes: those that are read, and as many as a read by itself is worth. */
    long effort() {
        long windows = (cut.size() + cutSize - 1) / cutSize;
        long reads = cutInPieces ? cutSize : 1;
        for (Axis axis : left) {
            windows *= axis.size();
        }
        for (Axis axis : pieces) {
            reads *= axis.size();
        }
        return windows * reads * (buffers.gap() + readLength(cutSize));
    }

    /** Bytes of one read, where a window holds this many indexes of the cut axis. */
    private long readLength(long size) {
        return cutInPieces ? piece : piece + (size - 1) * cut.from();
    }

    /** Reads the block whose first element is at {@code start} into an array, from a place on. */
    void read(long start, byte[] block, int at) throws IOException {
        Optional<Axis> run = axes.stream().filter(this::isLongRun).findFirst();
        if (run.isPresent() && axes.stream().allMatch(axis -> axis.from() > 0)) {
            readRuns(start, run.get(), block, at);
        } else {
            readWindows(start, block, at);
        }
    }

    private boolean isLongRun(Axis axis) {
        return axis.from() == elementSize && axis.to() == elementSize && axis.size() * elementSize >= LONG_RUN;
    }

    private void readRuns(long start, Axis run, byte[] block, int at) throws IOException {
        List<Axis> others = new ArrayList<>(axes);
        others.remove(run);
        int length = (int) run.size() * elementSize;
        for (Walk walk = new Walk(others); walk.next(); ) {
            source.readFully(start + walk.from(), ByteBuffer.wrap(block, (int) (at + walk.to()), length));
        }
    }

    private void readWindows(long start, byte[] block, int at) throws IOException {
        byte[] window = Spare.PART.take(windowSize());
        ArrayGather whole = gather(cutSize);
        for (Walk walk = new Walk(List.copyOf(left)); walk.next(); ) {
            for (long done = 0; done < cut.size(); done += cutSize) {
                long size = Math.min(cutSize, cut.size() - done);
                fill(start + walk.from() + done * cut.from(), size, window);
                ArrayGather gather = size == cutSize ? whole : gather(size);
                gather.copy(window, 0, block, (int) (at + walk.to() + done * cut.to()));
            }
        }
        Spare.PART.give(window);
    }

    private int windowSize() {
        long size = piece + (cutSize - 1) * cutDistance;
        for (Axis axis : pieces) {
            size += (axis.size() - 1) * axis.to();
        }
        return (int) size;
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
            for (int done = 0; done < length; done += READ) {
                int count = Math.min(READ, length - done);
                source.readFully(start + walk.from() + done, ByteBuffer.wrap(window, (int) walk.to() + done, count));
            }
        }
    }
}
