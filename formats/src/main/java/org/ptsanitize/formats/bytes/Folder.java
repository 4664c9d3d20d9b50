package org.ptsanitize.formats.bytes;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The regular files of one directory, opened for reading by their plain names as the directory lists them: a name that
 * an input gives is only compared with the list, so that none can lead elsewhere. Closing closes every file opened.
 */
public final class Folder implements Closeable {
    private static final int MOST_FILES = 1_000_000;

    private final Path directory;
    private final SortedMap<String, Path> files;
    private final Map<String, FileSource> open = new HashMap<>();

    private Folder(Path directory, SortedMap<String, Path> files) {
        this.directory = directory;
        this.files = files;
    }

    /** Lists a directory. Links to regular files count as such, as in a hub's cache. */
    public static Folder list(Path directory) throws IOException {
        SortedMap<String, Path> files = new TreeMap<>();
        try (Stream<Path> listing = Files.list(directory)) {
            for (Path path : (Iterable<Path>) listing::iterator) {
                Path name = path.getFileName();
                if (name != null && Files.isRegularFile(path)) {
                    files.put(name.toString(), path);
                }
                if (files.size() > MOST_FILES) {
                    throw new UnsupportedFileException("a folder of more than " + MOST_FILES + " files", "");
                }
            }
        }
        return new Folder(directory, files);
    }

    public Path directory() {
        return directory;
    }

    /** The names of the files, sorted. */
    public List<String> names() {
        return new ArrayList<>(files.keySet());
    }

    public boolean has(String name) {
        return files.containsKey(name);
    }

    /**
     * Opens a file, or gives the source that is open already.
     *
     * @throws MalformedFileException if the folder has no such file
     */
    public FileSource open(String name) throws IOException {
        FileSource known = open.get(name);
        if (known != null) {
            return known;
        }
        Path path = files.get(name);
        if (path == null) {
            boolean plain = name.indexOf('/') < 0 && name.indexOf('\\') < 0 && !name.equals("..");
            throw new MalformedFileException(
                    plain
                            ? "the file " + Printable.quote(name) + " is missing"
                            : "the file name " + Printable.quote(name) + " leads out of the folder");
        }
        FileSource source = FileSource.open(path);
        open.put(name, source);
        return source;
    }

    /** The names of the files that have been opened. */
    public List<String> opened() {
        List<String> names = new ArrayList<>(open.keySet());
        Collections.sort(names);
        return names;
    }

    /** Bytes of the files that have been opened. */
    public long openedBytes() {
        return open.values().stream().mapToLong(FileSource::size).sum();
    }

    /** Bytes of all files of the directory. */
    public long totalBytes() throws IOException {
        long total = 0;
        for (Path path : files.values()) {
            total += Files.size(path);
        }
        return total;
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        for (FileSource source : open.values()) {
            try {
                source.close();
            } catch (IOException e) {
                first = e;
            }
        }
        open.clear();
        if (first != null) {
            throw first;
        }
    }
}
