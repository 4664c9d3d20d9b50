package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Folder;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.Scratch;

/**
 * One state dict in several files and the index that says which tensor is where. Every shard that the index names is
 * opened; a shard that lies beside them without being named is an error, because its tensors would be lost.
 */
public final class ShardedCheckpoint implements Checkpoint {
    private static final Pattern NUMBERED = Pattern.compile("(.*-)[0-9]{1,9}(-of-[0-9]{1,9}\\.[A-Za-z0-9_]{1,20})");

    private final ShardIndex index;
    private final List<Shard> shards = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private List<NamedTensor> tensors = List.of();

    /** One file of a sharded checkpoint. */
    public record Shard(String file, Checkpoint checkpoint) {}

    private ShardedCheckpoint(ShardIndex index) {
        this.index = index;
    }

    /** Opens an index and its shards, which lie in the same folder. The folder stays the caller's to close. */
    static ShardedCheckpoint open(ByteSource source, Folder folder, Scratch scratch, Budget budget) throws IOException {
        ShardIndex index = ShardIndex.read(source, budget);
        ShardedCheckpoint checkpoint = new ShardedCheckpoint(index);
        checkpoint.checkSurplus(folder);
        for (String file : index.shards()) {
            checkpoint.openShard(file, folder, scratch, budget);
        }
        checkpoint.collectTensors();
        return checkpoint;
    }

    private void openShard(String file, Folder folder, Scratch scratch, Budget budget) throws IOException {
        ByteSource source = folder.open(file);
        try {
            Checkpoint shard = Checkpoints.open(source, scratch, budget);
            shards.add(new Shard(file, shard));
            for (String note : shard.notes()) {
                notes.add(file + ": " + note);
            }
        } catch (FileFormatException e) {
            throw e.in(source.name());
        }
    }

    /** Shards of the same name, count and ending that the index does not mention. */
    private void checkSurplus(Folder folder) throws MalformedFileException {
        SortedSet<String> named = index.shards();
        Set<String> series = new HashSet<>();
        for (String file : named) {
            Matcher numbered = NUMBERED.matcher(file);
            if (numbered.matches()) {
                series.add(numbered.group(1) + numbered.group(2));
            }
        }
        for (String file : folder.names()) {
            Matcher numbered = NUMBERED.matcher(file);
            if (numbered.matches() && series.contains(numbered.group(1) + numbered.group(2)) && !named.contains(file)) {
                throw new MalformedFileException(
                        "the shard " + Printable.quote(file) + " lies in the folder, but the index does not name it",
                        "",
                        "complete the index or move the file away");
            }
        }
    }

    /** The tensors of shards that name theirs themselves: each name once, and where the index says. */
    private void collectTensors() throws MalformedFileException {
        if (shards.stream().anyMatch(shard -> !shard.checkpoint().parts().isEmpty())) {
            return;
        }
        List<NamedTensor> all = new ArrayList<>();
        Placement placement = new Placement();
        for (Shard shard : shards) {
            for (NamedTensor tensor : shard.checkpoint().tensors()) {
                placement.add(tensor.name(), shard.file());
                all.add(tensor);
            }
        }
        placement.complete();
        tensors = all;
    }

    /** Holds the names that the shards have against those of the index. */
    public final class Placement {
        private final Map<String, String> found = new HashMap<>();

        /** Takes a tensor's name in a shard. Returns whether the index has it. */
        public boolean add(String name, String file) throws MalformedFileException {
            String before = found.put(name, file);
            if (before != null) {
                throw new MalformedFileException("tensor " + Printable.quote(name) + " is in two shards, "
                        + Printable.quote(before) + " and " + Printable.quote(file));
            }
            String told = index.files().get(name);
            if (told != null && !told.equals(file)) {
                throw new MalformedFileException("tensor " + Printable.quote(name) + " is in " + Printable.quote(file)
                        + ", the index says " + Printable.quote(told));
            }
            return told != null;
        }

        /** Checks that nothing is missing. */
        public void complete() throws MalformedFileException {
            if (found.keySet().containsAll(index.files().keySet())) {
                return;
            }
            SortedSet<String> missing = new TreeSet<>(index.files().keySet());
            missing.removeAll(found.keySet());
            String more = missing.size() > 1 ? " and " + (missing.size() - 1) + " more" : "";
            throw new MalformedFileException(
                    "tensor " + Printable.quote(missing.first()) + more + " is in the index, but not in the shard "
                            + Printable.quote(index.files().getOrDefault(missing.first(), "")));
        }
    }

    /** An empty placement, to be filled with the names of all shards. */
    public Placement placement() {
        return new Placement();
    }

    /** The shards, sorted by name. */
    public List<Shard> shards() {
        return Collections.unmodifiableList(shards);
    }

    @Override
    public Container container() {
        return Container.SHARDED;
    }

    @Override
    public String writer() {
        return shards.size() + (shards.size() == 1 ? " shard" : " shards");
    }

    @Override
    public List<PickledPart> parts() {
        List<PickledPart> parts = new ArrayList<>();
        for (Shard shard : shards) {
            for (PickledPart part : shard.checkpoint().parts()) {
                parts.add(new PickledPart(
                        shard.file() + " " + part.name(),
                        part.pickle(),
                        part.persistent(),
                        part.auxiliary(),
                        part.script()));
            }
        }
        return parts;
    }

    @Override
    public List<NamedTensor> tensors() {
        return tensors;
    }

    /** The texts of the index's metadata. */
    @Override
    public Map<String, String> metadata() {
        return index.texts();
    }

    @Override
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void forgetPickles() {
        shards.forEach(shard -> shard.checkpoint().forgetPickles());
    }

    @Override
    public void close() throws IOException {
        for (Shard shard : shards) {
            shard.checkpoint().close();
        }
    }
}
