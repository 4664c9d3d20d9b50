package org.ptsanitize.converter.sanitize;

import org.ptsanitize.converter.policy.GlobalClass;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.tensor.DType;

/** How globals are told of: by the name of Python 3, and by what becomes of them here. */
public final class GlobalNames {
    private GlobalNames() {}

    /** Module and name joined by a dot, after Python 2's renames. */
    public static String dotted(Global global) {
        return Reviver.className(global);
    }

    /**
     * What becomes of a global: its class in the policy, but for those that are not called. A constant such as
     * {@code torch.float32} is data, a storage class a part of a tensor.
     */
    public static GlobalClass classOf(Global global, Policy policy) {
        boolean constant = Tensors.dtypeOf(global).isPresent()
                || global.module().equals("torch") && Composites.isScheme(global.name());
        if (constant) {
            return GlobalClass.VALUE;
        }
        boolean storage = (global.module().equals("torch") || global.module().equals("torch.storage"))
                && (DType.ofStorageClass(global.name()).isPresent()
                        || global.name().endsWith("UntypedStorage"));
        return storage ? GlobalClass.REBUILD : policy.classify(global);
    }
}
