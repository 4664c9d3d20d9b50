package org.ptsanitize.converter.sanitize;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * Objects of TorchScript archives. Their classes live in the archive's own namespace {@code __torch__}: no such class
 * exists outside it, so the namespace decides. The packed parameters of quantized layers are custom classes of PyTorch
 * with a state of their own (ATen/native/quantized/cpu, {@code __getstate__} of each).
 */
final class ScriptObjects {
    private static final String CUSTOM = "__torch__.torch.classes.";

    private ScriptObjects() {}

    static boolean isModule(Global type) {
        return (type.module().equals("__torch__") || type.module().startsWith("__torch__.")) && !isCustom(type);
    }

    static boolean isCustom(Global type) {
        return (type.module() + ".").startsWith(CUSTOM);
    }

    /** The state in a custom object that Python pickled: it gave the object a pair of state and class name. */
    static @Nullable PickleValue state(Call object) {
        return object.callable() instanceof Global type && isPickledByPython(type) && custom(object.states()) != null
                ? ((Tuple) object.states().get(0)).get(0)
                : null;
    }

    /** {@code torch.ScriptObject}, as which Python pickles objects of custom classes. */
    static boolean isPickledByPython(Global type) {
        return type.module().equals("torch") && type.name().equals("ScriptObject");
    }

    /** Packed parameters that Python pickled, or null for any other object. */
    static @Nullable Revival reviveInner(List<PickleValue> states) {
        Global type = custom(states);
        return type == null ? null : revive(type, List.of(((Tuple) states.get(0)).get(0)));
    }

    /** The class that the state of a custom object names, or null. */
    private static @Nullable Global custom(List<PickleValue> states) {
        if (states.size() == 1
                && states.get(0) instanceof Tuple pair
                && pair.size() == 2
                && pair.get(1) instanceof Text name
                && name.value().startsWith(CUSTOM)) {
            int dot = name.value().lastIndexOf('.');
            return new Global(name.value().substring(0, dot), name.value().substring(dot + 1));
        }
        return null;
    }

    /** Packed parameters as the tensors they were packed from, or null for any other custom object. */
    static @Nullable Revival revive(Global type, List<PickleValue> states) {
        List<PickleValue> state = states.size() == 1 ? Invocation.sequence(states.get(0)) : null;
        if (state == null || !type.module().startsWith("__torch__.torch.classes.quantized")) {
            return null;
        }
        List<PickleValue> values =
                switch (type.name()) {
                    case "LinearPackedParamsBase" -> state;
                    case "Conv2dPackedParamsBase", "Conv3dPackedParamsBase" -> convolution(state);
                    case "EmbeddingPackedParamsBase" -> embedding(states.get(0));
                    default -> null;
                };
        return values == null ? null : named(values);
    }

    /** Version 2: (text, [numbers, weight], [bias or None]). Version 3: (3, numbers, [None, weight, bias or None]). */
    private static @Nullable List<PickleValue> convolution(List<PickleValue> state) {
        if (state.size() != 3) {
            return null;
        }
        List<PickleValue> second = list(state.get(1));
        List<PickleValue> third = list(state.get(2));
        if (third == null || second == null) {
            return null;
        }
        if (state.get(0) instanceof PickleValue.Int) {
            return third.size() == 3 ? third.subList(1, 3) : null;
        }
        return second.size() == 2 && third.size() == 1 ? List.of(second.get(1), third.get(0), second.get(0)) : null;
    }

    /** (version, [weight], [numbers], [numbers]). */
    static @Nullable List<PickleValue> embedding(PickleValue value) {
        List<PickleValue> state = Invocation.sequence(value);
        List<PickleValue> tensors = state != null && state.size() >= 2 ? list(state.get(1)) : null;
        return tensors != null && tensors.size() == 1 ? tensors : null;
    }

    /** A list, also one that TorchScript's pickler made by a call with the list as its first argument. */
    private static @Nullable List<PickleValue> list(PickleValue value) {
        PickleValue inner = value;
        while (inner instanceof Call call) {
            List<PickleValue> arguments = Invocation.sequence(call.arguments());
            boolean typed =
                    call.callable() instanceof Global global && global.module().equals("torch.jit._pickle");
            if (!typed || arguments == null || arguments.isEmpty()) {
                return null;
            }
            inner = arguments.get(0);
        }
        return Invocation.sequence(inner);
    }

    private static Revival named(List<PickleValue> values) {
        String[] labels = {"weight", "bias", "config"};
        List<PickleValue> children = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < Math.min(values.size(), labels.length); i++) {
            if (values.get(i) != None.NONE) {
                children.add(values.get(i));
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
            return new MapNode(MapNode.Kind.MODULE, entries);
        });
    }
}
