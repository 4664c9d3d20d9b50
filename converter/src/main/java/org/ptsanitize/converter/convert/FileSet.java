package org.ptsanitize.converter.convert;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that belong together and get their names together: all of them, or none and everything is as it was. What is to be
 * replaced is moved aside first and moved back if any step fails.
 */
final class FileSet implements Closeable {
    private static final String ASIDE = ".ptsanitize-before";

    private final ConvertOptions options;
    private final List<AtomicFile> files = new ArrayList<>();
    private final List<Path> targets = new ArrayList<>();
    private final List<Path> aside = new ArrayList<>();
    private final List<Path> named = new ArrayList<>();

    /** @param options say whether existing files may be replaced */
    FileSet(ConvertOptions options) {
        this.options = options;
    }

    /** Starts one more file. */
    AtomicFile add(Path target) throws IOException {
        AtomicFile file = AtomicFile.create(target, options);
        files.add(file);
        targets.add(target);
        return file;
    }

    /**
     * Gives all files their names, in the order they were added.
     *
     * @throws IOException if one cannot be named; what was there before is there again, or the message says where it is
     */
    void commit() throws IOException {
        try {
            // The last one first: it is the index by which the others are found, and no one shall find half of them.
            for (int i = targets.size() - 1; i >= 0; i--) {
                moveAside(targets.get(i));
            }
            for (int i = 0; i < files.size(); i++) {
                files.get(i).commit();
                named.add(targets.get(i));
            }
        } catch (IOException | RuntimeException e) {
            takeBack(e);
            throw e;
        }
        for (Path path : aside) {
            Files.deleteIfExists(besides(path));
        }
    }

    private static Path besides(Path target) {
        return target.resolveSibling("." + target.getFileName() + ASIDE);
    }

    private void moveAside(Path target) throws IOException {
        if (options.force() && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(target, besides(target), StandardCopyOption.ATOMIC_MOVE);
            aside.add(target);
        }
    }

    /** Every name given is new, for what had it before is aside: taking it back loses nothing. */
    private void takeBack(Exception cause) throws IOException {
        for (Path path : named) {
            Files.deleteIfExists(path);
        }
        List<Path> stuck = new ArrayList<>();
        for (Path path : aside) {
            try {
                Files.move(besides(path), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                cause.addSuppressed(e);
                stuck.add(besides(path));
            }
        }
        if (!stuck.isEmpty()) {
            throw new IOException(
                    "the files from before could not be given their names back; the first of " + stuck.size() + " is "
                            + stuck.get(0),
                    cause);
        }
    }

    @Override
    public void close() throws IOException {
        for (AtomicFile file : files) {
            file.close();
        }
    }
}
