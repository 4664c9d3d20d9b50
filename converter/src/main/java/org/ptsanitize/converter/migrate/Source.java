package org.ptsanitize.converter.migrate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file or folder that is migrated.
 *
 * @param path where it is
 * @param place where it lies in the mirrored layout: names joined by {@code /}; empty for the top
 */
public record Source(Path path, String place) {
    /**
     * The sources of a command line. What lies in a single folder is mirrored without the folder's own path, and a
     * single file without its own; of several, each keeps its path as it was given.
     */
    public static List<Source> of(List<Path> given) {
        if (given.size() > 1) {
            return listed(given);
        }
        List<Source> sources = new ArrayList<>();
        for (Path path : given) {
            sources.add(new Source(path, Files.isDirectory(path) ? "" : ownName(path)));
        }
        return sources;
    }

    /** The sources of a list, each under its path as it stands there, however many there are. */
    public static List<Source> listed(List<Path> given) {
        return given.stream().map(path -> new Source(path, place(path))).toList();
    }

    private static String ownName(Path path) {
        return String.valueOf(path.toAbsolutePath().normalize().getFileName());
    }

    /** The names of a path, without its root and without steps up: no output leaves the folder of the outputs. */
    private static String place(Path path) {
        List<String> names = new ArrayList<>();
        for (Path name : path.normalize()) {
            if (!name.toString().equals("..") && !name.toString().isEmpty()) {
                names.add(name.toString());
            }
        }
        return String.join("/", names);
    }
}
