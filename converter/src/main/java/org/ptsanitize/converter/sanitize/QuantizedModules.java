package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * The quantized linear modules of PyTorch, which write more into their {@code state_dict()} than parameters and buffers:
 * the module its output's scale and zero point ({@code Linear._save_to_state_dict}), its packed parameters a dtype and
 * the pair of weight and bias ({@code LinearPackedParams._save_to_state_dict}).
 */
final class QuantizedModules {
    static final String DTYPE = "dtype";
    static final String PACKED = "_packed_params";

    private static final Set<String> LINEAR = Set.of(
            "torch.ao.nn.quantized.modules.linear.Linear",
            "torch.nn.quantized.modules.linear.Linear",
            "torch.ao.nn.quantized.dynamic.modules.linear.Linear",
            "torch.nn.quantized.dynamic.modules.linear.Linear",
            "torch.ao.nn.intrinsic.quantized.modules.linear_relu.LinearReLU",
            "torch.nn.intrinsic.quantized.modules.linear_relu.LinearReLU",
            "torch.ao.nn.intrinsic.quantized.dynamic.modules.linear_relu.LinearReLU",
            "torch.nn.intrinsic.quantized.dynamic.modules.linear_relu.LinearReLU");

    private static final Set<String> PARAMETERS = Set.of(
            "torch.ao.nn.quantized.modules.linear.LinearPackedParams",
            "torch.nn.quantized.modules.linear.LinearPackedParams");

    private QuantizedModules() {}

    /** The scale and zero point that a linear module adds behind its own parameters; none for any other class. */
    static List<MapNode.Entry> outputScale(String className, ObjectState state, String where) throws IOException {
        List<MapNode.Entry> entries = new ArrayList<>();
        if (LINEAR.contains(className)) {
            if (state.attributes().get("scale") instanceof Real scale) {
                int bits = Float.floatToRawIntBits((float) scale.value());
                entries.add(MapNode.Entry.of("scale", scalar(DType.FLOAT32, bits, where)));
            }
            if (state.attributes().get("zero_point") instanceof Int zeroPoint) {
                entries.add(MapNode.Entry.of("zero_point", scalar(DType.INT64, zeroPoint.value(), where)));
            }
        }
        return entries;
    }

    private static TensorNode scalar(DType dtype, long bits, String where) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(bits);
        Storage storage = new Storage(where, MemorySource.of(where, bytes.array()), ByteOrder.LITTLE_ENDIAN);
        return new TensorNode(TensorView.of(storage, dtype, 0, new long[0], new long[0], where));
    }

    /** Whether a module keeps packed parameters. */
    static boolean isPacked(String className) {
        return PARAMETERS.contains(className);
    }

    /** The pair of weight and bias in packed parameters: in the state of a script object, or bare in old files. */
    static @Nullable PickleValue packed(ObjectState state) {
        PickleValue value = state.attributes().get(PACKED);
        if (value instanceof Call object && object.states().size() == 1) {
            value = object.states().get(0);
            if (value instanceof Tuple pair && pair.size() == 2 && pair.get(0) instanceof Tuple inner) {
                value = inner;
            }
        }
        return value instanceof Tuple pair && pair.size() == 2 ? value : null;
    }
}
