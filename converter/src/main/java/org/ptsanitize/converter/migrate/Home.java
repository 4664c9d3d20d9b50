package org.ptsanitize.converter.migrate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The folder of the outputs while a run works in it, with {@value #FOLDER} for what is the program's own: the journal,
 * the lock, and what is not finished. The lock belongs to the process: the system frees it however that ends.
 */
final class Home implements Closeable {
    static final String FOLDER = ".ptsanitize";
    private static final String JOURNAL = "journal.jsonl";
    private static final long ROOM_TO_WORK = 16L << 20;

    private final Path path;
    private final FileChannel lock;
    private final Deque<Path> free = new ArrayDeque<>();
    private int made;

    private Home(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Where the journal of a folder of outputs is. */
    static Path journal(Path home) {
        return home.resolve(FOLDER).resolve(JOURNAL);
    }

    /**
     * Takes a folder for this run, making it if it is not there, and removes what a run that was killed left unfinished.
     *
     * @throws BusyException if another run is at work there
     */
    static Home lock(Path path) throws IOException {
        Path own = path.resolve(FOLDER);
        Files.createDirectories(own);
        FileChannel channel = FileChannel.open(
                own.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (!tryLock(channel)) {
                throw new BusyException(path, holder(channel));
            }
            channel.truncate(0);
            channel.write(StandardCharsets.UTF_8.encode(ProcessHandle.current().pid() + "\n"), 0);
            Home home = new Home(path, channel);
            home.removeUnfinished();
            return home;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // another run in this very process
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        String pid = StandardCharsets.UTF_8.decode(text.flip()).toString().strip();
        return pid.matches("[0-9]+") ? "process " + pid : "another process";
    }

    Path path() {
        return path;
    }

    Journal openJournal() throws IOException {
        return Journal.open(path.resolve(FOLDER), JOURNAL);
    }

    Path journal() {
        return journal(path);
    }

    /** A path in the folder of outputs. */
    Path resolve(String place) {
        return path.resolve(place);
    }

    private Path unfinished() {
        return path.resolve(FOLDER).resolve("unfinished");
    }

    /** An empty folder for the output of one unit. */
    synchronized Path takeFolder() throws IOException {
        return free.isEmpty() ? Files.createDirectories(unfinished().resolve(Integer.toString(made++))) : free.pop();
    }

    /** Gives a folder back; what is still in it is removed. */
    void giveFolder(Path folder) throws IOException {
        removeFiles(folder);
        synchronized (this) {
            free.push(folder);
        }
    }

    /** Bytes that have been written for units that are not finished. */
    long unfinishedBytes() {
        long bytes = 0;
        int folders;
        synchronized (this) {
            folders = made;
        }
        for (int i = 0; i < folders; i++) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(unfinished().resolve(Integer.toString(i)))) {
                for (Path file : files) {
                    bytes += Files.size(file);
                }
            } catch (IOException e) {
                // It is finished at this very moment.
            }
        }
        return bytes;
    }

    /** Whether there is hardly any room left on the disk. */
    boolean isFull() {
        try {
            return Files.getFileStore(path).getUsableSpace() < ROOM_TO_WORK;
        } catch (IOException e) {
            return false;
        }
    }

    private void removeUnfinished() throws IOException {
        if (!Files.isDirectory(unfinished(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(unfinished())) {
            for (Path folder : folders) {
                removeFiles(folder);
                Files.delete(folder);
            }
        }
        Files.delete(unfinished());
    }

    private static void removeFiles(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Removes what is unfinished and lets the folder go. */
    @Override
    public void close() throws IOException {
        try {
            removeUnfinished();
        } finally {
            lock.close();
        }
    }
}
