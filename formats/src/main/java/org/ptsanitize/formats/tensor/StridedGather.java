package org.ptsanitize.formats.tensor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;

/**
 * Writes a strided view in C order, block by block: as many of its last dimensions as fit in memory are gathered,
 * transformed and written, then the next block. A block that repeats the one before (an expanded dimension) is written
 * again without being read again.
 */
final class StridedGather {
    private final TensorView view;
    private final ElementTransform transform;
    private final int elementSize;
    private final Buffers buffers;
    private long heldStart = -1;
    private long heldRows;

    /** A gather of a view that has elements. */
    StridedGather(TensorView view, ElementTransform transform, Buffers buffers) {
        this.view = view;
        this.transform = transform;
        this.elementSize = view.dtype().size();
        this.buffers = buffers;
    }

    /**
     * The dimensions of a view in bytes, without those of size 1, and with every dimension merged into the one before
     * where both together are one even progression.
     */
    static List<Axis> axes(TensorView view) {
        int elementSize = view.dtype().size();
        List<Axis> reversed = new ArrayList<>();
        Axis inside = new Axis(1, elementSize, elementSize);
        long to = elementSize;
        for (int d = view.rank() - 1; d >= 0; d--) {
            if (view.size(d) == 1) {
                continue;
            }
            Axis axis = new Axis(view.size(d), view.stride(d) * elementSize, to);
            if (axis.from() == inside.size() * inside.from() && !reversed.isEmpty()) {
                inside = inside.withSize(inside.size() * axis.size());
                reversed.set(reversed.size() - 1, inside);
            } else {
                inside = axis;
                reversed.add(inside);
            }
            to = Math.multiplyExact(to, axis.size());
        }
        if (reversed.isEmpty()) {
            reversed.add(inside);
        }
        Collections.reverse(reversed);
        return reversed;
    }

    void writeTo(ByteSink sink) throws IOException {
        List<Axis> axes = axes(view);
        Blocks blocks = new Blocks(axes, false);
        if (blocks.reader(blocks.rows).effort() > 2L * blocks.bytes(blocks.rows)) {
            blocks = new Blocks(axes, true);
        }
        write(blocks, sink);
    }

    /** How the output is cut: one axis in parts of {@code rows} indexes, all axes inside of it whole. */
    private final class Blocks {
        private final List<Axis> outer;
        private final Axis cut;
        private final List<Axis> slab;
        private final long rows;
        private final boolean wide;

        Blocks(List<Axis> axes, boolean wide) {
            int limit = wide ? buffers.wideBlock() : buffers.block();
            int split = 0;
            while (axes.get(split).to() > limit) {
                split++;
            }
            this.outer = axes.subList(0, split);
            this.cut = axes.get(split);
            this.slab = axes.subList(split + 1, axes.size());
            this.wide = wide;
            this.rows = Math.min(cut.size(), limit / cut.to());
        }

        int bytes(long count) {
            return (int) (count * cut.to());
        }

        BlockReader reader(long count) {
            return new BlockReader(view.storage().bytes(), elementSize, axes(count), buffers);
        }

        private List<Axis> axes(long count) {
            List<Axis> axes = new ArrayList<>();
            axes.add(cut.withSize(count));
            axes.addAll(slab);
            return axes;
        }

        Block block(long count, byte[] memory) {
            ByteSource source = view.storage().bytes();
            Optional<Runs> runs = wide ? Runs.of(source, elementSize, axes(count), buffers) : Optional.empty();
            if (runs.isPresent()) {
                return new RunBlock(runs.get(), transform, memory);
            }
            return new PlainBlock(reader(count), transform, memory, bytes(count), buffers.slice());
        }
    }

    private void write(Blocks blocks, ByteSink sink) throws IOException {
        Axis cut = blocks.cut;
        byte[] memory = Spare.BLOCK.take(blocks.bytes(blocks.rows) + ElementTransform.SLACK);
        Block full = blocks.block(blocks.rows, memory);
        Block tail = blocks.block(Math.max(1, cut.size() % blocks.rows), memory);
        for (Walk walk = new Walk(blocks.outer); walk.next(); ) {
            for (long row = 0; row < cut.size(); row += blocks.rows) {
                long count = Math.min(blocks.rows, cut.size() - row);
                long start = view.offset() * elementSize + walk.from() + row * cut.from();
                Block block = count == blocks.rows ? full : tail;
                load(start, count, block);
                block.writeTo(sink);
            }
        }
        Spare.BLOCK.give(memory);
    }

    private void load(long start, long rows, Block block) throws IOException {
        if (start == heldStart && rows <= heldRows) {
            return;
        }
        block.read(start);
        heldStart = start;
        heldRows = rows;
    }
}
