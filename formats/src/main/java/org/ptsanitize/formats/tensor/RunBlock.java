package org.ptsanitize.formats.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;

/**
 * A block that comes to the order of the output in two steps, for elements that lie far apart in the source and would be
 * scattered over all of the block. In memory it has the order of the source, but runs of the output's last axis, as many
 * of its indexes as a window holds, are innermost: so each window becomes one range. On the way to the sink the runs are
 * put side by side, a slice of the output at a time. Memory is read and written nearly from front to back both times.
 */
final class RunBlock implements Block {
    private final ByteSource source;
    private final int elementSize;
    private final List<Axis> outer;
    private final Axis last;
    private final Buffers buffers;
    private final ElementTransform transform;
    private final byte[] memory;
    private final List<Part> parts = new ArrayList<>();

    /** @param memory at least as long as the block */
    RunBlock(Runs runs, ElementTransform transform, byte[] memory) {
        this.source = runs.source();
        this.elementSize = runs.elementSize();
        int rank = runs.axes().size();
        this.outer = runs.axes().subList(0, rank - 1);
        this.last = runs.axes().get(rank - 1);
        this.buffers = runs.buffers();
        this.transform = transform;
        this.memory = memory;
        long count = last.size() / runs.length();
        long rest = last.size() % runs.length();
        Part whole = new Part(0, count, runs.length(), 0);
        parts.add(whole);
        if (rest > 0) {
            parts.add(new Part(count * runs.length(), 1, rest, whole.end));
        }
    }

    @Override
    public void read(long start) throws IOException {
        for (Part part : parts) {
            part.read(start);
        }
    }

    @Override
    public void writeTo(ByteSink sink) throws IOException {
        byte[] slice = Spare.PART.take(buffers.slice() + ElementTransform.SLACK);
        int cut = 0;
        while (outer.get(cut).to() > buffers.slice()) {
            cut++;
        }
        Axis rows = outer.get(cut);
        long most = Math.min(rows.size(), buffers.slice() / rows.to());
        long length = outer.get(0).size() * outer.get(0).to();
        for (long at = 0; at < length; at += rows.size() * rows.to()) {
            for (long row = 0; row < rows.size(); row += most) {
                long count = Math.min(most, rows.size() - row);
                for (Part part : parts) {
                    part.copy(at + row * rows.to(), cut, count, slice);
                }
                int bytes = (int) (count * rows.to());
                transform.apply(slice, bytes);
                sink.write(ByteBuffer.wrap(slice, 0, bytes));
            }
        }
        Spare.PART.give(slice);
    }

    /** Runs of one length: all that are whole, or what is left of the last axis. */
    private final class Part {
        private final long first;
        private final int start;
        private final int end;
        private final BlockReader reader;
        /** From memory to the output: the outer axes, the axis of the runs, and that within a run. */
        private final List<Axis> axes = new ArrayList<>();

        /** @param first the first index of the last axis */
        Part(long first, long runs, long run, int start) {
            this.first = first;
            this.start = start;
            List<Axis> apart = new ArrayList<>(outer);
            apart.add(new Axis(runs, run * last.from(), run * elementSize));
            long[] distances = new long[apart.size()];
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < distances.length; i++) {
                if (apart.get(i).from() > 0 && apart.get(i).size() > 1) {
                    order.add(i);
                }
            }
            order.sort(Comparator.comparingLong(i -> apart.get(i).from()));
            List<Axis> reading = new ArrayList<>();
            reading.add(new Axis(run, last.from(), elementSize));
            long distance = run * elementSize;
            for (int i : order) {
                Axis axis = apart.get(i);
                distances[i] = distance;
                add(reading, new Axis(axis.size(), axis.from(), distance));
                distance *= axis.size();
            }
            this.end = (int) (start + distance);
            this.reader = new BlockReader(source, elementSize, reading, buffers);
            for (int i = 0; i < distances.length; i++) {
                axes.add(apart.get(i).withFrom(distances[i]));
            }
            axes.add(new Axis(run, elementSize, elementSize));
        }

        /** Adds an axis, as a part of the one before where both are one even progression. */
        private void add(List<Axis> reading, Axis axis) {
            int before = reading.size() - 1;
            Axis inside = reading.get(before);
            if (before > 0 && axis.from() == inside.size() * inside.from()) {
                reading.set(before, inside.withSize(inside.size() * axis.size()));
            } else {
                reading.add(axis);
            }
        }

        void read(long blockStart) throws IOException {
            reader.read(blockStart + first * last.from(), memory, start);
        }

        /** Copies what it has of a slice: {@code count} indexes of the axis {@code cut} from a position of the output on. */
        void copy(long position, int cut, long count, byte[] slice) {
            long from = start;
            long rest = position;
            for (Axis axis : axes.subList(0, cut + 1)) {
                from += rest / axis.to() * axis.from();
                rest %= axis.to();
            }
            List<Axis> inside = new ArrayList<>(axes.subList(cut, axes.size()));
            inside.set(0, inside.get(0).withSize(count));
            new ArrayGather(elementSize, inside).copy(memory, (int) from, slice, (int) (first * elementSize));
        }
    }
}
