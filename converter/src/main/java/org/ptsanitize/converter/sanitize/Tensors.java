package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.policy.GlobalClass;
import org.ptsanitize.converter.policy.Meaning;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.checkpoint.Checkpoint;
import org.ptsanitize.formats.checkpoint.Checkpoints;
import org.ptsanitize.formats.checkpoint.PickledPart;
import org.ptsanitize.formats.checkpoint.StorageRef;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/** The functions and classes that rebuild one strided tensor, from 2016 to today. */
final class Tensors {
    /** Attributes of a tensor that are its elements: setting one changes them. */
    private static final Set<String> DATA_ATTRIBUTES = Set.of("data", "real", "imag");

    private final Context context;
    private final Reviver reviver;
    private long[] lastSizes = {};
    private long[] lastStrides = {};
    private final Map<Call, Checkpoint> opened = new IdentityHashMap<>();

    Tensors(Context context, Reviver reviver) {
        this.context = context;
        this.reviver = reviver;
    }

    /** {@code _rebuild_tensor(storage, offset, size, stride)} and its later forms. */
    Revival rebuild(Invocation call, Meaning meaning) throws IOException {
        switch (meaning) {
            case TENSOR -> call.require(4, 4);
            case TENSOR_V2 -> call.require(6, 7);
            default -> call.require(7, 8);
        }
        call.requireUntouched();
        StorageRef storage = storage(call, 0);
        boolean typed = meaning == Meaning.TENSOR_V3;
        DType dtype = typed ? dtype(call, 6) : storage.elementType();
        return Revival.of(new TensorNode(view(call, storage, dtype, typed ? 7 : 6)));
    }

    private TensorView view(Invocation call, StorageRef storage, DType dtype, int metadata) throws IOException {
        useAs(storage, dtype, call::where);
        lastSizes = reuse(lastSizes, call.integers(2, "size"));
        lastStrides = reuse(lastStrides, call.integers(3, "stride"));
        TensorView view = view(call, storage, dtype);
        return call.count() > metadata ? withBits(call, metadata, view) : view;
    }

    private TensorView view(Invocation call, StorageRef storage, DType dtype) throws MalformedFileException {
        long offset = call.count(1, "storage offset");
        try {
            return storage.view(dtype, offset, lastSizes, lastStrides, "");
        } catch (MalformedFileException e) {
            e.within(call.where());
            throw e;
        }
    }

    /** Neighbours often have the same shape: they share one array, which nobody changes. */
    private static long[] reuse(long[] last, long[] next) {
        return Arrays.equals(last, next) ? last : next;
    }

    /** The metadata argument: lazily conjugate and negative tensors. Any other key could change the meaning. */
    private static TensorView withBits(Invocation call, int index, TensorView view) throws IOException {
        if (call.argument(index) == None.NONE) {
            return view;
        }
        if (!(call.argument(index) instanceof Dict dict)) {
            throw call.malformed("has metadata that is no dict");
        }
        boolean conjugate = false;
        boolean negative = false;
        Entries entries = Entries.of(dict.entries());
        for (int i = 0; i < entries.size(); i++) {
            String key = PythonText.of(entries.key(i)).orElse("");
            if (!(entries.value(i) instanceof Bool bit) || !key.equals("conj") && !key.equals("neg")) {
                throw call.malformed("has metadata with an unknown key");
            }
            if (key.equals("conj")) {
                conjugate = bit.value();
            } else {
                negative = bit.value();
            }
        }
        if (conjugate && !view.dtype().isComplex()) {
            throw call.malformed(
                    "has the conjugate bit on a tensor of " + view.dtype().torchName());
        }
        return view.withBits(conjugate, negative);
    }

    /** Records the type a storage is read as; one storage cannot be two. */
    void useAs(StorageRef storage, DType dtype, Supplier<String> where) throws MalformedFileException {
        if (storage.type().isPresent() && storage.type().get() == dtype) {
            return;
        }
        if (storage.type().isPresent()) {
            throw new MalformedFileException(
                    "storage '" + storage.storage().key() + "' of "
                            + storage.type().get().torchName() + " is used as " + dtype.torchName(),
                    where.get());
        }
        DType before = context.typeOf(storage.storage(), dtype);
        if (before != dtype) {
            throw new MalformedFileException(
                    "storage '" + storage.storage().key() + "' is used as " + before.torchName() + " and as "
                            + dtype.torchName(),
                    where.get());
        }
    }

    /** The element type that an argument such as {@code torch.float8_e5m2} names. */
    DType dtype(Invocation call, int index) throws MalformedFileException {
        return dtypeOf(call.argument(index)).orElseThrow(() -> call.malformed("has no known dtype"));
    }

    /** The element type of a {@code torch} global. */
    static Optional<DType> dtypeOf(PickleValue value) {
        return value instanceof Global global && global.module().equals("torch")
                ? DType.ofTorchName(global.name())
                : Optional.empty();
    }

    /** A storage argument: a persistent id, or a whole file inside the pickle. */
    StorageRef storage(Invocation call, int index) throws IOException {
        PickleValue value = call.argument(index);
        if (value instanceof PersistentId id) {
            if (context.part().persistent().resolve(id) instanceof StorageRef storage) {
                return storage;
            }
        } else if (value instanceof Call inner && inner.callable() instanceof Global global) {
            Optional<Meaning> meaning = context.classify(global).meaning();
            if (meaning.isPresent() && meaning.get() == Meaning.LOAD_FROM_BYTES) {
                PickledPart part = object(open(inner));
                if (part.pickle().root() instanceof PersistentId id
                        && part.persistent().resolve(id) instanceof StorageRef storage) {
                    return storage;
                }
            } else if (meaning.isPresent() && meaning.get() == Meaning.LEGACY_STORAGE) {
                List<PickleValue> arguments = Invocation.sequence(inner.arguments());
                Invocation spelled =
                        new Invocation(global, arguments == null ? List.of() : arguments, inner, call.part());
                TensorView elements = literal(spelled, storageDType(global));
                if (elements != null) {
                    return new StorageRef(
                            elements.storage(),
                            Optional.of(elements.dtype()),
                            0,
                            elements.storage().size());
                }
            }
        }
        throw call.malformed("has a storage argument that is no storage");
    }

    private static DType storageDType(Global global) {
        return DType.ofStorageClass(global.name()).orElseThrow();
    }

    /** The file inside {@code torch.storage._load_from_bytes(b"…")}, opened once. */
    private Checkpoint open(Call call) throws IOException {
        Checkpoint known = opened.get(call);
        if (known != null) {
            return known;
        }
        String where = reviver.where(call.offset());
        if (context.depth() >= context.budget().limits().of(Limit.NESTED_PICKLES)) {
            throw new LimitExceededException(
                    Limit.NESTED_PICKLES, context.budget().limits().of(Limit.NESTED_PICKLES), where);
        }
        List<PickleValue> arguments = Invocation.sequence(call.arguments());
        ByteSource bytes = arguments == null || arguments.size() != 1
                ? null
                : PlainValues.bytesOf(arguments.get(0), context.budget());
        if (bytes == null) {
            throw new MalformedFileException("torch.storage._load_from_bytes without bytes", where);
        }
        Checkpoint inner = Checkpoints.open(bytes, context.scratch(), context.budget());
        for (PickledPart part : inner.parts()) {
            CallAudit.audit(part, context.policy(), context.log());
        }
        opened.put(call, inner);
        return inner;
    }

    private static PickledPart object(Checkpoint checkpoint) throws MalformedFileException {
        for (PickledPart part : checkpoint.parts()) {
            if (!part.auxiliary()) {
                return part;
            }
        }
        throw new MalformedFileException("torch.storage._load_from_bytes of a file without a pickle");
    }

    /** A whole checkpoint as a value. */
    Revival nested(Invocation call, TreeBuilder outer) throws IOException {
        PickledPart part = object(open(call.call()));
        Context inner = new Context(
                part,
                context.policy(),
                context.log(),
                context.budget(),
                context.scratch(),
                context.damage(),
                context.depth() + 1);
        return Revival.of(new TreeBuilder(inner).build(part.pickle().root(), outer.path("")));
    }

    /** {@code _rebuild_parameter(tensor, requires_grad, hooks[, state])}: the tensor. */
    Revival parameter(Invocation call) throws IOException {
        call.require(3, 4);
        call.requireUntouched();
        if (call.count() == 4) {
            requireDataKept(call, call.argument(3));
        }
        return asParameter(call.argument(0));
    }

    private static void requireDataKept(Invocation call, PickleValue state) throws IOException {
        if (replacesData(state)) {
            throw call.malformed("has a state that would replace the tensor's data");
        }
    }

    private static Revival asParameter(PickleValue tensor) {
        return Revival.of(
                List.of(tensor),
                i -> "",
                nodes -> nodes.get(0) instanceof TensorNode plain ? new TensorNode(plain.view(), true) : nodes.get(0));
    }

    /** Whether a state, which becomes attributes of the tensor, holds one that gives it other elements. */
    private static boolean replacesData(PickleValue state) throws IOException {
        Entries attributes = ObjectState.mapping(state);
        if (attributes != null) {
            return DATA_ATTRIBUTES.stream().anyMatch(name -> attributes.get(name) != null);
        }
        if (state instanceof Tuple pair) {
            for (PickleValue item : pair.items()) {
                if (!(item instanceof Tuple) && replacesData(item)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * {@code Parameter(tensor, requires_grad)} and the states of 2016 and 2017: three items keep the tensor, five or four
     * begin with it or with a storage.
     */
    Revival parameterClass(Invocation call) throws IOException {
        call.requireNoItems();
        if (call.call().states().isEmpty()) {
            call.require(1, 3);
            return asParameter(call.argument(0));
        }
        PickleValue last = call.call().states().get(call.call().states().size() - 1);
        List<PickleValue> state = Invocation.sequence(last);
        if (state == null) {
            return call.count() >= 1 ? asParameter(call.argument(0)) : reviver.fallBack(call);
        }
        return switch (state.size()) {
            case 3 -> {
                call.require(1, 2);
                yield asParameter(call.argument(0));
            }
            case 4 -> Revival.of(new TensorNode(setState(call, state), true));
            case 5 -> {
                if (state.get(1) != None.NONE) {
                    reviver.defer(state.get(1), Names.join(reviver.path(), "grad"));
                }
                yield asParameter(state.get(0));
            }
            default -> throw call.malformed("has a state of " + state.size() + " items");
        };
    }

    /** {@code _rebuild_from_type(function, type, arguments, state)}: the call that the arguments spell out. */
    Revival fromType(Invocation call) throws IOException {
        call.require(4, 4);
        call.requireUntouched();
        Optional<Global> function = reviver.callable(call.argument(0));
        List<PickleValue> arguments = Invocation.sequence(call.argument(2));
        if (function.isEmpty() || arguments == null) {
            return reviver.fallBack(call);
        }
        Context.Classified inner = context.classify(function.get());
        if (inner.globalClass() != GlobalClass.REBUILD
                || inner.meaning().isPresent() && inner.meaning().get() == Meaning.FROM_TYPE) {
            return reviver.fallBack(call);
        }
        Optional<Global> subclass = SubclassState.subclass(reviver.callable(call.argument(1)));
        boolean wrapper = inner.meaning().isPresent() && inner.meaning().get() == Meaning.WRAPPER_SUBCLASS;
        if (wrapper && subclass.isPresent()) {
            return reviver.instance(subclass.get(), List.of(call.argument(3)), call);
        }
        requireDataKept(call, call.argument(3));
        subclass.ifPresent(type -> context.log()
                .add(
                        Event.Kind.CONVERTED,
                        reviver.path(),
                        Reviver.className(type),
                        "a tensor subclass became a plain tensor"));
        if (!SubclassState.isEmpty(call.argument(3))) {
            reviver.defer(call.argument(3), reviver.path() + ".<attributes>");
        }
        return reviver.invoke(new Invocation(function.get(), arguments, call.call(), call.part()));
    }

    /** {@code torch.FloatTensor()}: then BUILD(storage, offset, size, stride), or the elements as a list. */
    Revival legacyTensor(Invocation call) throws IOException {
        call.requireNoItems();
        List<PickleValue> states = call.call().states();
        if (!states.isEmpty()) {
            List<PickleValue> state = Invocation.sequence(states.get(states.size() - 1));
            if (state == null || state.size() != 4) {
                return call.count() == 1 ? Revival.same(call.argument(0)) : reviver.fallBack(call);
            }
            return Revival.of(new TensorNode(setState(call, state)));
        }
        Optional<DType> dtype = legacyTensorDType(call.global());
        if (dtype.isEmpty()) {
            return call.count() == 1 ? Revival.same(call.argument(0)) : reviver.fallBack(call);
        }
        if (call.count() == 0) {
            return Revival.of(new TensorNode(fromBytes(new byte[0], dtype.get(), new long[] {0}, call)));
        }
        if (call.count() == 1 && call.argument(0) instanceof PersistentId) {
            return Revival.same(call.argument(0));
        }
        TensorView literal = literal(call, dtype.get());
        return literal == null ? reviver.fallBack(call) : Revival.of(new TensorNode(literal));
    }

    /** {@code FloatStorage([…])}: its elements. */
    Revival legacyStorage(Invocation call) throws IOException {
        call.requireUntouched();
        TensorView literal = literal(call, storageDType(call.global()));
        return literal == null ? reviver.fallBack(call) : Revival.of(new TensorNode(literal));
    }

    private TensorView setState(Invocation call, List<PickleValue> state) throws IOException {
        Invocation rebuild = new Invocation(call.global(), state, call.call(), call.part());
        StorageRef storage = storage(rebuild, 0);
        DType dtype = storage.elementType();
        Optional<DType> declared = legacyTensorDType(call.global());
        if (declared.isPresent() && declared.get() != dtype) {
            throw call.malformed("has a storage of " + dtype.torchName());
        }
        return view(rebuild, storage, dtype, 4);
    }

    private static Optional<DType> legacyTensorDType(Global global) {
        String name = global.name();
        return name.endsWith("Tensor") && name.length() > "Tensor".length()
                ? DType.ofStorageClass(name.substring(0, name.length() - "Tensor".length()) + "Storage")
                : Optional.empty();
    }

    /** The tensor that a nested list of numbers spells out, or null if the argument is something else. */
    private @Nullable TensorView literal(Invocation call, DType dtype) throws IOException {
        if (call.count() != 1) {
            return null;
        }
        Literal literal = Literal.measure(call.argument(0));
        if (literal == null) {
            return null;
        }
        long elements = literal.elements();
        context.budget().check(Limit.MEMORY, elements, call.where());
        long bytes = elements * dtype.size();
        context.budget().spendMemory(bytes, call.call().offset());
        context.budget().check(Limit.ARRAY, bytes, call.where());
        ByteBuffer buffer = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        return literal.write(buffer, dtype) ? fromBytes(buffer.array(), dtype, literal.sizes(), call) : null;
    }

    private TensorView fromBytes(byte[] bytes, DType dtype, long[] sizes, Invocation call) throws IOException {
        Storage storage = new Storage(call.where(), MemorySource.of(call.where(), bytes), ByteOrder.LITTLE_ENDIAN);
        return TensorView.of(storage, dtype, 0, sizes, Shape.contiguousStrides(sizes), call.where());
    }

    /** A tensor that was moved through the CPU: an array or a tensor, then its type. */
    Revival deviceTensor(Invocation call) throws IOException {
        call.require(4, 4);
        call.requireUntouched();
        DType declared = dtype(call, 1);
        return Revival.of(List.of(call.argument(0)), i -> "", nodes -> {
            if (nodes.get(0) instanceof TensorNode tensor && tensor.view().dtype() == declared) {
                return tensor;
            }
            throw call.malformed("holds no tensor of " + declared.torchName());
        });
    }

    /** A tensor that has a shape and no data: told, and left out. */
    Revival withoutData(Invocation call) {
        context.log()
                .add(
                        Event.Kind.NO_DATA,
                        reviver.path(),
                        Reviver.className(call.global()),
                        "the tensor has no data in the file");
        return Revival.of(new Absent(Absent.Reason.NO_DATA));
    }
}
