package org.ptsanitize.formats.bytes;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The regular files and the folders of one directory, opened by their plain names as the directory lists them: a name
 * that an input gives is only compared with the list, so that none can lead elsewhere. However many files are read, few
 * are open at a time. Closing closes all of them, those of folders in it too.
 */
public final class Folder implements Closeable {
    private static final int MOST_FILES = 1_000_000;
    private static final int MOST_OPEN = 128;

    private final Path directory;
    private final SortedMap<String, Path> files = new TreeMap<>();
    private final SortedMap<String, Path> folders = new TreeMap<>();
    private final SortedMap<String, FolderFile> opened = new TreeMap<>();
    private final SortedMap<String, Folder> openedFolders = new TreeMap<>();
    private final OpenFiles pool;

    private Folder(Path directory, OpenFiles pool) {
        this.directory = directory;
        this.pool = pool;
    }

    /**
     * Lists a directory. Links to regular files count as such, as in a hub's cache; links to directories are not
     * followed.
     */
    public static Folder list(Path directory) throws IOException {
        return list(directory, new OpenFiles(MOST_OPEN));
    }

    private static Folder list(Path directory, OpenFiles pool) throws IOException {
        Folder folder = new Folder(directory, pool);
        try (Stream<Path> listing = Files.list(directory)) {
            for (Path path : (Iterable<Path>) listing::iterator) {
                folder.add(path);
            }
        }
        return folder;
    }

    private void add(Path path) throws UnsupportedFileException {
        Path name = path.getFileName();
        if (name != null && Files.isRegularFile(path)) {
            files.put(name.toString(), path);
        } else if (name != null && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            folders.put(name.toString(), path);
        }
        if (files.size() + folders.size() > MOST_FILES) {
            throw new UnsupportedFileException("a folder of more than " + MOST_FILES + " files", "");
        }
    }

    public Path directory() {
        return directory;
    }

    /** The names of the files, sorted. */
    public List<String> names() {
        return new ArrayList<>(files.keySet());
    }

    /** The names of the folders in it, sorted. */
    public List<String> folderNames() {
        return new ArrayList<>(folders.keySet());
    }

    public boolean has(String name) {
        return files.containsKey(name);
    }

    /**
     * A file. It is opened when it is read; closing it does nothing.
     *
     * @throws MalformedFileException if the folder has no such file
     */
    public ByteSource open(String name) throws IOException {
        FolderFile known = opened.get(name);
        if (known != null) {
            return known;
        }
        FolderFile source = FolderFile.of(find(files, name, "file"), pool);
        opened.put(name, source);
        return source;
    }

    /**
     * A folder in this one, listed now. It is closed with this one.
     *
     * @throws MalformedFileException if there is no such folder
     */
    public Folder folder(String name) throws IOException {
        Folder known = openedFolders.get(name);
        if (known != null) {
            return known;
        }
        Folder folder = list(find(folders, name, "folder"), pool);
        openedFolders.put(name, folder);
        return folder;
    }

    private static Path find(SortedMap<String, Path> listed, String name, String what) throws MalformedFileException {
        Path path = listed.get(name);
        if (path == null) {
            boolean plain = name.indexOf('/') < 0 && name.indexOf('\\') < 0 && !name.equals("..");
            throw new MalformedFileException(
                    plain
                            ? "the " + what + " " + Printable.quote(name) + " is missing"
                            : "the " + what + " name " + Printable.quote(name) + " leads out of the folder");
        }
        return path;
    }

    /** The names of the files of this folder that have been opened. */
    public List<String> opened() {
        return new ArrayList<>(opened.keySet());
    }

    /** The files that have been opened, those in folders too. */
    public List<Path> openedPaths() {
        List<Path> paths = new ArrayList<>();
        opened.keySet().forEach(name -> paths.add(directory.resolve(name)));
        openedFolders.values().forEach(folder -> paths.addAll(folder.openedPaths()));
        return paths;
    }

    /**
     * Checks that no file that has been opened, those in folders too, was changed since.
     *
     * @throws MalformedFileException if one was
     */
    public void checkUnchanged() throws IOException {
        for (FolderFile file : opened.values()) {
            file.checkUnchanged();
        }
        for (Folder folder : openedFolders.values()) {
            folder.checkUnchanged();
        }
    }

    /** Bytes of the files that have been opened. */
    public long openedBytes() {
        return opened.values().stream().mapToLong(FolderFile::size).sum()
                + openedFolders.values().stream().mapToLong(Folder::openedBytes).sum();
    }

    /**
     * Bytes of all files.
     *
     * @param levels how many levels of folders in this one count, too
     */
    public long totalBytes(int levels) throws IOException {
        long total = 0;
        for (Path path : files.values()) {
            total += Files.size(path);
        }
        for (String name : levels > 0 ? folderNames() : List.<String>of()) {
            total += folder(name).totalBytes(levels - 1);
        }
        return total;
    }

    @Override
    public void close() throws IOException {
        pool.close();
    }
}
