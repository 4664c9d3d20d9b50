package org.ptsanitize.converter.convert;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.ptsanitize.formats.bytes.ByteSink;

/**
 * A file that appears under its name only when it is complete. It is written beside its target under a temporary name,
 * flushed to the disk and then given its name in one step; whatever ends the work before that leaves nothing behind.
 */
final class AtomicFile implements Closeable {
    private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

    private static final boolean ENDING = !isRemovedAtTheEnd();

    /** Has what is unfinished removed when the program is ended; false if it is ending already. */
    private static boolean isRemovedAtTheEnd() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(AtomicFile::removeUnfinished, "remove-unfinished"));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private final Path target;
    private final Path temporary;
    private final ConvertOptions options;
    private final FileChannel channel;
    private final FileSink sink;

    private AtomicFile(Path target, Path temporary, ConvertOptions options, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.options = options;
        this.channel = channel;
        this.sink = new FileSink(channel, options.verify());
    }

    /**
     * Starts a file.
     *
     * @param options say whether an existing file may be replaced (a link is replaced itself, never followed), whether
     *     everything written is read from the file again and compared, and whether the file is flushed to the disk
     * @throws FileAlreadyExistsException if something is there that may not be replaced
     * @throws NoSuchFileException if the folder does not exist
     * @throws InterruptedIOException if the program is ending, so that nobody would remove the file
     */
    static AtomicFile create(Path target, ConvertOptions options) throws IOException {
        if (ENDING) {
            throw new InterruptedIOException("the program is ending");
        }
        check(target, options.force());
        Path folder = folder(target);
        Path name = target.getFileName();
        String suffix = Long.toHexString(ThreadLocalRandom.current().nextLong());
        String shortName = name.toString().length() > 100 ? name.toString().substring(0, 100) : name.toString();
        Path temporary = folder.resolve("." + shortName + "." + suffix + ".ptsanitize-tmp");
        UNFINISHED.add(temporary);
        try {
            FileChannel channel = FileChannel.open(
                    temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
            return new AtomicFile(target, temporary, options, channel);
        } catch (IOException e) {
            UNFINISHED.remove(temporary);
            throw asOf(target, e);
        }
    }

    /** The same failure, told of the file that the user named. */
    private static IOException asOf(Path target, IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return new AccessDeniedException(target.toString());
        }
        return failure instanceof FileSystemException system
                ? new FileSystemException(target.toString(), null, system.getReason())
                : failure;
    }

    /** Checks that a target can be written, before any work is done. */
    static void check(Path target, boolean force) throws IOException {
        if (target.getFileName() == null) {
            throw new NoSuchFileException(target.toString(), null, "is no file name");
        }
        Path folder = folder(target);
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "no such folder");
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            boolean replaceable = Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
                    || Files.isSymbolicLink(target) && !isSpecial(target);
            if (!replaceable) {
                throw new FileAlreadyExistsException(target.toString(), null, "is not a regular file");
            }
            if (!force) {
                throw new FileAlreadyExistsException(
                        target.toString(), null, "exists already; replace it with --force");
            }
        }
    }

    private static boolean isSpecial(Path target) {
        return Files.exists(target) && !Files.isRegularFile(target);
    }

    private static Path folder(Path target) {
        Path parent = target.toAbsolutePath().getParent();
        return parent == null ? target.toAbsolutePath() : parent;
    }

    /** Where the content goes. */
    ByteSink sink() {
        return sink;
    }

    /** The file under its temporary name, for reading it back. */
    Path temporary() {
        return temporary;
    }

    /**
     * Ends the writing; what is to be durable is so from now on, under the temporary name.
     *
     * @throws VerificationException if what was read back is not what was written
     */
    void flush() throws IOException {
        sink.finish();
        if (options.durable()) {
            channel.force(true);
        }
        channel.close();
    }

    /** Gives the file its name. Without force this cannot replace anything, also not what appeared meanwhile. */
    void commit() throws IOException {
        channel.close();
        if (options.force()) {
            move();
        } else {
            link();
        }
        UNFINISHED.remove(temporary);
        if (options.durable()) {
            Durable.folder(folder(target));
        }
    }

    private void move() throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void link() throws IOException {
        try {
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            // A file system without hard links: the move fails if the target exists.
            Files.move(temporary, target);
            return;
        }
        Files.delete(temporary);
    }

    /** Removes the file unless it was committed. */
    @Override
    public void close() throws IOException {
        try (channel) {
            sink.close();
        } finally {
            remove();
        }
    }

    private void remove() throws IOException {
        if (UNFINISHED.remove(temporary)) {
            Files.deleteIfExists(temporary);
        }
    }

    private static void removeUnfinished() {
        for (Path path : UNFINISHED) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException ignored) {
                // The program is ending; nothing is left to tell.
            }
        }
    }
}
