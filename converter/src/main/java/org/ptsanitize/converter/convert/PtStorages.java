package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.ptsanitize.converter.naming.ViewKey;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorBytes;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * How the views of a {@code .pt} output are laid out in storages. Views that overlap share one, ties included; a view
 * that overlaps no other gets its own. Bytes that no view reaches are zero, so nothing that lay beside a saved slice
 * gets into an output.
 */
final class PtStorages {
    /** Where a view lies in the output. */
    record Place(Part part, long offset, long[] strides) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** A storage of the output; its key is its number in the order of first use. */
    static final class Part {
        private final List<TensorView> views = new ArrayList<>(1);
        private final boolean dense;
        private final long start;
        private final long elements;
        private int key = -1;
        private long position = -1;

        /** @param dense whether the only view is written C-contiguous instead of as it lies */
        private Part(boolean dense, long start, long elements) {
            this.dense = dense;
            this.start = start;
            this.elements = elements;
        }

        DType dtype() {
            return views.get(0).dtype();
        }

        /** Elements as a storage class counts them: for packed types, bytes. */
        long storageElements() {
            int packed = dtype().valuesPerElement();
            return (elements + packed - 1) / packed;
        }

        long byteSize() {
            return storageElements() * dtype().size();
        }

        int key() {
            return key;
        }

        /** @param at the position in the file that the sink is at */
        void write(ByteSink out, long at, Budget budget) throws IOException {
            position = at;
            if (elements == 0) {
                return;
            }
            TensorView first = views.get(0);
            if (dense) {
                TensorBytes.write(first, out);
                return;
            }
            Storage storage = first.storage();
            TensorView span =
                    TensorView.of(storage, dtype(), start, new long[] {elements}, new long[] {1}, storage.key());
            BitSet reached = Reach.of(views, start, elements, budget);
            if (reached.cardinality() == elements) {
                TensorBytes.write(span, out);
            } else {
                TensorBytes.write(span, new MaskingSink(out, reached, dtype().size()));
            }
        }
    }

    private final Map<ViewKey, Place> places = new HashMap<>();
    private final List<Part> used = new ArrayList<>();

    /** Lays out views, given in any order. */
    static PtStorages of(List<TensorView> views) {
        PtStorages layout = new PtStorages();
        Map<Storage, Map<ViewKey, TensorView>> byStorage = new IdentityHashMap<>();
        List<Map<ViewKey, TensorView>> order = new ArrayList<>();
        for (TensorView view : views) {
            byStorage
                    .computeIfAbsent(view.storage(), storage -> {
                        Map<ViewKey, TensorView> distinct = new LinkedHashMap<>();
                        order.add(distinct);
                        return distinct;
                    })
                    .putIfAbsent(new ViewKey(view), view);
        }
        for (Map<ViewKey, TensorView> distinct : order) {
            layout.layOut(List.copyOf(distinct.values()));
        }
        return layout;
    }

    private void layOut(List<TensorView> views) {
        List<TensorView> sharing = new ArrayList<>();
        for (TensorView view : views) {
            boolean alone = view.elements() == 0
                    || view.conjugate()
                    || view.negative()
                    || view.dtype().valuesPerElement() > 1;
            if (alone) {
                placeAlone(view);
            } else {
                sharing.add(view);
            }
        }
        sharing.sort(Comparator.comparingLong(TensorView::offset));
        int from = 0;
        while (from < sharing.size()) {
            int to = from + 1;
            long end = sharing.get(from).endElement();
            while (to < sharing.size() && sharing.get(to).offset() < end) {
                end = Math.max(end, sharing.get(to).endElement());
                to++;
            }
            placeTogether(sharing.subList(from, to), end);
            from = to;
        }
    }

    private void placeTogether(List<TensorView> views, long end) {
        TensorView first = views.get(0);
        long start = first.offset();
        if (views.size() == 1 && (first.isContiguous() || end - start > first.elements())) {
            placeAlone(first);
            return;
        }
        Part part = new Part(false, start, end - start);
        part.views.addAll(views);
        for (TensorView view : views) {
            places.put(new ViewKey(view), new Place(part, view.offset() - start, view.strides()));
        }
    }

    private void placeAlone(TensorView view) {
        Part part = new Part(true, 0, view.elements());
        part.views.add(view);
        places.put(new ViewKey(view), new Place(part, 0, Shape.contiguousStrides(view.sizes())));
    }

    /** The place of a view; the first call for a storage gives it its key. */
    Place use(TensorView view) {
        Place place = places.get(new ViewKey(view));
        if (place == null) {
            throw new IllegalArgumentException("a view that was not laid out");
        }
        if (place.part().key < 0) {
            place.part().key = used.size();
            used.add(place.part());
        }
        return place;
    }

    /**
     * Whether a view of the file that was written is exactly the range in which the bytes of a source's view were put.
     * Of views that share a storage this cannot be said: their bytes are found by strides.
     */
    boolean isWhereWritten(TensorView view, TensorView read, ByteSource file) {
        Place place = places.get(new ViewKey(view));
        OptionalLong storage = read.storage().bytes().offsetIn(file);
        if (place == null || !place.part().dense || storage.isEmpty()) {
            return false;
        }
        DType dtype = read.dtype();
        long begin = storage.getAsLong() + read.offset() / dtype.valuesPerElement() * dtype.size();
        return begin == place.part().position
                && read.byteSize() == place.part().byteSize()
                && read.offset() % dtype.valuesPerElement() == 0
                && read.isContiguous()
                && read.storage().byteOrder() == ByteOrder.LITTLE_ENDIAN
                && !read.conjugate()
                && !read.negative();
    }

    /** The storages used so far, by key. */
    List<Part> used() {
        return used;
    }
}
