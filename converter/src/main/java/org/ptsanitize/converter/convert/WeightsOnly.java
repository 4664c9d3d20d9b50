package org.ptsanitize.converter.convert;

import java.util.Set;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.tensor.DType;

/** The globals that an output may name: those that {@code weights_only} of every PyTorch since 2.6 accepts. */
final class WeightsOnly {
    private static final Set<String> ACCEPTED = Set.of(
            "collections OrderedDict",
            "collections Counter",
            "builtins set",
            "builtins complex",
            "builtins bytearray",
            "_codecs encode",
            "torch Size",
            "torch device",
            "torch.serialization _get_layout",
            "torch.storage UntypedStorage",
            "torch._utils _rebuild_tensor_v2",
            "torch._utils _rebuild_tensor_v3",
            "torch._utils _rebuild_parameter",
            "torch._utils _rebuild_qtensor",
            "torch._utils _rebuild_sparse_tensor",
            "torch per_tensor_affine",
            "torch per_channel_affine");

    private WeightsOnly() {}

    static boolean accepts(Global global) {
        if (global.module().equals("torch")) {
            boolean dtype = DType.ofTorchName(global.name()).isPresent();
            boolean storage = DType.ofStorageClass(global.name()).isPresent();
            if (dtype || storage) {
                return true;
            }
        }
        return ACCEPTED.contains(global.module() + " " + global.name());
    }
}
