package org.ptsanitize.converter.convert;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.ptsanitize.converter.naming.ViewKey;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/** How many bytes views may ask for, over those that are stored: {@link Limit#EXPANSION}. No sum overflows. */
final class Expansion {
    /** What is only repeated, not written or written under several names, may be so many times more. */
    static final int TIE_FACTOR = 16;

    /** Outputs of this size are always allowed. */
    private static final long FREE_BYTES = 64L << 20;

    private Expansion() {}

    /**
     * Checks the views of a {@code .pt}. Those that share storage there take no more room than here, but each is compared
     * element by element; those with a conjugate or negative bit, and packed ones, are spelled out.
     */
    static void check(List<TensorView> views, Limits limits) throws LimitExceededException {
        Set<Storage> storages = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<ViewKey> distinct = new HashSet<>();
        long present = 0;
        long compared = 0;
        long written = 0;
        for (TensorView view : views) {
            if (storages.add(view.storage())) {
                present = sum(present, view.storage().size());
            }
            if (distinct.add(new ViewKey(view))) {
                compared = sum(compared, bytes(view));
                boolean alone =
                        view.conjugate() || view.negative() || view.dtype().valuesPerElement() > 1;
                written = sum(written, alone ? bytes(view) : 0);
            }
        }
        long factor = limits.of(Limit.EXPANSION);
        if (written > allowed(present, factor) || compared > allowed(present, factor * TIE_FACTOR)) {
            throw new LimitExceededException(Limit.EXPANSION, factor, "tensors that share or repeat storage");
        }
    }

    /** The bytes that so much storage may become. */
    static long allowed(long present, long factor) {
        long product = factor > 0 && present > Long.MAX_VALUE / factor ? Long.MAX_VALUE : present * factor;
        return Math.max(product, FREE_BYTES);
    }

    /** The bytes of a view's elements, each spelled out. */
    static long bytes(TensorView view) {
        try {
            return view.byteSize();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }
}
