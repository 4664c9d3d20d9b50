package org.ptsanitize.formats.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Copies a box of elements from one array to another. Two axes are the innermost: the one along which the output is
 * dense, and the one along which the input is; where they differ (a transpose), both are cut in tiles that stay in the
 * first cache.
 */
final class ArrayGather {
    /** Elements along each side of a tile. */
    private static final int TILE = 64;

    /** Addresses this far apart compete for the same {@link #WAYS} lines of a cache. */
    private static final int SAME_LINES = 1 << 10;

    /** And those a little less or more than that far. */
    private static final int NEAR = 16;

    private static final int WAYS = 8;

    /** Axes below this size are not worth an inner loop, such as those of a 3 × 3 kernel. */
    private static final int SHORT = 16;

    private final int elementSize;
    private final Axis line;
    private final Axis plane;
    private final List<Axis> rest;
    private final int lineTile;
    private final int planeTile;
    private final int side;

    ArrayGather(int elementSize, List<Axis> axes) {
        this.elementSize = elementSize;
        Axis single = new Axis(1, elementSize, elementSize);
        List<Axis> left = new ArrayList<>(axes);
        left.removeIf(axis -> axis.size() == 1);
        this.line = left.stream().min(Comparator.comparingLong(Axis::to)).orElse(single);
        left.remove(line);
        this.plane = left.stream()
                .filter(axis -> axis.from() > 0)
                .min(Comparator.comparing((Axis axis) -> axis.size() < SHORT).thenComparingLong(Axis::from))
                .orElse(single);
        left.remove(plane);
        this.rest = left;
        boolean transposed = line.from() > plane.from() && plane.size() > 1;
        boolean dense = line.to() == elementSize && plane.from() == elementSize;
        this.side = transposed && dense ? Transpose.side(elementSize) : 1;
        long beside = line.from() % SAME_LINES;
        boolean competing = Math.min(beside, SAME_LINES - beside) < NEAR;
        this.lineTile = transposed ? (competing ? WAYS : TILE) : (int) line.size();
        this.planeTile = transposed ? TILE : (int) plane.size();
    }

    void copy(byte[] from, int fromAt, byte[] to, int toAt) {
        for (Walk walk = new Walk(rest); walk.next(); ) {
            copyPlane(from, (int) (fromAt + walk.from()), to, (int) (toAt + walk.to()));
        }
    }

    private void copyPlane(byte[] from, int fromAt, byte[] to, int toAt) {
        int lineFrom = (int) line.from();
        int lineTo = (int) line.to();
        for (int p = 0; p < plane.size(); p += planeTile) {
            int planeEnd = (int) Math.min(plane.size(), p + (long) planeTile);
            for (int n = 0; n < line.size(); n += lineTile) {
                int count = (int) Math.min(lineTile, line.size() - n);
                int tileFrom = fromAt + n * lineFrom;
                int tileTo = toAt + n * lineTo;
                if (side > 1) {
                    transpose(count, p, planeEnd, from, tileFrom, to, tileTo);
                } else {
                    copyTile(count, p, planeEnd, from, tileFrom, to, tileTo);
                }
            }
        }
    }

    /** Copies {@code count} indexes of the line axis for some indexes of the plane axis. */
    private void copyTile(int count, int p, int planeEnd, byte[] from, int tileFrom, byte[] to, int tileTo) {
        for (int q = p; q < planeEnd; q++) {
            int lineStart = tileFrom + q * (int) plane.from();
            int lineEnd = tileTo + q * (int) plane.to();
            Lanes.copy(elementSize, count, from, lineStart, (int) line.from(), to, lineEnd, (int) line.to());
        }
    }

    /** The same by squares, and what is left over at two sides by elements. */
    private void transpose(int count, int p, int planeEnd, byte[] from, int tileFrom, byte[] to, int tileTo) {
        int squares = (planeEnd - p) / side;
        int whole = count - count % side;
        int planeFrom = tileFrom + p * elementSize;
        int planeTo = tileTo + p * (int) plane.to();
        for (int n = 0; n < whole; n += side) {
            Transpose.squares(
                    elementSize,
                    squares,
                    from,
                    planeFrom + n * (int) line.from(),
                    (int) line.from(),
                    to,
                    planeTo + n * elementSize,
                    (int) plane.to());
        }
        if (p + squares * side < planeEnd) {
            copyTile(whole, p + squares * side, planeEnd, from, tileFrom, to, tileTo);
        }
        if (whole < count) {
            int restFrom = tileFrom + whole * (int) line.from();
            copyTile(count - whole, p, planeEnd, from, restFrom, to, tileTo + whole * elementSize);
        }
    }
}
