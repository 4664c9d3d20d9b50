package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * The archive that {@code torch.jit.save} of 1.0 to 1.3 wrote: {@code model.json} with the modules and a table of
 * tensors, their storages in {@code tensors/}, and {@code attributes.pkl} with what is no parameter, whose tensors are
 * places in that table. The program, in {@code code/} and {@code libs/}, is never read. Each value is a member under its
 * path; a tensor is given as the call that a pickle of today would hold, so that all have one reader.
 */
final class OldTorchScript {
    private static final String ATTRIBUTES = "attributes.pkl";
    private static final int LAST_VERSION = 5;
    private static final int ENTRY_BYTES = 900;

    /** Names of caffe2's {@code TensorProto.DataType}. */
    private static final Map<String, DType> TYPES = Map.of(
            "FLOAT", DType.FLOAT32,
            "DOUBLE", DType.FLOAT64,
            "FLOAT16", DType.FLOAT16,
            "INT64", DType.INT64,
            "INT32", DType.INT32,
            "INT16", DType.INT16,
            "INT8", DType.INT8,
            "UINT8", DType.UINT8,
            "BOOL", DType.BOOL);

    private static final Map<DType, DType> QUANTIZED =
            Map.of(DType.INT8, DType.QINT8, DType.UINT8, DType.QUINT8, DType.INT32, DType.QINT32);

    private OldTorchScript() {}

    static Checkpoint open(ZipDirectory directory, Scratch scratch, Budget budget) throws IOException {
        ZipRecords records = new ZipRecords(directory, directory.firstRoot(), scratch, budget);
        records.refuseOthers();
        return new Reader(directory, records, scratch, budget).read();
    }

    private static final class Reader {
        private final ZipDirectory directory;
        private final ZipRecords records;
        private final Scratch scratch;
        private final Budget budget;
        private final Map<String, StorageRef> storages = new HashMap<>();
        private final List<PickleValue> tensors = new ArrayList<>();
        private final Set<Long> used = new HashSet<>();

        Reader(ZipDirectory directory, ZipRecords records, Scratch scratch, Budget budget) {
            this.directory = directory;
            this.records = records;
            this.scratch = scratch;
            this.budget = budget;
        }

        Checkpoint read() throws IOException {
            ZipMember document = records.find("model.json").orElseThrow();
            ModelJson model =
                    ModelJson.read(directory.open(document, scratch, budget), "the record " + document.name(), budget);
            if (model.version() > LAST_VERSION) {
                throw new UnsupportedFileException(
                        "a model.json of version " + model.version() + ", at most " + LAST_VERSION + " is known",
                        "record " + document.name());
            }
            for (ModelJson.TensorDef tensor : model.tensors()) {
                budget.spendMemory(ENTRY_BYTES, 0);
                tensors.add(call(tensor, "tensor " + tensors.size() + " of model.json"));
            }
            Optional<PickledPart> attributes = attributes();
            List<PickleValue> pickled = items(attributes);
            attributes.ifPresent(part -> part.pickle().calls().forEach(this::markUsed));
            List<Member> members = new ArrayList<>();
            for (ModelJson.ValueDef value : model.values()) {
                value(value, pickled).ifPresent(found -> members.add(member(value.path(), found)));
            }
            List<Member> constants = constants();
            return new PickledFile(
                    Container.TORCHSCRIPT,
                    "torch.jit.save of torch 1.0 to 1.3",
                    attributes.map(PickledPart::steering).stream().toList(),
                    members.isEmpty() ? constants : members,
                    members.isEmpty() ? List.of() : constants,
                    records.notes());
        }

        private Optional<PickleValue> value(ModelJson.ValueDef value, List<PickleValue> pickled)
                throws MalformedFileException {
            if (value.tensor().isPresent()) {
                used.add(value.tensor().getAsLong());
                return Optional.of(table(value.tensor().getAsLong(), Printable.quote(value.path())));
            }
            if (value.pickled().isEmpty()) {
                return Optional.empty();
            }
            if (value.pickled().getAsLong() >= pickled.size()) {
                throw new MalformedFileException(
                        "attribute " + value.pickled().getAsLong() + " of " + pickled.size() + " in " + ATTRIBUTES,
                        Printable.quote(value.path()));
            }
            return Optional.of(pickled.get((int) value.pickled().getAsLong()));
        }

        /** Tensors that no module and no attribute names are constants of the program. */
        private List<Member> constants() {
            List<Member> constants = new ArrayList<>();
            for (int i = 0; i < tensors.size(); i++) {
                if (!used.contains((long) i)) {
                    constants.add(member(Integer.toString(i), tensors.get(i)));
                }
            }
            return constants.isEmpty()
                    ? List.of()
                    : List.of(new Member("constants", new Bundle(Container.TORCHSCRIPT, constants, List.of())));
        }

        private void markUsed(Call call) {
            TensorReference.of(call).ifPresent(used::add);
        }

        private Optional<PickledPart> attributes() throws IOException {
            Optional<ZipMember> member = records.find(ATTRIBUTES);
            if (member.isEmpty()) {
                return Optional.empty();
            }
            Pickle pickle = PickleMachine.read(directory.open(member.get(), scratch, budget), 0, budget);
            return Optional.of(part(ATTRIBUTES, pickle));
        }

        private static List<PickleValue> items(Optional<PickledPart> attributes) throws MalformedFileException {
            if (attributes.isEmpty()) {
                return List.of();
            }
            PickleValue root = attributes.get().pickle().root();
            if (root instanceof PyList list) {
                return list.items();
            }
            if (root instanceof Tuple tuple) {
                return tuple.items();
            }
            throw new MalformedFileException("attributes that are no list or tuple", "record " + ATTRIBUTES);
        }

        private Member member(String path, PickleValue value) {
            List<PickledPart> parts = List.of(part(path, Pickle.of(value)));
            return new Member(path, new PickledFile(Container.TORCHSCRIPT, "", parts, List.of()));
        }

        private PickledPart part(String name, Pickle pickle) {
            return new PickledPart(name, pickle, new Table(storages, tensors), false, true);
        }

        private PickleValue table(long place, String where) throws MalformedFileException {
            if (place < 0 || place >= tensors.size()) {
                throw new MalformedFileException("tensor " + place + " of a table of " + tensors.size(), where);
            }
            return tensors.get((int) place);
        }

        /** The tensor as {@code torch._utils} would rebuild it. */
        private PickleValue call(ModelJson.TensorDef tensor, String where) throws IOException {
            DType dtype = TYPES.get(tensor.type());
            if (dtype != null && tensor.quantized()) {
                dtype = QUANTIZED.get(dtype);
            }
            if (dtype == null) {
                throw new UnsupportedFileException(
                        "a tensor of type " + Printable.quote(tensor.type())
                                + (tensor.quantized() ? ", quantized" : ""),
                        where);
            }
            PickleValue storage = storage(tensor.record(), dtype, where);
            PickleValue offset = new Int(tensor.offset());
            PickleValue sizes = integers(tensor.sizes());
            PickleValue strides = integers(tensor.strides());
            PickleValue grad = Bool.of(tensor.requiresGrad());
            if (tensor.quantized()) {
                PickleValue quantizer = Tuple.of(
                        new Global("torch", "per_tensor_affine"),
                        new Real(tensor.scale()),
                        new Int(tensor.zeroPoint()));
                return Call.of(
                        new Global("torch._utils", "_rebuild_qtensor"),
                        storage,
                        offset,
                        sizes,
                        strides,
                        quantizer,
                        grad,
                        None.NONE);
            }
            return Call.of(
                    new Global("torch._utils", "_rebuild_tensor_v2"), storage, offset, sizes, strides, grad, None.NONE);
        }

        private PickleValue storage(String record, DType dtype, String where) throws IOException {
            StorageRef known = storages.get(record);
            if (known == null) {
                ZipMember member = records.find(record)
                        .orElseThrow(() -> new MalformedFileException(
                                "the record " + Printable.quote(record) + " is missing from the archive", where));
                Storage storage = new Storage(record, directory.open(member, scratch, budget), ByteOrder.LITTLE_ENDIAN);
                storages.put(record, new StorageRef(storage, Optional.of(dtype), 0, storage.size()));
            } else if (known.elementType() != dtype) {
                throw new MalformedFileException("storage '" + record + "' is used with two element types", where);
            }
            return PersistentId.of(new Text(record));
        }

        private static PickleValue integers(List<Long> numbers) {
            return Tuple.of(numbers.stream().map(Int::new).toArray(PickleValue[]::new));
        }
    }

    /** The storages by record and the tensors by place. */
    private record Table(Map<String, StorageRef> storages, List<PickleValue> tensors) implements PersistentObjects {
        @Override
        public PersistentObject resolve(PersistentId id) throws MalformedFileException {
            StorageRef storage = id.id() instanceof Text record ? storages.get(record.value()) : null;
            if (storage == null) {
                throw new MalformedFileException("a persistent id in " + ATTRIBUTES, "byte " + id.offset());
            }
            return storage;
        }

        @Override
        public Optional<PickleValue> tensor(Call reference) {
            Optional<Long> place = TensorReference.of(reference);
            return place.isPresent() && place.get() >= 0 && place.get() < tensors.size()
                    ? Optional.of(tensors.get(place.get().intValue()))
                    : Optional.empty();
        }
    }
}
