package org.ptsanitize.converter.scan;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The files that some paths name: files as they are, and every regular file below a folder. A link inside a folder is not
 * followed. What it points to is met in its own place, or lies outside, which is a problem; so each file comes once, and no
 * loop is entered.
 */
final class FileList {
    private final List<Path> files = new ArrayList<>();
    private final List<FileScan> problems = new ArrayList<>();
    private final Set<Path> met = new HashSet<>();
    private long others;

    private FileList() {}

    static FileList of(Collection<Path> paths) throws IOException {
        FileList list = new FileList();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                list.walk(path, path.toRealPath());
            } else {
                list.add(path, Files.exists(path) ? path.toRealPath() : path);
            }
        }
        list.files.sort(Comparator.comparing(Path::toString));
        return list;
    }

    /** In order of their paths. */
    List<Path> files() {
        return files;
    }

    /** What stands in the way, one for each path. */
    List<FileScan> problems() {
        return problems;
    }

    /** How many pipes, devices and links to what is in the list already there are. */
    long others() {
        return others;
    }

    private void add(Path path, Path real) {
        if (met.add(real)) {
            files.add(path);
        }
    }

    private void problem(Path path, String what) {
        problems.add(new FileScan(path, true, List.of(), 0, List.of(what)));
    }

    private void walk(Path shown, Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            private Path shown(Path path) {
                return path.equals(root)
                        ? shown
                        : shown.resolve(root.relativize(path).toString());
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    add(shown(path), path);
                } else if (attributes.isSymbolicLink()) {
                    link(path);
                } else {
                    others++;
                }
                return FileVisitResult.CONTINUE;
            }

            private void link(Path path) {
                try {
                    if (path.toRealPath().startsWith(root)) {
                        others++;
                    } else {
                        problem(
                                shown(path),
                                "a link that leads out of the folder is not followed; name what it points to");
                    }
                } catch (IOException e) {
                    others++;
                }
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) {
                problem(shown(path), "cannot be read");
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, @org.jspecify.annotations.Nullable IOException e) {
                if (e != null) {
                    problem(shown(path), "cannot be listed to its end");
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
