package org.ptsanitize.converter.sanitize;

import org.ptsanitize.converter.policy.GlobalClass;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.formats.pickle.PickleValue.Global;

/** How globals are told of: by the name of Python 3, and by what becomes of them here. */
public final class GlobalNames {
    private GlobalNames() {}

    /** Module and name joined by a dot, after Python 2's renames. */
    public static String dotted(Global global) {
        return Reviver.className(global);
    }

    /** What becomes of a global: its class in the policy, and data for a constant such as {@code torch.float32}. */
    public static GlobalClass classOf(Global global, Policy policy) {
        return Tensors.dtypeOf(global).isPresent() ? GlobalClass.VALUE : policy.classify(global);
    }
}
