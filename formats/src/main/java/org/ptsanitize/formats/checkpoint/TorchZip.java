package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.zip.ZipDirectory;
import org.ptsanitize.formats.zip.ZipMember;

/**
 * The zip archive that {@code torch.save} writes since 1.6 (and could write since 1.4): {@code root/data.pkl}, one record
 * {@code root/data/KEY} for each storage, and small text records. Records are found as PyTorch finds them: by the central
 * directory, in the directory of its first entry, without regard to case.
 */
public final class TorchZip implements Checkpoint {
    private static final int SMALL_RECORD = 64;

    /** Heap for one storage: itself, its range and its place by key. */
    private static final int STORAGE_BYTES = 130;

    private final String writer;
    private final List<String> notes;
    private List<PickledPart> parts;

    private TorchZip(Reading reading) {
        this.writer = reading.writer;
        this.notes = List.copyOf(reading.notes);
        this.parts = List.of(reading.part);
    }

    /** Opens the archive. The source stays the caller's to close. */
    public static TorchZip open(ByteSource source, Scratch scratch, Budget budget) throws IOException {
        long before = budget.left(Limit.MEMORY);
        ZipDirectory directory = ZipDirectory.read(source, budget);
        long directoryBytes = before - budget.left(Limit.MEMORY);
        TorchZip archive = new TorchZip(new Reading(directory, scratch, budget));
        budget.releaseMemory(directoryBytes);
        return archive;
    }

    @Override
    public Container container() {
        return Container.TORCH_ZIP;
    }

    @Override
    public String writer() {
        return writer;
    }

    @Override
    public List<PickledPart> parts() {
        return parts;
    }

    @Override
    public void forgetPickles() {
        parts = List.of();
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public void close() {}

    /** The archive while it is read; its directory is let go with it. */
    private static final class Reading {
        private final ZipDirectory directory;
        private final String root;
        private final List<String> notes = new ArrayList<>();
        private final String writer;
        private final PickledPart part;

        Reading(ZipDirectory directory, Scratch scratch, Budget budget) throws IOException {
            this.directory = directory;
            this.root = directory.firstRoot();
            notes.addAll(directory.notes());
            checkRoot();
            if (record("constants.pkl").isPresent()) {
                throw new UnsupportedFileException(
                        "a TorchScript archive: it holds a compiled program, not only a state",
                        "record " + root + "/constants.pkl",
                        "save its state_dict() instead");
            }
            ZipMember dataPkl = record("data.pkl")
                    .orElseThrow(
                            () -> new MalformedFileException(
                                    "a zip without a record " + root + "/data.pkl, so not a checkpoint",
                                    "",
                                    "if it is a zip of an unpacked checkpoint or of several files, unpack it and convert what is inside"));
            int version = version(scratch, budget);
            ByteOrder order = byteOrder(scratch, budget);
            this.writer = writer(version);
            ByteSource bytes = directory.open(dataPkl, scratch, budget);
            noteCrc(dataPkl, bytes);
            Pickle pickle = PickleMachine.read(bytes, 0, budget);
            if (pickle.end() < bytes.size()) {
                notes.add((bytes.size() - pickle.end()) + " bytes behind the pickle's end in data.pkl are ignored");
            }
            Storages storages = new Storages(order);
            for (PersistentId id : pickle.persistentIds()) {
                storages.add(id, scratch, budget);
            }
            this.part = new PickledPart("data.pkl", pickle, new KnownStorages(storages.known), false);
            noteUnused(storages);
        }

        private void checkRoot() throws MalformedFileException {
            String prefix = root + "/";
            for (ZipMember member : directory.members()) {
                if (!member.name().startsWith(prefix)) {
                    throw new MalformedFileException(
                            "a record outside the archive's root folder '" + root + "', which PyTorch refuses",
                            "record " + member.name());
                }
            }
        }

        private Optional<ZipMember> record(String name) {
            return directory.findIgnoringCase(root + "/" + name);
        }

        private int version(Scratch scratch, Budget budget) throws IOException {
            Optional<ZipMember> member = record(".data/version").or(() -> record("version"));
            if (member.isEmpty()) {
                throw new MalformedFileException("a zip without a record " + root + "/version, so not a checkpoint");
            }
            String text = small(member.get(), scratch, budget);
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

        private ByteOrder byteOrder(Scratch scratch, Budget budget) throws IOException {
            Optional<ZipMember> member = record("byteorder");
            if (member.isEmpty()) {
                return ByteOrder.LITTLE_ENDIAN;
            }
            String text = small(member.get(), scratch, budget);
            return switch (text) {
                case "little" -> ByteOrder.LITTLE_ENDIAN;
                case "big" -> ByteOrder.BIG_ENDIAN;
                default ->
                    throw new MalformedFileException(
                            "byte order '" + text + "', expected 'little' or 'big'",
                            "record " + member.get().name());
            };
        }

        private String small(ZipMember member, Scratch scratch, Budget budget) throws IOException {
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

        private String writer(int version) {
            String since;
            if (record(".format_version").isPresent()) {
                since = "torch 2.6 or later";
            } else if (record("byteorder").isPresent()) {
                since = "torch 2.1 to 2.6";
            } else {
                since = "torch 1.4 to 2.0";
            }
            return since + " (zip version " + version + ")";
        }

        private void noteCrc(ZipMember member, ByteSource opened) throws IOException {
            if (!ZipDirectory.verifyCrc(member, opened)) {
                notes.add("the CRC-32 of " + member.name() + " is wrong; PyTorch does not look at it");
            }
        }

        private void noteUnused(Storages storages) {
            String prefix = root + "/data/";
            long unused = 0;
            for (ZipMember member : directory.members()) {
                if (member.name().startsWith(prefix)
                        && !member.name().endsWith("/")
                        && !storages.known.containsKey(member.name().substring(prefix.length()))) {
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

        /** Collects the storages of one pickle by key, each found, measured and given one type. */
        private final class Storages {
            private final ByteOrder order;
            private final Map<String, StorageRef> known = new HashMap<>();

            Storages(ByteOrder order) {
                this.order = order;
            }

            void add(PersistentId id, Scratch scratch, Budget budget) throws IOException {
                String where = "data.pkl byte " + id.offset();
                StorageId storage = StorageId.parse(id, 5, 5);
                long size = storage.byteSize(where);
                StorageRef before = known.get(storage.key());
                if (before != null) {
                    checkSame(before, storage, size, where);
                    return;
                }
                ZipMember member = record("data/" + storage.key())
                        .orElseThrow(() -> new MalformedFileException(
                                "storage '" + storage.key() + "' is missing from the archive", where));
                if (member.size() != size) {
                    throw new MalformedFileException(
                            "storage '" + storage.key() + "' has " + member.size() + " bytes, the pickle says " + size,
                            where);
                }
                budget.spendMemory(STORAGE_BYTES, id.offset());
                ByteSource bytes = directory.open(member, scratch, budget).slice(storage.key(), 0, size);
                known.put(
                        storage.key(),
                        new StorageRef(new Storage(storage.key(), bytes, order), storage.type(), 0, size));
            }
        }
    }

    /** The storages of one pickle, for looking up. */
    private record KnownStorages(Map<String, StorageRef> byKey) implements PersistentObjects {
        @Override
        public PersistentObject resolve(PersistentId id) throws MalformedFileException {
            StorageRef ref = byKey.get(StorageId.parse(id, 5, 5).key());
            if (ref == null) {
                throw new IllegalArgumentException("a persistent id of another pickle");
            }
            return ref;
        }
    }

    /** A storage has one type and one size, wherever it is mentioned. */
    static void checkSame(StorageRef before, StorageId again, long size, String where) throws MalformedFileException {
        if (!before.type().equals(again.type())) {
            throw new MalformedFileException("storage '" + again.key() + "' is used with two element types", where);
        }
        if (before.storage().size() != size) {
            throw new MalformedFileException(
                    "storage '" + again.key() + "' is said to have "
                            + before.storage().size() + " and " + size + " bytes",
                    where);
        }
    }
}
