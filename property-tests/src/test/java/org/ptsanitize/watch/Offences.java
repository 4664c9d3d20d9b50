package org.ptsanitize.watch;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Does everything that a conversion must not do, for the watch to see. */
final class Offences {
    private Offences() {}

    /** @param arguments a file that is no business of the process, and one that it makes */
    public static void main(String[] arguments) throws Exception {
        Path other = Path.of(arguments[0]);
        Class.forName("org.ptsanitize.watch.Trap");
        new ProcessBuilder("true").start().waitFor();
        Files.readString(other);
        new java.io.FileInputStream(other.toFile()).close();
        new java.io.RandomAccessFile(other.toFile(), "r").close();
        new ServerSocket(0).close();
        Files.createFile(Path.of(arguments[1]));
        Files.delete(Path.of(arguments[1]));
        try (var names = Files.list(other.getParent())) {
            names.forEach(name -> {});
        }
    }
}
