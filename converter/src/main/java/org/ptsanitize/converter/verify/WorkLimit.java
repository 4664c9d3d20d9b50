package org.ptsanitize.converter.verify;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/** Bounds the bytes that have to be looked at by those that are stored: a view can repeat four of them without end. */
final class WorkLimit {
    private static final long ALWAYS_ALLOWED = 64L << 20;

    /** As generous with tied tensors as a conversion. */
    private static final long TIES = 16;

    private WorkLimit() {}

    static void check(List<Holding> sides, Limits limits) throws LimitExceededException {
        Set<Storage> storages = Collections.newSetFromMap(new IdentityHashMap<>());
        double stored = 0;
        double work = 0;
        for (Holding side : sides) {
            for (Held held : side.byName().values()) {
                if (held.view().isPresent()) {
                    TensorView view = held.view().get();
                    stored += storages.add(view.storage()) ? view.storage().size() : 0;
                    work += (double) view.elements() * view.dtype().size();
                }
            }
        }
        long factor = limits.of(Limit.EXPANSION);
        if (work > Math.max(ALWAYS_ALLOWED, stored * factor * TIES)) {
            throw new LimitExceededException(Limit.EXPANSION, factor, "tensors that share or repeat storage");
        }
    }
}
