package org.ptsanitize.formats.tensor;

import java.util.List;

/** All index combinations of some axes, the last axis fastest, each as a pair of byte offsets. */
final class Walk {
    private final List<Axis> axes;
    private final long[] index;
    private long from;
    private long to;
    private boolean started;

    Walk(List<Axis> axes) {
        this.axes = axes;
        this.index = new long[axes.size()];
    }

    /** Steps to the next combination; without axes there is exactly one. */
    boolean next() {
        if (!started) {
            started = true;
            return true;
        }
        for (int d = index.length - 1; d >= 0; d--) {
            Axis axis = axes.get(d);
            if (++index[d] < axis.size()) {
                from += axis.from();
                to += axis.to();
                return true;
            }
            index[d] = 0;
            from -= axis.reach();
            to -= (axis.size() - 1) * axis.to();
        }
        return false;
    }

    /** Where this combination is read, relative to the first. */
    long from() {
        return from;
    }

    /** Where this combination is written, relative to the first. */
    long to() {
        return to;
    }
}
