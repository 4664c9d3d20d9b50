package org.ptsanitize.converter.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * The ways of naming under which two sides meet: the first under which every name of the one is a name of the other, else
 * the one with the most names in common.
 */
record Pairing(Holding left, Holding right) {
    static Pairing of(List<Holding> lefts, List<Holding> rights) {
        Pairing best = null;
        long most = -1;
        for (Pairing pairing : inOrder(lefts, rights)) {
            long common = pairing.left.inCommonWith(pairing.right);
            if (common == pairing.left.byName().size()
                    && common == pairing.right.byName().size()) {
                return pairing;
            }
            if (common > most) {
                most = common;
                best = pairing;
            }
        }
        return java.util.Objects.requireNonNull(best);
    }

    private static List<Pairing> inOrder(List<Holding> lefts, List<Holding> rights) {
        List<Pairing> all = new ArrayList<>();
        for (int sum = 0; sum < lefts.size() + rights.size() - 1; sum++) {
            for (int i = Math.min(sum, lefts.size() - 1); i >= 0 && sum - i < rights.size(); i--) {
                all.add(new Pairing(lefts.get(i), rights.get(sum - i)));
            }
        }
        return all;
    }
}
