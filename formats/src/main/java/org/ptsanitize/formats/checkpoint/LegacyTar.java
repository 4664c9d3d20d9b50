package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tar.TarDirectory;
import org.ptsanitize.formats.tar.TarMember;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * The tar archive of PyTorch 0.1 (2016 to early 2017). Its members: {@code sys_info}, which nobody reads;
 * {@code storages} and {@code tensors}, in each a count and then, one after another, a small pickle and raw numbers;
 * {@code pickle}, the object, whose persistent ids are the decimal keys of tensors and storages, which share one number
 * space, or the classes of modules with their source text.
 */
final class LegacyTar {
    private static final String SYSTEM = "sys_info";
    private static final String OBJECT = "pickle";
    private static final String TENSORS = "tensors";
    private static final String STORAGES = "storages";
    private static final String AGAIN = "download the file again";

    /** More than a key, a location and a class need. */
    private static final int LARGEST_ENTRY = 4096;

    private static final int LARGEST_RANK = 64;
    private static final int HEAP_PER_OBJECT = 400;

    private final Budget budget;
    private final List<PickledPart> parts = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, PersistentObject> objects = new HashMap<>();

    private LegacyTar(Budget budget) {
        this.budget = budget;
    }

    /**
     * Whether an archive has the members that make it such a checkpoint.
     *
     * @throws MalformedFileException if it has some and lacks others, as a file does that is cut short
     */
    static boolean matches(TarDirectory directory) throws MalformedFileException {
        List<String> missing = List.of(OBJECT, TENSORS, STORAGES).stream()
                .filter(name -> directory.find(name).isEmpty())
                .toList();
        if (missing.isEmpty() || directory.find(SYSTEM).isEmpty()) {
            return missing.isEmpty();
        }
        throw new MalformedFileException(
                "a PyTorch tar archive (0.1) without its member '" + missing.get(0) + "': the file is cut short",
                "",
                AGAIN);
    }

    /** Reads an archive that {@link #matches}. Its source stays the caller's to close. */
    static Checkpoint open(TarDirectory directory, Budget budget) throws IOException {
        LegacyTar tar = new LegacyTar(budget);
        tar.readAll(directory);
        return new PickledFile(Container.LEGACY_TAR, "torch 0.1.0 to 0.1.10", tar.parts, tar.notes);
    }

    private void readAll(TarDirectory directory) throws IOException {
        int others = 0;
        for (TarMember member : directory.members()) {
            if (!List.of(SYSTEM, OBJECT, TENSORS, STORAGES).contains(member.name())) {
                others++;
            } else if (!member.regular()) {
                throw new MalformedFileException("not a regular file", "tar member " + member.name());
            }
        }
        if (others > 0) {
            notes.add(others + (others == 1 ? " other tar member is ignored" : " other tar members are ignored"));
        }
        if (directory.find(SYSTEM).isPresent()) {
            auxiliary(SYSTEM, PickleMachine.read(bytes(directory, SYSTEM), 0, budget));
        }
        new Entries(STORAGES, bytes(directory, STORAGES)).storages();
        new Entries(TENSORS, bytes(directory, TENSORS)).tensors();
        Pickle object = PickleMachine.read(bytes(directory, OBJECT), 0, budget);
        for (PersistentId id : object.persistentIds()) {
            resolve(id);
        }
        parts.add(new PickledPart(OBJECT, object, this::resolve, false));
    }

    private static ByteSource bytes(TarDirectory directory, String name) {
        return directory.find(name).orElseThrow().bytes();
    }

    /** Pickles that steer are looked through for calls like any other. */
    private void auxiliary(String name, Pickle pickle) {
        if (!pickle.calls().isEmpty() || !pickle.globals().isEmpty() && name.equals(SYSTEM)) {
            parts.add(new PickledPart(name, pickle, PersistentObjects.NONE, true));
        }
    }

    private PersistentObject resolve(PersistentId id) throws MalformedFileException {
        String where = "pickle byte " + id.offset();
        if (id.id() instanceof Tuple items) {
            if (items.size() == 3 && items.get(0) instanceof Global global) {
                return new PersistentObject.ModuleClass(global);
            }
            throw new MalformedFileException("a persistent id that is no (class, source file, source)", where);
        }
        String key = StorageId.keyOf(id.id(), where);
        PersistentObject object = objects.get(key);
        if (object == null) {
            throw new MalformedFileException("tensor or storage '" + shorten(key) + "' is missing", where);
        }
        return object;
    }

    private static String shorten(String key) {
        return key.length() <= 40 ? key : key.substring(0, 40) + "…";
    }

    /** A member that is a sequence of small pickles and raw numbers. */
    private final class Entries {
        private final String member;
        private final ByteSource source;
        private long at;

        Entries(String member, ByteSource source) {
            this.member = member;
            this.source = source;
        }

        String where() {
            return member + " byte " + at;
        }

        MalformedFileException malformed(String problem) {
            return new MalformedFileException(problem, where());
        }

        private PickleValue next(long longest) throws IOException {
            ByteSource piece = source.slice(where(), at, Math.min(longest, source.size() - at));
            Pickle pickle = PickleMachine.read(piece, 0, budget);
            auxiliary(where(), pickle);
            at += pickle.end();
            return pickle.root();
        }

        private long count() throws IOException {
            if (next(LARGEST_ENTRY) instanceof Int count && count.value() >= 0 && count.value() <= source.size()) {
                return count.value();
            }
            throw malformed("no valid number of entries");
        }

        private Tuple entry() throws IOException {
            if (next(LARGEST_ENTRY) instanceof Tuple entry && entry.size() == 3) {
                return entry;
            }
            throw malformed("an entry that is no tuple of 3");
        }

        private void add(String key, PersistentObject object) throws IOException {
            budget.spendMemory(HEAP_PER_OBJECT, at);
            if (objects.put(key, object) != null) {
                throw malformed("the key '" + shorten(key) + "' is used twice");
            }
        }

        void storages() throws IOException {
            long count = count();
            for (long i = 0; i < count; i++) {
                Tuple entry = entry();
                String key = StorageId.keyOf(entry.get(0), where());
                Optional<DType> type = StorageId.typeOf(entry.get(2), where());
                long elements = source.read(at, Long.BYTES).getLong();
                long size = new StorageId(type, key, true, elements).byteSize(where());
                if (elements < 0) {
                    throw malformed("storage '" + shorten(key) + "' claims " + elements + " elements");
                }
                ByteSource bytes = source.slice("storage " + shorten(key), at + Long.BYTES, size);
                add(key, new StorageRef(new Storage(key, bytes, ByteOrder.LITTLE_ENDIAN), type, 0, size));
                at += Long.BYTES + size;
            }
            views(next(Long.MAX_VALUE));
            end();
        }

        /** {@code [(key, root key, offset, elements), …]}: storages that are parts of others. */
        private void views(PickleValue list) throws IOException {
            if (!(list instanceof PyList views)) {
                throw malformed("storage views that are no list");
            }
            for (PickleValue item : views.items()) {
                if (!(item instanceof Tuple view)
                        || view.size() != 4
                        || !(view.get(2) instanceof Int offset)
                        || !(view.get(3) instanceof Int elements)
                        || !(objects.get(StorageId.keyOf(view.get(1), where())) instanceof StorageRef root)) {
                    throw malformed("a damaged storage view");
                }
                int size = root.elementType().size();
                long available = root.byteSize() / size;
                if (offset.value() < 0 || elements.value() < 0 || offset.value() > available - elements.value()) {
                    throw malformed("a storage view that reaches outside its storage");
                }
                add(
                        StorageId.keyOf(view.get(0), where()),
                        new StorageRef(
                                root.storage(),
                                root.type(),
                                root.firstByte() + offset.value() * size,
                                elements.value() * size));
            }
        }

        void tensors() throws IOException {
            long count = count();
            for (long i = 0; i < count; i++) {
                Tuple entry = entry();
                String key = StorageId.keyOf(entry.get(0), where());
                if (!(objects.get(StorageId.keyOf(entry.get(1), where())) instanceof StorageRef storage)) {
                    throw malformed("tensor '" + shorten(key) + "' has a storage that is missing");
                }
                checkClass(entry.get(2), storage);
                // Torch7's tensors without a dimension are empty; PyTorch reads them as a scalar if there is one to
                // read.
                int rank = source.read(at, Integer.BYTES).getInt();
                if (rank < 0 || rank > LARGEST_RANK) {
                    throw malformed("tensor '" + shorten(key) + "' has " + rank + " dimensions");
                }
                ByteBuffer numbers = source.read(at + 8, (2 * rank + 1) * Long.BYTES);
                long[] sizes = longs(numbers, rank);
                long[] strides = longs(numbers, rank);
                TensorView view = storage.view(
                        storage.elementType(), numbers.getLong(), sizes, strides, "tensor " + shorten(key));
                add(key, new PersistentObject.StoredTensor(storage, view));
                at += 8 + numbers.limit();
            }
            end();
        }

        /** A tensor class names the type that its storage has. */
        private void checkClass(PickleValue tensorClass, StorageRef storage) throws IOException {
            String suffix = "Tensor";
            if (tensorClass instanceof Global global
                    && (global.module().equals("torch") || global.module().equals("torch.cuda"))
                    && global.name().endsWith(suffix)) {
                String kind = global.name().substring(0, global.name().length() - suffix.length());
                if (DType.ofStorageClass(kind + "Storage").equals(storage.type())) {
                    return;
                }
            }
            throw malformed("a tensor whose class does not fit its storage");
        }

        private long[] longs(ByteBuffer numbers, int count) {
            long[] values = new long[count];
            for (int i = 0; i < count; i++) {
                values[i] = numbers.getLong();
            }
            return values;
        }

        private void end() {
            if (at < source.size()) {
                notes.add((source.size() - at) + " bytes behind the end of " + member + " are ignored");
            }
        }
    }
}
