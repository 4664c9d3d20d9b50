package org.ptsanitize.converter.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.TensorBytes;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * The logical bytes of a tensor, block by block: C order, little-endian. Views of one shape and element type are cut at
 * the same places, so that two of them can be read side by side.
 */
final class ViewBlocks {
    /** Bytes of one block, at most. */
    static final int BLOCK = 1 << 20;

    private final TensorView view;
    private final long[] sizes;
    private final int split;
    private final long rows;
    private final long[] index;
    private boolean done;

    private ViewBlocks(TensorView view) {
        this.view = view;
        this.sizes = view.sizes();
        long most = BLOCK / view.dtype().size();
        int at = sizes.length - 1;
        long inner = 1;
        this.done = view.elements() == 0;
        while (!done && at > 0 && inner <= most / sizes[at]) {
            inner *= sizes[at];
            at--;
        }
        this.split = at;
        this.rows = Math.max(1, most / inner);
        this.index = new long[Math.max(0, at + 1)];
    }

    /** The blocks of a view; those of packed values as plain bytes. */
    static ViewBlocks of(TensorView view) throws MalformedFileException {
        int packed = view.dtype().valuesPerElement();
        if (packed > 1 && view.isContiguous() && view.offset() % packed == 0) {
            return new ViewBlocks(TensorView.of(
                    view.storage(),
                    DType.UINT8,
                    view.offset() / packed,
                    new long[] {view.byteSize()},
                    new long[] {1},
                    ""));
        }
        return new ViewBlocks(view);
    }

    /** Fills a buffer of {@link #BLOCK} bytes with the next block. Returns false if there is none. */
    boolean next(ByteBuffer block) throws IOException {
        if (done) {
            return false;
        }
        TensorView part = part();
        block.clear().limit((int) part.byteSize());
        TensorBytes.read(part, block);
        block.flip();
        return true;
    }

    private TensorView part() throws MalformedFileException {
        if (sizes.length == 0) {
            done = true;
            return view;
        }
        long offset = view.offset();
        for (int d = 0; d <= split; d++) {
            offset += index[d] * view.stride(d);
        }
        long[] partSizes = Arrays.copyOfRange(sizes, split, sizes.length);
        long[] partStrides = Arrays.copyOfRange(view.strides(), split, sizes.length);
        partSizes[0] = Math.min(rows, sizes[split] - index[split]);
        advance(partSizes[0]);
        boolean same = Shape.isContiguous(partSizes, partStrides);
        return TensorView.of(
                        view.storage(),
                        view.dtype(),
                        offset,
                        partSizes,
                        same ? Shape.contiguousStrides(partSizes) : partStrides,
                        "")
                .withBits(view.conjugate(), view.negative());
    }

    private void advance(long count) {
        index[split] += count;
        for (int d = split; d >= 0 && index[d] >= sizes[d]; d--) {
            if (d == 0) {
                done = true;
            } else {
                index[d] = 0;
                index[d - 1]++;
            }
        }
    }
}
