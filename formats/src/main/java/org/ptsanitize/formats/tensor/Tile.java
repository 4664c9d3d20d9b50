package org.ptsanitize.formats.tensor;

/** A box of a larger tensor: where its first element belongs, and its elements. */
public final class Tile {
    private final long[] offsets;
    private final TensorView view;
    private final int block;

    public Tile(long[] offsets, TensorView view) {
        this.offsets = offsets.clone();
        this.view = view;
        this.block = 0;
    }

    private Tile(Tile tile, int block) {
        this.offsets = tile.offsets;
        this.view = tile.view;
        this.block = block;
    }

    /** The same tile, prepared for a whole of these sizes. */
    Tile in(long[] whole) {
        int d = whole.length;
        long step = 1;
        // The innermost dimensions that lie in the tile as they do in the whole, and one more that is a part of it.
        while (d > 0 && (view.size(d - 1) == 1 || view.stride(d - 1) == step)) {
            d--;
            step *= view.size(d);
            if (view.size(d) != whole[d]) {
                break;
            }
        }
        return new Tile(this, d);
    }

    /** The first dimension of the run of elements that follow each other both here and in the whole. */
    int block() {
        return block;
    }

    TensorView view() {
        return view;
    }

    long offset(int dimension) {
        return offsets[dimension];
    }

    int rank() {
        return offsets.length;
    }

    boolean holds(long[] index) {
        for (int d = 0; d < index.length; d++) {
            if (index[d] < offsets[d] || index[d] - offsets[d] >= view.size(d)) {
                return false;
            }
        }
        return true;
    }

    boolean overlaps(Tile other) {
        for (int d = 0; d < offsets.length; d++) {
            if (offsets[d] >= other.offsets[d] + other.view.size(d) || other.offsets[d] >= offsets[d] + view.size(d)) {
                return false;
            }
        }
        return true;
    }
}
