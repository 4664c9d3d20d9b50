package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.Storage;

/**
 * The stream that {@code torch.save} wrote from 0.1.10 to 1.5: five pickles one after another (magic number, protocol
 * version, system information, the object, the storage keys), then for each key an 8-byte element count and the
 * elements. Everything behind the pickles is little-endian, whatever the system information says: PyTorch ignores it.
 */
public final class LegacyStream {
    /** The integer that the first pickle holds. */
    public static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

    /** Its pickles, in order. */
    static final List<String> PARTS =
            List.of("magic number", "protocol version", "system information", "object", "storage keys");

    private static final long PROTOCOL_VERSION = 1001;

    private final ByteSource source;
    private final List<PickledPart> parts = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Storages storages = new Storages();

    private LegacyStream(ByteSource source) {
        this.source = source;
    }

    /** Whether a first pickle's value is the magic number. */
    static boolean isMagic(PickleValue value) {
        return value instanceof BigInt number && number.value().equals(MAGIC);
    }

    /** Opens a stream that begins with the magic number. The source stays the caller's to close. */
    public static Checkpoint open(ByteSource source, Budget budget) throws IOException {
        LegacyStream stream = new LegacyStream(source);
        stream.readAll(budget);
        return new PickledFile(
                Container.LEGACY_STREAM,
                "torch 0.1.10 to 1.5, or later with the zip format switched off",
                stream.parts,
                stream.notes);
    }

    private void readAll(Budget budget) throws IOException {
        Pickle magic = next(PARTS.get(0), 0, PersistentObjects.NONE, budget, true);
        if (!isMagic(magic.root())) {
            throw new MalformedFileException("the first pickle is not PyTorch's magic number", "byte 0");
        }
        Pickle version = next(PARTS.get(1), magic.end(), PersistentObjects.NONE, budget, true);
        if (!(version.root() instanceof Int number) || number.value() != PROTOCOL_VERSION) {
            throw new MalformedFileException("the protocol version is not " + PROTOCOL_VERSION, "byte " + magic.end());
        }
        Pickle system = next(PARTS.get(2), version.end(), PersistentObjects.NONE, budget, true);
        Pickle object = next(PARTS.get(3), system.end(), storages, budget, false);
        for (PersistentId id : object.persistentIds()) {
            storages.declare(id, budget);
        }
        Pickle keys = next(PARTS.get(4), object.end(), PersistentObjects.NONE, budget, true);
        if (!(keys.root() instanceof PyList list)) {
            throw new MalformedFileException("the storage keys are not a list", "byte " + object.end());
        }
        long end = storages.locate(list, keys.end());
        if (end < source.size()) {
            notes.add((source.size() - end) + " bytes behind the last storage are ignored");
        }
        storages.finish();
    }

    private Pickle next(String name, long offset, PersistentObjects persistent, Budget budget, boolean auxiliary)
            throws IOException {
        Pickle pickle = PickleMachine.read(source, offset, budget);
        parts.add(new PickledPart(name, pickle, persistent, auxiliary));
        return pickle;
    }

    /** A part of a root storage under a key of its own. */
    private record View(String root, long offset, long elements) {}

    /** The storages that the object pickle declares, and where the stream holds them. */
    private final class Storages implements PersistentObjects {
        private final Map<String, StorageId> declared = new LinkedHashMap<>();
        private final Map<String, StorageRef> located = new HashMap<>();
        private final Map<String, View> views = new HashMap<>();

        void declare(PersistentId id, Budget budget) throws MalformedFileException, IOException {
            if (moduleClass(id).isPresent()) {
                return;
            }
            String where = "object pickle byte " + id.offset();
            StorageId storage = StorageId.parse(id, 5, 6);
            storage.byteSize(where);
            StorageId before = declared.putIfAbsent(storage.key(), storage);
            if (before == null) {
                budget.spendMemory(250, id.offset());
            } else if (!before.equals(storage)) {
                throw new MalformedFileException(
                        "storage '" + storage.key() + "' is declared with two types or sizes", where);
            }
            Optional<String> viewKey = viewKey(id);
            if (viewKey.isPresent()) {
                View view = view(id, storage, where);
                View earlier = views.putIfAbsent(viewKey.get(), view);
                if (earlier != null && !earlier.equals(view)) {
                    throw new MalformedFileException(
                            "storage view '" + viewKey.get() + "' is declared twice, differently", where);
                }
            }
        }

        private View view(PersistentId id, StorageId root, String where) throws MalformedFileException {
            Tuple metadata = (Tuple) ((Tuple) id.id()).get(5);
            if (metadata.size() == 3
                    && metadata.get(1) instanceof Int offset
                    && metadata.get(2) instanceof Int elements
                    && offset.value() >= 0
                    && elements.value() >= 0
                    && offset.value() <= root.elements() - elements.value()) {
                return new View(root.key(), offset.value(), elements.value());
            }
            throw new MalformedFileException(
                    "a view of storage '" + root.key() + "' that is malformed or reaches outside it", where);
        }

        private Optional<String> viewKey(PersistentId id) throws MalformedFileException {
            Tuple items = (Tuple) id.id();
            if (items.size() < 6 || items.get(5) == None.NONE) {
                return Optional.empty();
            }
            String where = "object pickle byte " + id.offset();
            if (items.get(5) instanceof Tuple metadata && metadata.size() == 3) {
                return Optional.of(StorageId.keyOf(metadata.get(0), where));
            }
            throw new MalformedFileException("storage view metadata that is not a tuple of 3", where);
        }

        long locate(PyList keys, long start) throws IOException {
            long at = start;
            for (PickleValue item : keys.items()) {
                String where = "byte " + at;
                String key = StorageId.keyOf(item, where);
                StorageId id = declared.get(key);
                if (id == null || id.number() != StorageId.isNumber(item)) {
                    throw new MalformedFileException(
                            "the stream holds a storage '" + key + "' that nothing refers to", where);
                }
                long count = source.read(at, Long.BYTES).getLong();
                if (count != id.elements()) {
                    throw new MalformedFileException(
                            "storage '" + key + "' has " + count + " elements, the pickle says " + id.elements(),
                            where);
                }
                long size = id.byteSize(where);
                ByteSource bytes = source.slice("storage " + key, at + Long.BYTES, size);
                Storage storage = new Storage(key, bytes, ByteOrder.LITTLE_ENDIAN);
                if (located.put(key, new StorageRef(storage, id.type(), 0, size)) != null) {
                    throw new MalformedFileException("storage '" + key + "' is listed twice", where);
                }
                at += Long.BYTES + size;
            }
            return at;
        }

        void finish() throws MalformedFileException {
            for (String key : declared.keySet()) {
                if (!located.containsKey(key)) {
                    throw new MalformedFileException("storage '" + key + "' is missing from the stream");
                }
            }
        }

        @Override
        public PersistentObject resolve(PersistentId id) throws MalformedFileException {
            Optional<Global> module = moduleClass(id);
            if (module.isPresent()) {
                return new PersistentObject.ModuleClass(module.get());
            }
            StorageId storage = StorageId.parse(id, 5, 6);
            StorageRef root = located.get(storage.key());
            if (root == null) {
                throw new IllegalArgumentException("a persistent id of another pickle");
            }
            Optional<String> viewKey = viewKey(id);
            if (viewKey.isEmpty()) {
                return root;
            }
            View view = views.get(viewKey.get());
            if (view == null) {
                throw new IllegalArgumentException("a persistent id of another pickle");
            }
            int size = storage.elementSize();
            return new StorageRef(root.storage(), root.type(), view.offset() * size, view.elements() * size);
        }
    }

    /** The class of {@code ('module', class, source file, source text)}. */
    static Optional<Global> moduleClass(PersistentId id) throws MalformedFileException {
        if (id.id() instanceof Tuple items && items.size() == 4 && StorageId.isText(items.get(0), "module")) {
            if (items.get(1) instanceof Global global) {
                return Optional.of(global);
            }
            throw new MalformedFileException("a module id whose second item is not a class", "byte " + id.offset());
        }
        return Optional.empty();
    }
}
