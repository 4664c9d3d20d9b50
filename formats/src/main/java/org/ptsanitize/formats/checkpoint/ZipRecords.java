package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.KeyTable;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleTrace;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * The records of a zip that PyTorch wrote: those in one folder, found as PyTorch finds them, without regard to case. A
 * pickle {@code NAME.pkl} has its storages in the folder that it is read with.
 */
final class ZipRecords {
    private static final int SMALL_RECORD = 64;

    /** Heap for one storage: itself, its range and its place by key. */
    private static final int STORAGE_BYTES = 170;

    private final ZipDirectory directory;
    private final String root;
    private final Scratch scratch;
    private final Budget budget;
    private final List<String> notes = new ArrayList<>();

    ZipRecords(ZipDirectory directory, String root, Scratch scratch, Budget budget) {
        this.directory = directory;
        this.root = root;
        this.scratch = scratch;
        this.budget = budget;
        notes.addAll(directory.notes());
    }

    /** What was tolerated so far; callers add their own. */
    List<String> notes() {
        return notes;
    }

    String root() {
        return root;
    }

    void refuseOthers() throws MalformedFileException {
        String prefix = root + "/";
        for (ZipMember member : directory.members()) {
            if (!member.name().startsWith(prefix)) {
                throw new MalformedFileException(
                        "a record outside the archive's root folder '" + root + "', which PyTorch refuses",
                        "record " + member.name());
            }
        }
    }

    Optional<ZipMember> find(String name) {
        return directory.findIgnoringCase(root + "/" + name);
    }

    /** The archive's version, which must be one that PyTorch reads. */
    int version() throws IOException {
        Optional<ZipMember> member = find(".data/version").or(() -> find("version"));
        if (member.isEmpty()) {
            throw new MalformedFileException("a zip without a record " + root + "/version, so not a checkpoint");
        }
        String text = small(member.get());
        int end = 0;
        while (end < text.length() && end < 9 && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        int version = end == 0 ? 0 : Integer.parseInt(text.substring(0, end));
        if (version < 1 || version > 10) {
            throw new UnsupportedFileException(
                    "archive version '" + text.strip() + "', expected 1 to 10",
                    "record " + member.get().name());
        }
        return version;
    }

    /** The byte order of the storages: little-endian unless the archive says otherwise. */
    ByteOrder byteOrder() throws IOException {
        Optional<ZipMember> member = find("byteorder");
        if (member.isEmpty()) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        String text = small(member.get());
        return switch (text) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default ->
                throw new MalformedFileException(
                        "byte order '" + text + "', expected 'little' or 'big'",
                        "record " + member.get().name());
        };
    }

    /** The text of a short record, if there is one. */
    Optional<String> text(String name) throws IOException {
        Optional<ZipMember> member = find(name);
        return member.isPresent() ? Optional.of(small(member.get())) : Optional.empty();
    }

    private String small(ZipMember member) throws IOException {
        if (member.size() > SMALL_RECORD) {
            throw new MalformedFileException(
                    "a record of " + member.size() + " bytes, at most " + SMALL_RECORD + " expected",
                    "record " + member.name());
        }
        ByteSource bytes = directory.open(member, scratch, budget);
        return StandardCharsets.ISO_8859_1
                .decode(bytes.read(0, (int) bytes.size()))
                .toString();
    }

    /**
     * Reads a pickle and finds its storages.
     *
     * @param folder where the storages are, such as {@code data}
     */
    PickledPart pickle(ZipMember member, String folder, boolean script) throws IOException {
        String name = member.name().substring(root.length() + 1);
        ByteSource bytes = directory.open(member, scratch, budget);
        if (!ZipDirectory.verifyCrc(member, bytes)) {
            notes.add("the CRC-32 of " + member.name() + " is wrong; PyTorch does not look at it");
        }
        Pickle pickle = PickleMachine.read(bytes, 0, budget);
        if (pickle.end() < bytes.size()) {
            notes.add((bytes.size() - pickle.end()) + " bytes behind the pickle's end in " + name + " are ignored");
        }
        Storages storages =
                new Storages(name, folder, byteOrder(), pickle.persistentIds().size());
        for (PersistentId id : pickle.persistentIds()) {
            id.load(storages.add(id));
        }
        noteUnused(storages);
        return new PickledPart(name, pickle, ZipRecords::loaded, false, script);
    }

    /**
     * The same, and as a part of its own the pickle behind its STOP, if there is one: PyTorch does not come to it, but
     * whoever wrote it meant somebody to.
     */
    List<PickledPart> pickles(ZipMember member, String folder, boolean script) throws IOException {
        PickledPart part = pickle(member, folder, script);
        ByteSource bytes = part.pickle().source();
        long end = part.pickle().end();
        if (end == bytes.size()) {
            return List.of(part);
        }
        PickleTrace rest = PickleMachine.trace(bytes, end, budget, false, false);
        return rest.didSomething()
                ? List.of(
                        part,
                        new PickledPart(
                                part.name() + " behind STOP",
                                rest.withoutValue(bytes, end),
                                new ClaimedStorages(),
                                true))
                : List.of(part);
    }

    private void noteUnused(Storages storages) {
        long unused = -storages.used;
        for (ZipMember member : directory.members()) {
            if (storages.isInFolder(member) && !member.name().endsWith("/")) {
                unused++;
            }
        }
        if (unused > 0) {
            notes.add(unused
                    + (unused == 1
                            ? " storage record that nothing refers to is"
                            : " storage records that nothing refers to are")
                    + " left out");
        }
    }

    /** The storages of one pickle by key, each found, measured and given one type. */
    private final class Storages {
        private final String pickle;
        private final String prefix;
        private final ByteOrder order;
        private final List<StorageRef> refs = new ArrayList<>();
        private final KeyTable byKey;

        /** How many are in a member of exactly their name. */
        private long used;

        Storages(String pickle, String folder, ByteOrder order, int mentions) {
            this.pickle = pickle;
            this.prefix = root + "/" + folder + "/";
            this.order = order;
            this.byKey = new KeyTable(
                    Math.min(mentions, directory.members().size()),
                    i -> refs.get(i).storage().key());
        }

        boolean isInFolder(ZipMember member) {
            return member.name().startsWith(prefix);
        }

        StorageRef add(PersistentId id) throws IOException {
            StorageId storage = StorageId.parse(id, 5, 5);
            try {
                return add(storage, id.offset());
            } catch (MalformedFileException e) {
                if (e.where().isEmpty()) {
                    e.within(pickle + " byte " + id.offset());
                }
                throw e;
            }
        }

        private StorageRef add(StorageId storage, long offset) throws IOException {
            long size = storage.byteSize("");
            int before = byKey.find(storage.key());
            if (before >= 0) {
                checkSame(refs.get(before), storage, size);
                return refs.get(before);
            }
            String name = prefix + storage.key();
            ZipMember member = directory
                    .findIgnoringCase(name)
                    .orElseThrow(() ->
                            new MalformedFileException("storage '" + storage.key() + "' is missing from the archive"));
            if (member.size() != size) {
                throw new MalformedFileException(
                        "storage '" + storage.key() + "' has " + member.size() + " bytes, the pickle says " + size);
            }
            budget.spendMemory(STORAGE_BYTES, offset);
            ByteSource bytes = directory.open(member, storage.key(), scratch, budget);
            StorageRef ref = new StorageRef(new Storage(storage.key(), bytes, order), storage.type(), 0, size);
            byKey.add(storage.key(), refs.size());
            refs.add(ref);
            used += member.name().equals(name) ? 1 : 0;
            return ref;
        }
    }

    /** What stands for an id; every id of a part has been loaded. */
    private static PersistentObject loaded(PersistentId id) {
        return (PersistentObject) id.loaded().orElseThrow();
    }

    /** A storage has one type and one size, wherever it is mentioned. */
    private static void checkSame(StorageRef before, StorageId again, long size) throws MalformedFileException {
        if (!before.type().equals(again.type())) {
            throw new MalformedFileException("storage '" + again.key() + "' is used with two element types");
        }
        if (before.storage().size() != size) {
            throw new MalformedFileException("storage '" + again.key() + "' is said to have "
                    + before.storage().size() + " and " + size + " bytes");
        }
    }
}
