package org.ptsanitize.formats.checkpoint;

import static org.ptsanitize.formats.checkpoint.DistributedMetadata.METADATA;
import static org.ptsanitize.formats.checkpoint.DistributedMetadata.wrong;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Folder;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.pickle.EntryBuffer;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.tensor.DType;

/**
 * A folder that {@code torch.distributed.checkpoint} wrote: {@code .metadata}, a pickle that says what there is, and
 * {@code __R_N.distcp} files, each a row of complete archives with one piece of a tensor or one value.
 */
public final class DistributedCheckpoint implements Checkpoint {
    static final String STEERING = ".metadata";
    private static final int ITEM_BYTES = 400;

    private final PickledPart metadata;
    private final List<Item> items = new ArrayList<>();
    private final List<Checkpoint> pieces = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * One entry of the state dict.
     *
     * @param name its flat name
     * @param path where it belongs: texts are keys of mappings, numbers places in lists
     * @param tensor what it is as a whole; empty for a value that is no tensor
     * @param pieces where its contents are; one for a value
     */
    public record Item(String name, List<Object> path, Optional<Whole> tensor, List<Piece> pieces) {}

    /** A tensor as a whole. */
    public record Whole(DType dtype, long[] sizes) {}

    /** A box of a tensor, or a value, in an archive of its own. */
    public record Piece(long[] offsets, long[] sizes, Checkpoint archive, String where) {}

    private DistributedCheckpoint(Pickle pickle) {
        this.metadata = new PickledPart(STEERING, pickle, PersistentObjects.NONE, true);
    }

    static boolean isIn(Folder folder) {
        return folder.has(STEERING);
    }

    /** Opens the folder and every piece in it. The folder stays the caller's to close. */
    static DistributedCheckpoint open(Folder folder, Scratch scratch, Budget budget) throws IOException {
        ByteSource source = folder.open(STEERING);
        try {
            Pickle pickle = PickleMachine.read(source, 0, budget);
            DistributedCheckpoint checkpoint = new DistributedCheckpoint(pickle);
            checkpoint.new Opening(folder, scratch, budget).open(pickle.root());
            checkpoint.noteUnused(folder);
            return checkpoint;
        } catch (FileFormatException e) {
            throw e.in(source.name());
        }
    }

    private void noteUnused(Folder folder) {
        Set<String> opened = new HashSet<>(folder.opened());
        for (String name : folder.names()) {
            if (name.endsWith(".distcp") && !opened.contains(name)) {
                notes.add("nothing refers to " + Printable.quote(name) + ", which is left out");
            }
        }
    }

    /** Where a piece lies. */
    private record Place(String file, long offset, long length) {}

    /** What identifies a piece: its name and its first element; none for a value. */
    private record PieceKey(String name, List<Long> offsets) {
        static PieceKey of(String name, long @Nullable [] offsets) {
            return new PieceKey(
                    name,
                    offsets == null
                            ? List.of(-1L)
                            : Arrays.stream(offsets).boxed().toList());
        }
    }

    private final class Opening {
        private final Folder folder;
        private final Scratch scratch;
        private final Budget budget;
        private final Map<PieceKey, Place> places = new HashMap<>();
        private final Map<String, List<Object>> paths = new HashMap<>();

        Opening(Folder folder, Scratch scratch, Budget budget) {
            this.folder = folder;
            this.scratch = scratch;
            this.budget = budget;
        }

        void open(PickleValue root) throws IOException {
            EntryBuffer state = DistributedMetadata.state(root, METADATA, "Metadata");
            PickleValue stored = DistributedMetadata.find(state, "storage_data");
            if (stored != null) {
                readPlaces(DistributedMetadata.dict(stored, "storage_data"));
            }
            PickleValue planner = DistributedMetadata.find(state, "planner_data");
            if (planner != null) {
                readPaths(DistributedMetadata.dict(planner, "planner_data"));
            }
            EntryBuffer entries =
                    DistributedMetadata.dict(DistributedMetadata.get(state, "state_dict_metadata"), "entries");
            Set<String> names = new HashSet<>();
            for (int i = 0; i < entries.size(); i++) {
                String name = DistributedMetadata.text(entries.key(i), "a name");
                budget.spendMemory(ITEM_BYTES + 2L * name.length(), 0);
                if (!names.add(name)) {
                    throw wrong(name, "stands there twice");
                }
                items.add(item(name, entries.value(i)));
            }
        }

        private void readPlaces(EntryBuffer entries) throws IOException {
            for (int i = 0; i < entries.size(); i++) {
                EntryBuffer key = DistributedMetadata.state(entries.key(i), METADATA, "MetadataIndex");
                EntryBuffer info = DistributedMetadata.state(
                        entries.value(i), "torch.distributed.checkpoint.filesystem", "_StorageInfo");
                String name = DistributedMetadata.text(DistributedMetadata.get(key, "fqn"), "a name");
                PickleValue offset = DistributedMetadata.find(key, "offset");
                PickleValue transforms = DistributedMetadata.find(info, "transform_descriptors");
                if (transforms != null
                        && !DistributedMetadata.items(transforms, "transforms").isEmpty()) {
                    throw new UnsupportedFileException(
                            "pieces that are compressed or transformed in another way",
                            name,
                            "save the checkpoint without it");
                }
                budget.spendMemory(ITEM_BYTES, 0);
                Place place = new Place(
                        DistributedMetadata.text(DistributedMetadata.get(info, "relative_path"), "a file name"),
                        DistributedMetadata.count(DistributedMetadata.get(info, "offset"), "an offset"),
                        DistributedMetadata.count(DistributedMetadata.get(info, "length"), "a length"));
                places.put(
                        PieceKey.of(name, offset == null ? null : DistributedMetadata.size(offset, "an offset")),
                        place);
            }
        }

        private void readPaths(EntryBuffer entries) throws IOException {
            for (int i = 0; i < entries.size(); i++) {
                budget.spendMemory(ITEM_BYTES, 0);
                paths.put(
                        DistributedMetadata.text(entries.key(i), "a name"), DistributedMetadata.path(entries.value(i)));
            }
        }

        private Item item(String name, PickleValue value) throws IOException {
            List<Object> path = paths.getOrDefault(name, List.of(name));
            if (DistributedMetadata.isClass(value, METADATA, "BytesStorageMetadata")) {
                return new Item(name, path, Optional.empty(), List.of(piece(name, null, new long[0])));
            }
            EntryBuffer state = DistributedMetadata.state(value, METADATA, "TensorStorageMetadata");
            long[] sizes = DistributedMetadata.size(DistributedMetadata.get(state, "size"), "a shape");
            DType dtype = DistributedMetadata.dtype(DistributedMetadata.get(state, "properties"))
                    .orElseThrow(() -> wrong(name, "has an unknown dtype"));
            List<Piece> boxes = new ArrayList<>();
            for (PickleValue chunk : DistributedMetadata.items(DistributedMetadata.get(state, "chunks"), "chunks")) {
                EntryBuffer box = DistributedMetadata.state(chunk, METADATA, "ChunkStorageMetadata");
                long[] offsets = DistributedMetadata.size(DistributedMetadata.get(box, "offsets"), "offsets");
                boxes.add(
                        piece(name, offsets, DistributedMetadata.size(DistributedMetadata.get(box, "sizes"), "sizes")));
            }
            return new Item(name, path, Optional.of(new Whole(dtype, sizes)), boxes);
        }

        private Piece piece(String name, long @Nullable [] offsets, long[] sizes) throws IOException {
            Place place = places.get(PieceKey.of(name, offsets));
            if (place == null) {
                throw wrong(name, "has a piece that is in no file");
            }
            budget.spendMemory(ITEM_BYTES, 0);
            ByteSource file = folder.open(place.file());
            try {
                ByteSource bytes = file.slice(file.name(), place.offset(), place.length());
                Checkpoint archive = Checkpoints.open(bytes, scratch, budget);
                pieces.add(archive);
                return new Piece(offsets == null ? new long[0] : offsets, sizes, archive, name);
            } catch (FileFormatException e) {
                throw e.in(file.name() + " from byte " + place.offset() + " on (" + Printable.quote(name) + ")");
            }
        }
    }

    /** The entries, in the order of the metadata. */
    public List<Item> items() {
        return Collections.unmodifiableList(items);
    }

    @Override
    public Container container() {
        return Container.DISTRIBUTED;
    }

    @Override
    public String writer() {
        return pieces.size() + (pieces.size() == 1 ? " piece" : " pieces");
    }

    @Override
    public List<PickledPart> parts() {
        return List.of(metadata);
    }

    @Override
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void forgetPickles() {
        pieces.forEach(Checkpoint::forgetPickles);
    }

    @Override
    public void close() throws IOException {
        for (Checkpoint piece : pieces) {
            piece.close();
        }
    }
}
