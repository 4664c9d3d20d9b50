package org.ptsanitize.converter.sanitize;

import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;
import org.ptsanitize.formats.tensor.Tile;
import org.ptsanitize.formats.tensor.TiledSource;

/** One-dimensional tensors, one behind another, from which runs of elements are cut. Nothing is copied. */
final class FlatWeights {
    private final List<TensorView> pieces = new ArrayList<>();
    private long elements;

    void add(TensorView piece) {
        pieces.add(piece);
        elements = Math.addExact(elements, piece.elements());
    }

    long elements() {
        return elements;
    }

    /** A run of elements inside one of the pieces. */
    record Run(TensorView piece, long first, long count) {}

    /**
     * The runs that {@code count} elements from {@code first} on lie in.
     *
     * @throws MalformedFileException if there are not so many
     */
    List<Run> cut(long first, long count, String name) throws MalformedFileException {
        if (count > elements - first) {
            throw new MalformedFileException(
                    "the ranks hold " + elements + " elements, but the shapes need more", Printable.quote(name));
        }
        List<Run> runs = new ArrayList<>();
        long before = 0;
        for (TensorView piece : pieces) {
            long from = Math.max(first, before);
            long to = Math.min(first + count, before + piece.elements());
            if (from < to) {
                runs.add(new Run(piece, from - before, to - from));
            }
            before += piece.elements();
        }
        return runs;
    }

    /** The tensor of a shape whose elements lie in these runs, one behind another; surplus ones are padding. */
    static TensorView tensor(String name, DType dtype, long[] sizes, List<Run> runs)
            throws MalformedFileException, UnsupportedFileException {
        String where = Printable.quote(name);
        long elements = Shape.elements(sizes, where);
        List<Tile> tiles = new ArrayList<>();
        long at = 0;
        for (Run run : runs) {
            long count = Math.min(run.count(), elements - at);
            if (count > 0) {
                tiles.add(new Tile(new long[] {at}, view(run, count, where)));
                at += count;
            }
        }
        if (tiles.size() == 1 && at == elements) {
            TensorView only = view(runs.get(0), elements, where);
            if (only.dtype() == dtype && only.stride(0) == 1) {
                return TensorView.of(
                        only.storage(), dtype, only.offset(), sizes, Shape.contiguousStrides(sizes), where);
            }
        }
        TiledSource whole = TiledSource.of(where, dtype, new long[] {elements}, tiles);
        Storage storage = whole.view(dtype).storage();
        return TensorView.of(storage, dtype, 0, sizes, Shape.contiguousStrides(sizes), where);
    }

    private static TensorView view(Run run, long count, String where) throws MalformedFileException {
        TensorView piece = run.piece();
        long offset = piece.offset() + run.first() * piece.stride(0);
        return TensorView.of(
                piece.storage(), piece.dtype(), offset, new long[] {count}, new long[] {piece.stride(0)}, where);
    }
}
