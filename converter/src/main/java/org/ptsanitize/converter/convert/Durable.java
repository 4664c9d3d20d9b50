package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Flushes to the disk what so far may be in the system's memory alone. */
public final class Durable {
    private Durable() {}

    /** Flushes the contents of a file, whoever wrote them. */
    public static void file(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Flushes the names in a folder, where the file system can do that. */
    public static void folder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException ignored) {
            // Some file systems cannot flush a folder; what is in the files is flushed by itself.
        }
    }
}
