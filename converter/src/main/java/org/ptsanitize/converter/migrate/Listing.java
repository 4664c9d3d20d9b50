package org.ptsanitize.converter.migrate;

import java.nio.file.Path;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The files of one folder, and what else matters of it. */
final class Listing {
    private final Path path;
    private final String place;
    private final SortedMap<String, SourceFile> files = new TreeMap<>();
    private final SortedSet<String> folders = new TreeSet<>();

    Listing(Path path, String place) {
        this.path = path;
        this.place = place;
    }

    Path path() {
        return path;
    }

    /** Its path in the mirrored layout; empty for the top. */
    String place() {
        return place;
    }

    /** Its own name. */
    String name() {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return place.isEmpty() ? String.valueOf(name) : place.substring(place.lastIndexOf('/') + 1);
    }

    /** The path of something in it, in the mirrored layout. */
    String placeOf(String name) {
        return place.isEmpty() ? name : place + "/" + name;
    }

    /** The regular files by name, links to files of the tree among them. */
    SortedMap<String, SourceFile> files() {
        return files;
    }

    /** The names of the folders in it. */
    SortedSet<String> folders() {
        return folders;
    }
}
