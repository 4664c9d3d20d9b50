package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Folder;
import org.ptsanitize.formats.bytes.NotACheckpointException;
import org.ptsanitize.formats.bytes.Scratch;

/** Folders that are one checkpoint. The names in them decide which kind; nothing is opened for that. */
final class CheckpointFolder {
    private static final int NESTED_LEVELS = 2;
    private static final String INDEX_ENDING = ".index.json";

    private CheckpointFolder() {}

    /** The kind of checkpoint that a folder is; empty if it is none, or several. */
    static Optional<Container> kind(Folder folder) {
        if (DistributedCheckpoint.isIn(folder)) {
            return Optional.of(Container.DISTRIBUTED);
        } else if (indexes(folder).size() == 1) {
            return Optional.of(Container.SHARDED);
        } else if (DeepSpeedCheckpoint.isIn(folder)) {
            return Optional.of(Container.DEEPSPEED);
        } else if (MegatronCheckpoint.isIn(folder)) {
            return Optional.of(Container.MEGATRON);
        }
        return Optional.empty();
    }

    /** How many levels of folders below it belong to a checkpoint. */
    static int levels(Folder folder) {
        Optional<Container> kind = kind(folder);
        boolean nested = kind.equals(Optional.of(Container.DEEPSPEED)) || kind.equals(Optional.of(Container.MEGATRON));
        return nested ? NESTED_LEVELS : 0;
    }

    private static List<String> indexes(Folder folder) {
        return folder.names().stream()
                .filter(name -> name.endsWith(INDEX_ENDING))
                .toList();
    }

    /** Opens a folder, which stays the caller's to close. */
    static Checkpoint open(Folder folder, Scratch scratch, Budget budget) throws IOException {
        Optional<Container> kind = kind(folder);
        if (kind.isEmpty()) {
            int indexes = indexes(folder).size();
            throw new NotACheckpointException(
                    indexes == 0 ? "is a directory" : "is a directory with " + indexes + " shard indexes",
                    "",
                    indexes == 0 ? "name a checkpoint file" : "name one of them");
        }
        return switch (kind.get()) {
            case DISTRIBUTED -> DistributedCheckpoint.open(folder, scratch, budget);
            case SHARDED -> ShardedCheckpoint.open(folder.open(indexes(folder).get(0)), folder, scratch, budget);
            case DEEPSPEED -> DeepSpeedCheckpoint.open(folder, scratch, budget);
            case MEGATRON -> MegatronCheckpoint.open(folder, scratch, budget);
            default -> throw new AssertionError(kind);
        };
    }
}
