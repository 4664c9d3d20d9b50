package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.converter.policy.GlobalClass;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.checkpoint.PersistentObject;
import org.ptsanitize.formats.checkpoint.StorageRef;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.PySet;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.pickle.PythonNames;

/** Decides for each value how it becomes a node. One method for each kind of value; calls go to their families. */
final class Reviver {
    private final Context context;
    private final TreeBuilder builder;
    private final Tensors tensors;
    private final SpecialTensors special;
    private final NumpyArrays numpy;
    private final PlainValues values;
    private final Objects objects;

    Reviver(Context context, TreeBuilder builder) {
        this.context = context;
        this.builder = builder;
        this.tensors = new Tensors(context, this);
        this.special = new SpecialTensors(context, tensors);
        this.numpy = new NumpyArrays(context, this);
        this.values = new PlainValues(this);
        this.objects = new Objects(context, builder, this);
    }

    Revival revive(PickleValue value) throws IOException {
        if (value instanceof None
                || value instanceof Bool
                || value instanceof Int
                || value instanceof BigInt
                || value instanceof Real
                || value instanceof Text) {
            return Revival.of(new Leaf(value));
        }
        if (value instanceof Bytes bytes) {
            return Revival.of(new Leaf(PythonText.decide(bytes)));
        }
        if (value instanceof Global global) {
            return objects.reference(global);
        }
        if (value instanceof Tuple tuple) {
            return sequence(ListNode.Kind.TUPLE, tuple.items());
        }
        if (value instanceof PyList list) {
            return sequence(ListNode.Kind.LIST, list.items());
        }
        if (value instanceof PySet set) {
            return sequence(set.frozen() ? ListNode.Kind.FROZENSET : ListNode.Kind.SET, set.items());
        }
        if (value instanceof Dict dict) {
            Entries entries = Entries.of(dict.entries());
            return mapping(isStub(entries) ? MapNode.Kind.STUB : MapNode.Kind.DICT, entries, Optional.empty());
        }
        if (value instanceof PersistentId id) {
            return persistent(id);
        }
        if (value instanceof Call call) {
            return call(call);
        }
        throw new AssertionError(value.getClass());
    }

    /** Whether a dict begins as the stub of an object does, which an output of an earlier conversion holds as a dict. */
    private static boolean isStub(Entries entries) {
        return entries.size() > 0
                && entries.key(0) instanceof Text key
                && key.value().equals(MapNode.CLASS_KEY)
                && entries.value(0) instanceof Text;
    }

    private Revival persistent(PersistentId id) throws IOException {
        PersistentObject object = context.part().persistent().resolve(id);
        if (object instanceof StorageRef storage) {
            tensors.useAs(storage, storage.elementType(), () -> where(id.offset()));
            return Revival.of(new TensorNode(storage.flat(where(id.offset()))));
        }
        if (object instanceof PersistentObject.ModuleClass module) {
            return objects.reference(module.global());
        }
        if (object instanceof PersistentObject.StoredTensor tensor) {
            tensors.useAs(tensor.storage(), tensor.view().dtype(), () -> where(id.offset()));
            return Revival.of(new TensorNode(tensor.view()));
        }
        throw new AssertionError(object.getClass());
    }

    /** The name of the pickle that is being revived. */
    String part() {
        return context.part().name();
    }

    String where(long offset) {
        return part() + " byte " + offset;
    }

    /** The global that a callable is: written as one, or as a module class of the legacy formats. */
    Optional<Global> callable(PickleValue value) throws MalformedFileException {
        if (value instanceof Global global) {
            return Optional.of(global);
        }
        if (value instanceof PersistentId id
                && context.part().persistent().resolve(id) instanceof PersistentObject.ModuleClass module) {
            return Optional.of(module.global());
        }
        return Optional.empty();
    }

    private Revival call(Call call) throws IOException {
        Optional<Global> global = callable(call.callable());
        if (global.isEmpty()) {
            return objects.computed(call);
        }
        List<PickleValue> arguments = call.arguments() instanceof Tuple tuple ? tuple.items() : null;
        if (arguments == null) {
            List<PickleValue> sequence = Invocation.sequence(call.arguments());
            if (sequence == null) {
                return objects.call(global.get(), List.of(call.arguments()), call);
            }
            arguments = sequence;
        }
        return invoke(new Invocation(global.get(), arguments, call, part()));
    }

    /** Revives a call whose callable is known by name. */
    Revival invoke(Invocation invocation) throws IOException {
        Context.Classified classified = context.classify(invocation.global());
        if (classified.meaning().isEmpty()) {
            return objects.invoke(invocation, classified.globalClass());
        }
        return switch (classified.meaning().get()) {
            case TENSOR, TENSOR_V2, TENSOR_V3 ->
                tensors.rebuild(invocation, classified.meaning().get());
            case PARAMETER, PARAMETER_WITH_STATE -> tensors.parameter(invocation);
            case PARAMETER_CLASS -> tensors.parameterClass(invocation);
            case FROM_TYPE -> tensors.fromType(invocation);
            case LEGACY_TENSOR -> tensors.legacyTensor(invocation);
            case LEGACY_STORAGE -> tensors.legacyStorage(invocation);
            case DEVICE_TENSOR -> tensors.deviceTensor(invocation);
            case META_TENSOR, UNINITIALIZED, WRAPPER_SUBCLASS -> tensors.withoutData(invocation);
            case LOAD_FROM_BYTES -> tensors.nested(invocation, builder);
            case QUANTIZED_TENSOR -> special.quantized(invocation);
            case SPARSE_TENSOR -> special.sparse(invocation);
            case SPARSE_CSR_TENSOR -> special.sparseCsr(invocation);
            case NESTED_TENSOR -> special.nested(invocation);
            case JAGGED_TENSOR -> special.jagged(invocation);
            case NUMPY_RECONSTRUCT -> numpy.array(invocation);
            case JOBLIB_ARRAY -> numpy.joblib(invocation);
            case NUMPY_SCALAR -> numpy.scalar(invocation);
            case NUMPY_DTYPE -> numpy.dtype(invocation);
            case ORDERED_DICT -> values.orderedDict(invocation);
            case DEFAULT_DICT -> values.defaultDict(invocation);
            case COUNTER -> values.counter(invocation);
            case DEQUE -> values.deque(invocation);
            case SET -> values.collection(invocation, ListNode.Kind.SET);
            case FROZENSET -> values.collection(invocation, ListNode.Kind.FROZENSET);
            case LIST -> values.collection(invocation, ListNode.Kind.LIST);
            case TUPLE -> values.collection(invocation, ListNode.Kind.TUPLE);
            case SIZE -> values.collection(invocation, ListNode.Kind.SIZE);
            case DICT -> values.dict(invocation);
            case COMPLEX -> values.complex(invocation);
            case BYTES, BYTEARRAY ->
                values.bytes(invocation, classified.meaning().get());
            case ENCODE -> values.encode(invocation);
            case NUMBER -> values.number(invocation);
            case RANGE -> values.range(invocation, "range");
            case SLICE -> values.range(invocation, "slice");
            case DEVICE -> values.device(invocation);
            case LAYOUT -> values.layout(invocation);
            case DATE, TIME, DATETIME, TIMEDELTA, TIMEZONE ->
                values.moment(invocation, classified.meaning().get());
            case PATH -> values.path(invocation);
            case DECIMAL, FRACTION, UUID ->
                values.textual(invocation, classified.meaning().get());
            case JIT_LIST -> values.collection(invocation, ListNode.Kind.LIST);
            case JIT_TENSOR -> tableTensor(invocation);
            case JIT_TYPE_TAG -> values.typeTag(invocation);
            case RECONSTRUCTOR -> objects.reconstructor(invocation);
            case NEW_OBJECT -> objects.newObject(invocation);
            case GRAPH_MODULE -> objects.graphModule(invocation);
        };
    }

    /** A tensor that the archive has in a table. */
    private Revival tableTensor(Invocation invocation) throws IOException {
        Optional<PickleValue> tensor = context.part().persistent().tensor(invocation.call());
        return tensor.isPresent() ? revive(tensor.get()) : fallBack(invocation);
    }

    /** A call that is understood by name but not in this form: kept as if it were not understood. */
    Revival fallBack(Invocation invocation) throws IOException {
        return objects.invoke(invocation, GlobalClass.UNKNOWN);
    }

    Budget budget() {
        return context.budget();
    }

    /** The path of the value being revived. */
    String path() {
        return builder.path("");
    }

    /** Looks at a value only once the tree is complete, and only to list the tensors in it. */
    void defer(PickleValue value, String path) {
        builder.defer(value, path);
    }

    /** An object of a class that is only a name, with these states. */
    Revival instance(Global type, List<PickleValue> states, Invocation call) throws IOException {
        return objects.instance(type, List.of(), states, call);
    }

    /** Items in order. */
    Revival sequence(ListNode.Kind kind, List<PickleValue> items) {
        return Revival.of(items, Integer::toString, nodes -> new ListNode(kind, present(nodes)));
    }

    /** In a sequence, {@code None} stands where something was left out, so that the others keep their index. */
    static List<Node> present(List<Node> nodes) {
        List<Node> kept = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            kept.add(node instanceof Absent ? Leaf.NONE : node);
        }
        return kept;
    }

    /**
     * A mapping. Entries whose key is not primitive become a list of [key, value] pairs: the whole of it if there is no
     * other entry, else one more entry under {@link #PAIRS_KEY}.
     */
    Revival mapping(MapNode.Kind kind, Entries written, Optional<PickleValue> metadata) throws IOException {
        noteReplaced(written);
        Entries entries = withBytesKeys(written);
        List<PickleValue> children = new ArrayList<>(entries.size() + 1);
        List<Leaf> keys = new ArrayList<>(entries.size());
        List<PickleValue> pairs = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            PickleValue key = entries.key(i);
            if (isPrimitive(key)) {
                keys.add(key(key));
                children.add(entries.value(i));
            } else {
                pairs.add(entries.key(i));
                pairs.add(entries.value(i));
            }
        }
        if (!pairs.isEmpty()) {
            context.log()
                    .add(
                            Event.Kind.CONVERTED,
                            builder.path(""),
                            "mapping with object keys",
                            "these entries became a list of [key, value] pairs");
        }
        if (!pairs.isEmpty() && keys.isEmpty()) {
            return Revival.of(pairs, i -> i / 2 + "." + i % 2, Reviver::pairs);
        }
        int plain = keys.size();
        int withMetadata = plain + (metadata.isPresent() ? 1 : 0);
        metadata.ifPresent(children::add);
        children.addAll(pairs);
        return Revival.of(
                children,
                i -> i < plain
                        ? Names.component(keys.get(i))
                        : i < withMetadata
                                ? "_metadata"
                                : PAIRS_KEY + "." + (i - withMetadata) / 2 + "." + (i - withMetadata) % 2,
                nodes -> {
                    List<MapNode.Entry> kept = new ArrayList<>(plain + 1);
                    for (int i = 0; i < plain; i++) {
                        if (!(nodes.get(i) instanceof Absent)) {
                            kept.add(new MapNode.Entry(keys.get(i), nodes.get(i)));
                        }
                    }
                    ListNode others = pairs(nodes.subList(withMetadata, nodes.size()));
                    if (!others.items().isEmpty()) {
                        kept.add(MapNode.Entry.of(pairsKey(keys), others));
                    }
                    return new MapNode(
                            kind,
                            kept,
                            metadata.isPresent() ? attribute(nodes.get(plain), metadata.get()) : Optional.empty());
                });
    }

    /** Protocol 2 has no bytes: a key of that type is a call, and two such calls may be one key. */
    private Entries withBytesKeys(Entries written) throws IOException {
        boolean any = false;
        for (int i = 0; i < written.size(); i++) {
            any |= written.key(i) instanceof Call;
        }
        if (!any) {
            return written;
        }
        Entries decided = new Entries();
        for (int i = 0; i < written.size(); i++) {
            decided.add(PlainValues.withBytes(written.key(i), context.budget()), written.value(i));
        }
        noteReplaced(decided);
        return decided;
    }

    private static final String PAIRS_KEY = "__pairs__";

    private static String pairsKey(List<Leaf> keys) {
        String key = PAIRS_KEY;
        while (keys.contains(Leaf.of(key))) {
            key = "_" + key;
        }
        return key;
    }

    /** The {@code _metadata} of an ordered dict, which holds versions; one that holds tensors has no place in an output. */
    private Optional<Node> attribute(Node node, PickleValue value) {
        if (node instanceof Absent) {
            return Optional.empty();
        }
        if (node.holdsTensors()) {
            builder.defer(value, builder.path("_metadata"));
            return Optional.empty();
        }
        return Optional.of(node);
    }

    /** Pairs of keys and values that follow each other; a key that was dropped takes its value along, if that is plain. */
    private static ListNode pairs(List<Node> flat) {
        List<Node> pairs = new ArrayList<>(flat.size() / 2);
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            if (!(flat.get(i) instanceof Absent) || flat.get(i + 1).holdsTensors()) {
                pairs.add(new ListNode(ListNode.Kind.LIST, present(flat.subList(i, i + 2))));
            }
        }
        return new ListNode(ListNode.Kind.LIST, pairs);
    }

    private void noteReplaced(Entries entries) throws IOException {
        for (int i = 0; i < entries.replaced().size(); i++) {
            PickleValue value = entries.replaced().get(i);
            if (value instanceof Call || value instanceof PersistentId) {
                String name = PythonText.of(entries.replacedKeys().get(i)).orElse("a key");
                context.log()
                        .add(
                                Event.Kind.REPLACED,
                                builder.path(name),
                                Escaped.text(name, 80),
                                "the key is set again later; Python keeps the last value");
            }
        }
    }

    private static boolean isPrimitive(PickleValue key) {
        return key instanceof Text
                || key instanceof Int
                || key instanceof BigInt
                || key instanceof Real
                || key instanceof Bool
                || key instanceof None
                || key instanceof Bytes bytes && bytes.length() <= 1 << 16;
    }

    private Leaf key(PickleValue key) throws IOException {
        if (!(key instanceof Bytes bytes)) {
            return new Leaf(key);
        }
        PickleValue decided = PythonText.decide(bytes);
        if (bytes.kind() == PickleValue.BytesKind.STRING && !(decided instanceof Text)) {
            throw new MalformedFileException(
                    "a key that is not UTF-8 text", context.part().name());
        }
        return new Leaf(decided);
    }

    /** The class name that a stub carries: Python 3's. */
    static String className(Global global) {
        return PythonNames.modern(global).dotted();
    }
}
