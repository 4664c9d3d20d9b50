package org.ptsanitize.formats.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Folder;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.NotACheckpointException;
import org.ptsanitize.formats.bytes.Scratch;

/**
 * What a user names as input: a file, the index of a sharded checkpoint, or a folder that is a checkpoint. Closing it
 * closes every file that was opened.
 */
public final class Input implements Closeable {
    private static final int HEAD = 512;

    private final Path path;
    private final List<FileSource> files;
    private final List<Folder> folders;

    private Input(Path path, List<FileSource> files, List<Folder> folders) {
        this.path = path;
        this.files = files;
        this.folders = folders;
    }

    /** Opens a path. Of a folder only the list of its files is read here. */
    public static Input open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new Input(path, List.of(), List.of(Folder.list(path)));
        }
        FileSource file = FileSource.open(path);
        try {
            ByteBuffer head = file.read(0, (int) Math.min(HEAD, file.size()));
            if (!ShardIndex.mayBe(head)) {
                return new Input(path, List.of(file), List.of());
            }
            Path parent = path.toAbsolutePath().getParent();
            return new Input(path, List.of(file), parent == null ? List.of() : List.of(Folder.list(parent)));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /**
     * The kind of checkpoint that a folder is as a whole: {@link Container#SHARDED}, {@link Container#DISTRIBUTED},
     * {@link Container#DEEPSPEED} or {@link Container#MEGATRON}; empty if it is none. The names in it decide; no file is
     * opened. To a folder of the last two kinds the folders in it belong as well.
     */
    public static Optional<Container> kindOfFolder(Path directory) throws IOException {
        try (Folder folder = Folder.list(directory)) {
            return CheckpointFolder.kind(folder);
        }
    }

    public Path path() {
        return path;
    }

    /** Bytes of all files that have been opened. */
    public long size() {
        return files.stream().mapToLong(FileSource::size).sum()
                + folders.stream().mapToLong(Folder::openedBytes).sum();
    }

    /**
     * Checks that no file that has been opened was changed since.
     *
     * @throws MalformedFileException if one was
     */
    public void checkUnchanged() throws IOException {
        for (FileSource file : files) {
            file.checkUnchanged();
        }
        for (Folder folder : folders) {
            folder.checkUnchanged();
        }
    }

    /** The files that have been opened. */
    public List<Path> opened() {
        List<Path> paths = new ArrayList<>();
        files.forEach(file -> paths.add(file.path()));
        folders.forEach(folder -> paths.addAll(folder.openedPaths()));
        return paths;
    }

    /** Bytes of everything that may have to be opened: what room for unpacked members is measured by. */
    public long sizeOfAll() throws IOException {
        if (folders.isEmpty()) {
            return size();
        }
        long size = 0;
        for (Folder folder : folders) {
            size += folder.totalBytes(files.isEmpty() ? CheckpointFolder.levels(folder) : 0);
        }
        return size;
    }

    /**
     * Reads the input. The checkpoint is to be closed before the input.
     *
     * @throws NotACheckpointException if it is something else, which the message names
     */
    public Checkpoint checkpoint(Scratch scratch, Budget budget) throws IOException {
        if (folders.isEmpty()) {
            return Checkpoints.open(files.get(0), scratch, budget);
        }
        Folder folder = folders.get(0);
        if (!files.isEmpty()) {
            return ShardedCheckpoint.open(files.get(0), folder, scratch, budget);
        }
        return CheckpointFolder.open(folder, scratch, budget);
    }

    /** What is left of a file that {@link #checkpoint} refuses; nothing of a folder. */
    public Optional<Checkpoint> remains(Scratch scratch, Budget budget) throws IOException {
        return folders.isEmpty() ? Remains.of(files.get(0), scratch, budget) : Optional.empty();
    }

    /**
     * Reads one member of an input that holds several checkpoints, as if it were an input of its own.
     *
     * @param member its name; names of members of members are joined by slashes
     */
    public Checkpoint member(String member, Scratch scratch, Budget budget) throws IOException {
        return folders.isEmpty()
                ? Checkpoints.openMember(files.get(0), member, scratch, budget)
                : PickedMember.of(checkpoint(scratch, budget), member);
    }

    @Override
    public void close() throws IOException {
        try {
            for (Folder folder : folders) {
                folder.close();
            }
        } finally {
            for (FileSource file : files) {
                file.close();
            }
        }
    }
}
