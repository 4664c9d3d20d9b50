package org.ptsanitize.formats.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.Storage;

/** Storages as a pickle claims them: of a type and a size, without a byte. */
final class ClaimedStorages implements PersistentObjects {
    private static final int LISTED = 3;

    private final Map<String, Storage> storages = new HashMap<>();

    @Override
    public PersistentObject resolve(PersistentId id) throws MalformedFileException {
        if (LegacyStream.moduleClass(id).isPresent()) {
            return new PersistentObject.ModuleClass(LegacyStream.moduleClass(id).get());
        }
        String where = "byte " + id.offset();
        StorageId storage = StorageId.parse(id, 5, 6);
        long size = storage.byteSize(where);
        Storage claimed = storages.computeIfAbsent(
                storage.key(), key -> new Storage(key, new Nothing(key, size), ByteOrder.LITTLE_ENDIAN));
        if (claimed.size() != size) {
            throw new MalformedFileException("storage '" + storage.key() + "' is said to have two sizes", where);
        }
        Tuple items = (Tuple) id.id();
        boolean part = items.size() == 6
                && items.get(5) instanceof Tuple view
                && view.size() == 3
                && view.get(1) instanceof Int
                && view.get(2) instanceof Int;
        if (!part) {
            return new StorageRef(claimed, storage.type(), 0, size);
        }
        Tuple view = (Tuple) items.get(5);
        long first = ((Int) view.get(1)).value();
        long count = ((Int) view.get(2)).value();
        if (first < 0 || count < 0 || first > storage.elements() - count) {
            throw new MalformedFileException("a view that reaches outside storage '" + storage.key() + "'", where);
        }
        int element = storage.elementSize();
        return new StorageRef(claimed, storage.type(), first * element, count * element);
    }

    /**
     * Tells which storages of a pickle are not what it claims.
     *
     * @param sizes the size of a storage in the file by its key
     */
    List<String> missing(Pickle pickle, Function<String, Optional<Long>> sizes) {
        List<String> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int count = 0;
        for (PersistentId id : pickle.persistentIds()) {
            try {
                StorageId storage = StorageId.parse(id, 5, 6);
                if (seen.add(storage.key())) {
                    long size = storage.byteSize("");
                    Optional<Long> found = sizes.apply(storage.key());
                    if (found.isEmpty() || found.get() != size) {
                        count++;
                        problems.add(Printable.quote(storage.key())
                                + (found.isEmpty() ? " is missing" : " has " + found.get() + " bytes of " + size));
                    }
                }
            } catch (MalformedFileException e) {
                problems.add("one at byte " + id.offset() + " is none");
                count++;
            }
        }
        if (count == 0) {
            return List.of();
        }
        String more = count > LISTED ? " and " + (count - LISTED) + " more" : "";
        return List.of(count + " of " + seen.size() + " storages are damaged: "
                + String.join(", ", problems.subList(0, Math.min(LISTED, problems.size()))) + more);
    }

    /** Bytes that are not there. */
    private record Nothing(String name, long size) implements ByteSource {
        @Override
        public void readFully(long position, ByteBuffer target) throws MalformedFileException {
            throw absent();
        }

        @Override
        public void transferTo(long position, long count, WritableByteChannel target) throws MalformedFileException {
            throw absent();
        }

        private MalformedFileException absent() {
            return new MalformedFileException("the bytes of storage " + Printable.quote(name) + " cannot be found");
        }

        @Override
        public void close() {}
    }
}
