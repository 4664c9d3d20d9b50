package org.ptsanitize.formats.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/**
 * The bytes of a tensor in C order that lies in boxes, each in a storage of its own. Nothing is copied before it is
 * read. The tiles cover every element exactly once: {@link #of} checks it.
 */
public final class TiledSource implements ByteSource {
    private static final int MOST_TILES = 2048;
    private static final int WINDOW = 1 << 16;
    private static final int BLOCK = 1 << 18;

    private final String name;
    private final long[] sizes;
    private final int elementSize;
    private final long size;
    private final List<Tile> tiles;

    private TiledSource(String name, DType dtype, long[] sizes, List<Tile> tiles, long elements) {
        this.name = name;
        this.sizes = sizes;
        this.elementSize = dtype.size();
        this.size = Math.multiplyExact(elements, dtype.size());
        this.tiles = tiles;
    }

    /**
     * Puts a tensor together.
     *
     * @param name how messages call it
     * @throws MalformedFileException if the tiles overlap, leave gaps, reach outside or are of another type
     */
    public static TiledSource of(String name, DType dtype, long[] sizes, List<Tile> tiles)
            throws MalformedFileException, UnsupportedFileException {
        long elements = Shape.elements(sizes, name);
        if (dtype.valuesPerElement() > 1) {
            throw new UnsupportedFileException("a tensor of " + dtype.torchName() + " in pieces", name);
        }
        List<Tile> sorted = new ArrayList<>();
        long covered = 0;
        for (Tile tile : tiles) {
            checkTile(name, dtype, sizes, tile);
            if (tile.view().elements() > 0) {
                covered = Math.addExact(covered, tile.view().elements());
                sorted.add(tile.in(sizes));
            }
        }
        sorted.sort(Comparator.comparing(tile -> firstElement(tile, sizes)));
        checkOverlap(name, sizes, sorted);
        if (covered != elements) {
            throw new MalformedFileException(
                    "the pieces of a tensor have " + covered + " of its " + elements + " elements", name);
        }
        return new TiledSource(name, dtype, sizes.clone(), sorted, elements);
    }

    private static void checkTile(String name, DType dtype, long[] sizes, Tile tile)
            throws MalformedFileException, UnsupportedFileException {
        TensorView view = tile.view();
        boolean fits = view.rank() == sizes.length && tile.rank() == sizes.length && view.dtype() == dtype;
        for (int d = 0; d < sizes.length && fits; d++) {
            fits = tile.offset(d) >= 0 && view.size(d) <= sizes[d] && tile.offset(d) <= sizes[d] - view.size(d);
        }
        if (!fits) {
            throw new MalformedFileException(
                    "a piece " + view.dtype().torchName() + " " + Arrays.toString(view.sizes())
                            + " that does not fit into " + dtype.torchName() + " " + Arrays.toString(sizes),
                    name);
        }
        if (view.conjugate() || view.negative() || TensorBytes.isSwapped(view)) {
            throw new UnsupportedFileException("a piece that is not stored as it is", name);
        }
    }

    private static long firstElement(Tile tile, long[] sizes) {
        long first = 0;
        for (int d = 0; d < sizes.length; d++) {
            first = first * sizes[d] + tile.offset(d);
        }
        return first;
    }

    private static void checkOverlap(String name, long[] sizes, List<Tile> sorted)
            throws MalformedFileException, UnsupportedFileException {
        if (sorted.size() > MOST_TILES) {
            throw new UnsupportedFileException(
                    "a tensor in " + sorted.size() + " pieces, at most " + MOST_TILES + " are put together", name);
        }
        for (int i = 0; i < sorted.size(); i++) {
            for (int j = i + 1; j < sorted.size(); j++) {
                if (sorted.get(i).overlaps(sorted.get(j))) {
                    throw new MalformedFileException(
                            "two pieces of a tensor " + Arrays.toString(sizes) + " overlap", name);
                }
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
        checkRange(position, target.remaining());
        long at = position;
        int hint = 0;
        while (target.hasRemaining()) {
            long element = at / elementSize;
            int skipped = (int) (at % elementSize);
            long[] index = index(element);
            hint = find(index, hint);
            int before = target.remaining();
            if (skipped == 0 && before >= elementSize) {
                readRun(tiles.get(hint), index, target);
            } else {
                ByteBuffer one = ByteBuffer.allocate(elementSize);
                readRun(tiles.get(hint), index, one);
                one.flip().position(skipped);
                one.limit(Math.min(elementSize, skipped + before));
                target.put(one);
            }
            at += before - target.remaining();
        }
    }

    private long[] index(long element) {
        long[] index = new long[sizes.length];
        long rest = element;
        for (int d = sizes.length - 1; d >= 0; d--) {
            index[d] = rest % sizes[d];
            rest /= sizes[d];
        }
        return index;
    }

    private int find(long[] index, int hint) {
        for (int i = 0; i < tiles.size(); i++) {
            int at = (hint + i) % tiles.size();
            if (tiles.get(at).holds(index)) {
                return at;
            }
        }
        throw new AssertionError("the tiles cover every element");
    }

    /** Reads whole elements from one place on, as many as follow each other in a tile and fit. */
    private void readRun(Tile tile, long[] index, ByteBuffer target) throws IOException {
        TensorView view = tile.view();
        long element = view.offset();
        for (int d = 0; d < index.length; d++) {
            element += (index[d] - tile.offset(d)) * view.stride(d);
        }
        int wanted = target.remaining() / elementSize;
        int last = index.length - 1;
        if (tile.block() < index.length) {
            int bytes = (int) Math.min(wanted, inBlock(tile, index)) * elementSize;
            int limit = target.limit();
            target.limit(target.position() + bytes);
            view.storage().bytes().readFully(element * elementSize, target);
            target.limit(limit);
        } else if (last < 0) {
            copy(view, element, 1, 1, target);
        } else {
            long left = tile.offset(last) + view.size(last) - index[last];
            copy(view, element, view.stride(last), (int) Math.min(wanted, left), target);
        }
    }

    /** How many elements follow each other in a tile from an index on. */
    private static long inBlock(Tile tile, long[] index) {
        long done = 0;
        long all = 1;
        for (int d = tile.block(); d < index.length; d++) {
            done = done * tile.view().size(d) + index[d] - tile.offset(d);
            all *= tile.view().size(d);
        }
        return all - done;
    }

    /** Picks elements that lie apart, by windows of the storage. */
    private void copy(TensorView view, long first, long stride, int count, ByteBuffer target) throws IOException {
        long step = stride * elementSize;
        int perWindow = (int) Math.max(1, Math.min(count, WINDOW / Math.max(1, step)));
        ByteBuffer window = ByteBuffer.allocate((int) Math.max(elementSize, (perWindow - 1) * step + elementSize));
        int done = 0;
        while (done < count) {
            int now = Math.min(perWindow, count - done);
            window.clear().limit((int) ((now - 1) * step) + elementSize);
            view.storage().bytes().readFully(first * elementSize + done * step, window);
            for (int i = 0; i < now; i++) {
                int at = (int) (i * step);
                target.put(target.position(), window, at, elementSize);
                target.position(target.position() + elementSize);
            }
            done += now;
        }
    }

    @Override
    public void transferTo(long position, long count, WritableByteChannel target) throws IOException {
        checkRange(position, count);
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, count));
        long done = 0;
        while (done < count) {
            block.clear().limit((int) Math.min(block.capacity(), count - done));
            readFully(position + done, block);
            block.flip();
            done += block.remaining();
            while (block.hasRemaining()) {
                target.write(block);
            }
        }
    }

    /** The whole tensor. */
    public TensorView view(DType dtype) throws MalformedFileException {
        Storage storage = new Storage(name, this, ByteOrder.LITTLE_ENDIAN);
        return TensorView.of(storage, dtype, 0, sizes.clone(), Shape.contiguousStrides(sizes), name);
    }

    @Override
    public void close() {}
}
