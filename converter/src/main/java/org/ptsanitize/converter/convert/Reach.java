package org.ptsanitize.converter.convert;

import java.util.BitSet;
import java.util.List;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.tensor.TensorView;

/** Which elements of a span of storage some views reach. */
final class Reach {
    private Reach() {}

    /** One bit for each element of the span. */
    static BitSet of(List<TensorView> views, long start, long elements, Budget budget) throws LimitExceededException {
        if (elements > Integer.MAX_VALUE - 64) {
            throw new LimitExceededException(Limit.MEMORY, budget.limits().of(Limit.MEMORY), "overlapping tensors");
        }
        budget.spendMemory(elements / 8, 0);
        BitSet reached = new BitSet((int) elements);
        for (TensorView view : views) {
            mark(reached, view, start);
        }
        budget.releaseMemory(elements / 8);
        return reached;
    }

    private static void mark(BitSet reached, TensorView view, long start) {
        int rank = view.rank();
        int inner = rank;
        long run = 1;
        while (inner > 0 && (view.size(inner - 1) == 1 || view.stride(inner - 1) == run)) {
            run *= view.size(inner - 1);
            inner--;
        }
        long[] index = new long[inner];
        long at = view.offset() - start;
        while (true) {
            reached.set((int) at, (int) (at + run));
            int d = inner - 1;
            // A dimension of stride 0 repeats what is marked already.
            while (d >= 0 && (view.stride(d) == 0 || index[d] + 1 == view.size(d))) {
                at -= index[d] * view.stride(d);
                index[d] = 0;
                d--;
            }
            if (d < 0) {
                return;
            }
            index[d]++;
            at += view.stride(d);
        }
    }
}
