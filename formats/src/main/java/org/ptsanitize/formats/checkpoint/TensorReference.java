package org.ptsanitize.formats.checkpoint;

import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * How a pickle of TorchScript 1.1 to 1.3 mentions a tensor of the archive's table: {@code build_tensor_from_id(place)},
 * before that an object {@code TensorID} whose state is the place.
 */
final class TensorReference {
    private static final String MODULE = "torch.jit._pickle";

    private TensorReference() {}

    /** The place in the table, if a call is such a mention. */
    static Optional<Long> of(Call call) {
        if (!(call.callable() instanceof Global global) || !global.module().equals(MODULE)) {
            return Optional.empty();
        }
        List<PickleValue> place =
                switch (global.name()) {
                    case "build_tensor_from_id" ->
                        call.arguments() instanceof Tuple arguments ? arguments.items() : List.of();
                    case "TensorID" -> call.states();
                    default -> List.of();
                };
        return place.size() == 1 && place.get(0) instanceof Int number ? Optional.of(number.value()) : Optional.empty();
    }
}
