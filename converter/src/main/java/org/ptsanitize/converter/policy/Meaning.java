package org.ptsanitize.converter.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PythonNames;

/**
 * The globals that are understood, each by its exact module and name after the Python 2 renames. A call of any other
 * global is never more than a name with arguments.
 */
public enum Meaning {
    // Functions that rebuild a tensor (torch/_utils.py, torch/_tensor.py).
    TENSOR(GlobalClass.REBUILD, "torch._utils _rebuild_tensor"),
    TENSOR_V2(GlobalClass.REBUILD, "torch._utils _rebuild_tensor_v2"),
    TENSOR_V3(GlobalClass.REBUILD, "torch._utils _rebuild_tensor_v3"),
    PARAMETER(GlobalClass.REBUILD, "torch._utils _rebuild_parameter"),
    PARAMETER_WITH_STATE(GlobalClass.REBUILD, "torch._utils _rebuild_parameter_with_state"),
    FROM_TYPE(
            GlobalClass.REBUILD,
            "torch._tensor _rebuild_from_type",
            "torch.tensor _rebuild_from_type",
            "torch._tensor _rebuild_from_type_v2",
            "torch.tensor _rebuild_from_type_v2"),
    QUANTIZED_TENSOR(GlobalClass.REBUILD, "torch._utils _rebuild_qtensor"),
    SPARSE_TENSOR(GlobalClass.REBUILD, "torch._utils _rebuild_sparse_tensor"),
    SPARSE_CSR_TENSOR(GlobalClass.REBUILD, "torch._utils _rebuild_sparse_csr_tensor"),
    NESTED_TENSOR(GlobalClass.REBUILD, "torch._utils _rebuild_nested_tensor"),
    JAGGED_TENSOR(GlobalClass.REBUILD, "torch.nested._internal.nested_tensor _rebuild_njt"),
    META_TENSOR(GlobalClass.REBUILD, "torch._utils _rebuild_meta_tensor_no_storage"),
    WRAPPER_SUBCLASS(GlobalClass.REBUILD, "torch._utils _rebuild_wrapper_subclass"),
    DEVICE_TENSOR(
            GlobalClass.REBUILD,
            "torch._utils _rebuild_device_tensor_from_numpy",
            "torch._utils _rebuild_xla_tensor",
            "torch._utils _rebuild_device_tensor_from_cpu_tensor"),
    LOAD_FROM_BYTES(GlobalClass.REBUILD, "torch.storage _load_from_bytes"),
    /** {@code torch.FloatTensor()}, then BUILD with storage, offset, size, stride; or its elements as a list. */
    LEGACY_TENSOR(GlobalClass.REBUILD, legacyTensorClasses()),
    LEGACY_STORAGE(GlobalClass.REBUILD, storageClasses()),
    PARAMETER_CLASS(
            GlobalClass.REBUILD,
            "torch.nn.parameter Parameter",
            "torch.nn.parameter Buffer",
            "torch.autograd.variable Variable",
            "torch.autograd Variable"),
    UNINITIALIZED(
            GlobalClass.REBUILD, "torch.nn.parameter UninitializedParameter", "torch.nn.parameter UninitializedBuffer"),
    NUMPY_RECONSTRUCT(
            GlobalClass.REBUILD,
            "numpy.core.multiarray _reconstruct",
            "numpy._core.multiarray _reconstruct",
            "numpy.core.numeric _frombuffer",
            "numpy._core.numeric _frombuffer"),
    /** An array whose bytes lie behind it in the stream; the reader of joblib files gives them as its second state. */
    JOBLIB_ARRAY(GlobalClass.REBUILD, "joblib.numpy_pickle NumpyArrayWrapper"),

    // Values that become plain data.
    NUMPY_SCALAR(GlobalClass.VALUE, "numpy.core.multiarray scalar", "numpy._core.multiarray scalar"),
    NUMPY_DTYPE(GlobalClass.VALUE, "numpy dtype"),
    ORDERED_DICT(GlobalClass.VALUE, "collections OrderedDict"),
    DEFAULT_DICT(GlobalClass.VALUE, "collections defaultdict"),
    COUNTER(GlobalClass.VALUE, "collections Counter"),
    DEQUE(GlobalClass.VALUE, "collections deque"),
    SET(GlobalClass.VALUE, "builtins set"),
    FROZENSET(GlobalClass.VALUE, "builtins frozenset"),
    LIST(GlobalClass.VALUE, "builtins list"),
    TUPLE(GlobalClass.VALUE, "builtins tuple"),
    DICT(GlobalClass.VALUE, "builtins dict"),
    COMPLEX(GlobalClass.VALUE, "builtins complex"),
    BYTES(GlobalClass.VALUE, "builtins bytes"),
    BYTEARRAY(GlobalClass.VALUE, "builtins bytearray"),
    NUMBER(GlobalClass.VALUE, "builtins int", "builtins float", "builtins bool", "builtins str"),
    RANGE(GlobalClass.VALUE, "builtins range"),
    SLICE(GlobalClass.VALUE, "builtins slice"),
    ENCODE(GlobalClass.VALUE, "_codecs encode"),
    SIZE(GlobalClass.VALUE, "torch Size"),
    DEVICE(GlobalClass.VALUE, "torch device"),
    LAYOUT(GlobalClass.VALUE, "torch.serialization _get_layout"),
    DATE(GlobalClass.VALUE, "datetime date"),
    TIME(GlobalClass.VALUE, "datetime time"),
    DATETIME(GlobalClass.VALUE, "datetime datetime"),
    TIMEDELTA(GlobalClass.VALUE, "datetime timedelta"),
    TIMEZONE(GlobalClass.VALUE, "datetime timezone"),
    PATH(
            GlobalClass.VALUE,
            "pathlib PosixPath",
            "pathlib WindowsPath",
            "pathlib PurePosixPath",
            "pathlib PureWindowsPath",
            "pathlib Path",
            "pathlib PurePath",
            "pathlib._local PosixPath",
            "pathlib._local WindowsPath",
            "pathlib._local PurePosixPath",
            "pathlib._local PureWindowsPath"),
    DECIMAL(GlobalClass.VALUE, "decimal Decimal", "_decimal Decimal", "_pydecimal Decimal"),
    FRACTION(GlobalClass.VALUE, "fractions Fraction"),
    UUID(GlobalClass.VALUE, "uuid UUID"),

    // What TorchScript's pickler puts around typed containers (torch/jit/_pickle.py).
    JIT_LIST(
            GlobalClass.VALUE,
            "torch.jit._pickle build_intlist",
            "torch.jit._pickle build_doublelist",
            "torch.jit._pickle build_boollist",
            "torch.jit._pickle build_tensorlist"),
    /** A tensor by its place in a table of the archive (TorchScript 1.1 to 1.3). */
    JIT_TENSOR(GlobalClass.REBUILD, "torch.jit._pickle build_tensor_from_id", "torch.jit._pickle TensorID"),
    JIT_TYPE_TAG(GlobalClass.VALUE, "torch.jit._pickle restore_type_tag"),

    // Python's own ways to make an instance of a class that is one of the arguments.
    RECONSTRUCTOR(GlobalClass.VALUE, "copyreg _reconstructor"),
    NEW_OBJECT(GlobalClass.VALUE, "copyreg __newobj__", "copyreg __newobj_ex__"),
    GRAPH_MODULE(
            GlobalClass.VALUE,
            "torch.fx.graph_module reduce_graph_module",
            "torch.fx.graph_module reduce_package_graph_module",
            "torch.fx.graph_module reduce_deploy_graph_module",
            "torch.fx._lazy_graph_module _reduce_lazy_graph_module");

    private static final Map<String, Meaning> BY_NAME = new HashMap<>();

    static {
        for (Meaning meaning : values()) {
            for (String name : meaning.names) {
                if (BY_NAME.put(name, meaning) != null) {
                    throw new AssertionError("two meanings of " + name);
                }
            }
        }
    }

    private final GlobalClass globalClass;
    private final String[] names;

    Meaning(GlobalClass globalClass, String... names) {
        this.globalClass = globalClass;
        this.names = names;
    }

    /** The class of every global with this meaning. */
    public GlobalClass globalClass() {
        return globalClass;
    }

    /** What a global means, by exact module and name. */
    public static Optional<Meaning> of(Global written) {
        Global global = PythonNames.modern(written);
        return Optional.ofNullable(BY_NAME.get(global.module() + " " + global.name()));
    }

    private static String[] legacyTensorClasses() {
        String[] kinds = {
            "Double", "Float", "Half", "Long", "Int", "Short", "Char", "Byte", "Bool", "BFloat16",
        };
        String[] names = new String[2 * kinds.length + 2];
        for (int i = 0; i < kinds.length; i++) {
            names[2 * i] = "torch " + kinds[i] + "Tensor";
            names[2 * i + 1] = "torch.cuda " + kinds[i] + "Tensor";
        }
        names[names.length - 2] = "torch Tensor";
        names[names.length - 1] = "torch._tensor Tensor";
        return names;
    }

    private static String[] storageClasses() {
        String[] kinds = {
            "Double",
            "Float",
            "Half",
            "Long",
            "Int",
            "Short",
            "Char",
            "Byte",
            "Bool",
            "BFloat16",
            "ComplexDouble",
            "ComplexFloat",
        };
        String[] names = new String[2 * kinds.length];
        for (int i = 0; i < kinds.length; i++) {
            names[2 * i] = "torch " + kinds[i] + "Storage";
            names[2 * i + 1] = "torch.cuda " + kinds[i] + "Storage";
        }
        return names;
    }
}
