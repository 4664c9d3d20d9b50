package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * The quantized modules of PyTorch, which write more into their {@code state_dict()} than parameters and buffers: the
 * scale and zero point of their output, and the weights that they keep packed ({@code _save_to_state_dict} of each class
 * in {@code torch/ao/nn/quantized}). Older files name the packages without {@code ao}.
 */
final class QuantizedModules {
    /** Classes with a scale and a zero point of their output. */
    private static final Set<String> SCALED = new HashSet<>();

    /** Which attributes a class writes besides. */
    private static final Map<String, List<String>> WRITTEN = new HashMap<>();

    /** Convolutions, whose state is a tuple. */
    private static final Set<String> CONVOLUTIONS = new HashSet<>();

    private static final int PADDING_MODE = 9;

    static {
        for (String nn : List.of("torch.ao.nn.", "torch.nn.")) {
            String quantized = nn + "quantized.modules.";
            String dynamic = nn + "quantized.dynamic.modules.";
            String fused = nn + "intrinsic.quantized.modules.";
            SCALED.addAll(List.of(
                    quantized + "linear.Linear",
                    dynamic + "linear.Linear",
                    fused + "linear_relu.LinearReLU",
                    fused + "linear_relu.LinearLeakyReLU",
                    fused + "linear_relu.LinearTanh",
                    nn + "intrinsic.quantized.dynamic.modules.linear_relu.LinearReLU",
                    quantized + "functional_modules.QFunctional"));
            WRITTEN.put(quantized + "linear.LinearPackedParams", List.of("dtype", "_packed_params"));
            WRITTEN.put(quantized + "embedding_ops.EmbeddingPackedParams", List.of("dtype", "_packed_weight"));
            WRITTEN.put(dynamic + "rnn.PackedParameter", List.of("param"));
            for (String cell : List.of("RNNCellBase", "RNNCell", "LSTMCell", "GRUCell")) {
                WRITTEN.put(dynamic + "rnn." + cell, List.of("_packed_weight_ih", "_packed_weight_hh"));
            }
            for (String dimensions : List.of("1d", "2d", "3d")) {
                for (String kind : List.of("Conv", "ConvTranspose")) {
                    CONVOLUTIONS.add(quantized + "conv." + kind + dimensions);
                    CONVOLUTIONS.add(dynamic + "conv." + kind + dimensions);
                }
                CONVOLUTIONS.add(fused + "conv_relu.ConvReLU" + dimensions);
                CONVOLUTIONS.add(fused + "conv_add.ConvAdd" + dimensions);
                CONVOLUTIONS.add(fused + "conv_add.ConvAddReLU" + dimensions);
            }
        }
    }

    private QuantizedModules() {}

    /** A member that a module writes by code. */
    record Member(String name, PickleValue value) {}

    /** What a module writes behind its parameters and buffers, from its attributes of these names. */
    static List<Member> written(String className, ObjectState state) {
        List<Member> members = new ArrayList<>();
        for (String name : WRITTEN.getOrDefault(className, List.of())) {
            PickleValue value = state.attributes().get(name);
            if (value != null) {
                members.add(new Member(name, unpacked(name, value)));
            }
        }
        return members;
    }

    /** The scale and zero point that a module writes behind that, if they are numbers; none for any other class. */
    static List<MapNode.Entry> outputScale(String className, ObjectState state, String where) throws IOException {
        List<MapNode.Entry> entries = new ArrayList<>();
        if (SCALED.contains(className)) {
            addNumber(entries, "scale", state.attributes().get("scale"), where);
            addNumber(entries, "zero_point", state.attributes().get("zero_point"), where);
        }
        return entries;
    }

    /** The state of a quantized convolution, or null if the object is none. */
    static @Nullable Tuple convolution(Global type, List<PickleValue> states) {
        return CONVOLUTIONS.contains(Reviver.className(type))
                        && states.size() == 1
                        && states.get(0) instanceof Tuple state
                        && state.size() > PADDING_MODE + 4
                        && state.get(PADDING_MODE) instanceof Text
                ? state
                : null;
    }

    /**
     * The {@code state_dict()} of a quantized convolution: {@code (…, padding_mode, weight, bias, scale, zero_point,
     * training)} is its state. A bias that is {@code None} is an entry too.
     */
    static Revival stateDict(Tuple state, String where) throws IOException {
        List<PickleValue> children = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<MapNode.Entry> numbers = new ArrayList<>();
        String[] labels = {"weight", "bias", "scale", "zero_point"};
        for (int i = 0; i < labels.length; i++) {
            PickleValue value = state.get(PADDING_MODE + 1 + i);
            if (!addNumber(numbers, labels[i], value, where)) {
                children.add(value);
                names.add(labels[i]);
            }
        }
        return Revival.of(children, names::get, nodes -> {
            List<MapNode.Entry> entries = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                if (!(nodes.get(i) instanceof Absent)) {
                    entries.add(MapNode.Entry.of(names.get(i), nodes.get(i)));
                }
            }
            entries.addAll(numbers);
            return new MapNode(MapNode.Kind.MODULE, entries);
        });
    }

    /** A number as {@code torch.tensor(number)} makes a tensor of it. Returns whether it is one. */
    private static boolean addNumber(
            List<MapNode.Entry> entries, String name, @Nullable PickleValue value, String where) throws IOException {
        if (value instanceof Real number) {
            int bits = Float.floatToRawIntBits((float) number.value());
            entries.add(MapNode.Entry.of(name, scalar(DType.FLOAT32, bits, where)));
        } else if (value instanceof Int number) {
            entries.add(MapNode.Entry.of(name, scalar(DType.INT64, number.value(), where)));
        } else {
            return false;
        }
        return true;
    }

    private static TensorNode scalar(DType dtype, long bits, String where) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(bits);
        Storage storage = new Storage(where, MemorySource.of(where, bytes.array()), ByteOrder.LITTLE_ENDIAN);
        return new TensorNode(TensorView.of(storage, dtype, 0, new long[0], new long[0], where));
    }

    /**
     * What {@code unpack} makes of packed parameters: the pair of weight and bias, or the weight of an embedding. They
     * are in the state of a script object, or bare in old files.
     */
    private static PickleValue unpacked(String attribute, PickleValue value) {
        PickleValue inner = value instanceof Call object ? ScriptObjects.state(object) : null;
        if (inner == null) {
            return value;
        }
        return switch (attribute) {
            case "_packed_params" -> inner;
            case "_packed_weight" -> {
                List<PickleValue> tensors = ScriptObjects.embedding(inner);
                yield tensors == null ? value : tensors.get(0);
            }
            default -> value;
        };
    }
}
