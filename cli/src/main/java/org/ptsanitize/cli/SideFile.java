package org.ptsanitize.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file that a command writes besides its result, such as a report.
 *
 * @param option the option that names it
 */
record SideFile(String option, Path path) {
    /** Refuses, before any work, a file that cannot be written. */
    void check() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(String.valueOf(folder), null, "no such folder");
        }
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException(option + " " + path + ": is a directory");
        }
    }

    /** Refuses a file that is another of the command line, which would be replaced. */
    void checkIsNot(Path other, String what) throws IOException {
        boolean same =
                path.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())
                        || Files.exists(path) && Files.exists(other) && Files.isSameFile(path, other);
        if (same) {
            throw new IllegalArgumentException(option + " " + path + ": is the " + what + " itself");
        }
    }
}
