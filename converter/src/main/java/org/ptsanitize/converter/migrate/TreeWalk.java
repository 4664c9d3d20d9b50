package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.convert.Reason;

/**
 * Lists the files below the sources. It enters no folder through a link, never the folder of the outputs, and none in
 * which programs keep what is theirs. A link to a file counts as that file if the file itself is in the tree.
 */
final class TreeWalk {
    private static final Set<String> NEVER_ENTERED = Set.of(Home.FOLDER, ".git", ".hg", ".svn", ".no_exist", ".locks");

    private final MigrationOptions options;
    private final @Nullable Object home;
    private final SortedMap<String, Listing> listings = new TreeMap<>();
    private final Map<Object, SourceFile> known = new HashMap<>();
    private final List<Link> links = new ArrayList<>();
    private final List<UnitRecord> problems = new ArrayList<>();
    private final Deque<Listing> waiting = new ArrayDeque<>();

    private record Link(Listing listing, String name, Path path) {}

    private TreeWalk(MigrationOptions options) throws IOException {
        this.options = options;
        this.home = options.inPlace() ? null : identity(options.home());
    }

    private static @Nullable Object identity(Path folder) throws IOException {
        return Files.exists(folder)
                ? SourceFile.identity(folder.toRealPath(), Files.readAttributes(folder, BasicFileAttributes.class))
                : null;
    }

    /** @throws NoSuchFileException if a source does not exist */
    static TreeWalk of(MigrationOptions options) throws IOException {
        TreeWalk walk = new TreeWalk(options);
        for (Source source : options.sources()) {
            walk.start(source);
        }
        walk.followLinks();
        return walk;
    }

    /** All folders with files in them, sorted by their places. */
    Iterable<Listing> listings() {
        return listings.values();
    }

    /** The folder at a place, or null. */
    @Nullable
    Listing listing(String place) {
        return listings.get(place);
    }

    /** The file itself that any of its names leads to. */
    SourceFile real(SourceFile file) {
        return known.getOrDefault(file.identity(), file);
    }

    /** What could not be looked at, or is left alone with a reason. */
    List<UnitRecord> problems() {
        return problems;
    }

    private void start(Source source) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(source.path(), BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            enter(new Listing(source.path(), source.place()), attributes);
            while (!waiting.isEmpty()) {
                list(waiting.pop());
            }
        } else {
            int slash = source.place().lastIndexOf('/');
            String folder = slash < 0 ? "" : source.place().substring(0, slash);
            Path parent = source.path().toAbsolutePath().getParent();
            if (parent != null) {
                Listing listing = listings.computeIfAbsent(folder, place -> new Listing(parent, place));
                addFile(listing, source.path(), source.place().substring(slash + 1), attributes);
            }
        }
    }

    private void enter(Listing listing, BasicFileAttributes attributes) throws IOException {
        boolean ours =
                home != null && home.equals(SourceFile.identity(listing.path().toRealPath(), attributes));
        if (!ours) {
            waiting.push(listing);
        }
    }

    private void list(Listing found) {
        Listing listing = listings.computeIfAbsent(found.place(), place -> found);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(found.path())) {
            for (Path entry : entries) {
                add(listing, entry);
            }
        } catch (DirectoryIteratorException | IOException e) {
            problem(
                    found.place(),
                    0,
                    Reason.of(e instanceof DirectoryIteratorException && e.getCause() != null ? e.getCause() : e));
        }
    }

    private void add(Listing listing, Path entry) throws IOException {
        String name = String.valueOf(entry.getFileName());
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return; // removed by somebody else meanwhile
        }
        if (attributes.isDirectory()) {
            listing.folders().add(name);
            String place = listing.placeOf(name);
            if (!NEVER_ENTERED.contains(name) && !options.files().isFolderSkipped(place)) {
                enter(new Listing(entry, place), attributes);
            }
        } else if (attributes.isSymbolicLink()) {
            links.add(new Link(listing, name, entry));
        } else if (attributes.isRegularFile()) {
            addFile(listing, entry, name, attributes);
        }
    }

    private void addFile(Listing listing, Path path, String name, BasicFileAttributes attributes) {
        String place = listing.placeOf(name);
        if (!isText(path)) {
            problem(place, attributes.size(), "its name is no text in this locale; rename it, or set LC_ALL=C.UTF-8");
            return;
        }
        SourceFile file = SourceFile.of(path, place, attributes, false);
        known.putIfAbsent(file.identity(), file);
        put(listing, name, file);
    }

    private void put(Listing listing, String name, SourceFile file) {
        if (options.files().isSkipped(file.place())) {
            return;
        }
        SourceFile there = listing.files().putIfAbsent(name, file);
        if (there != null && !there.identity().equals(file.identity())) {
            problem(
                    file.place(),
                    file.size(),
                    "another source has the same path below the folder of outputs: " + there.path()
                            + "; migrate it by itself");
        }
    }

    /** Whether a path can be written down and read again. */
    private static boolean isText(Path path) {
        try {
            return Path.of(path.toString()).equals(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private void followLinks() {
        for (Link link : links) {
            String place = link.listing().placeOf(link.name());
            try {
                BasicFileAttributes attributes = Files.readAttributes(link.path(), BasicFileAttributes.class);
                if (attributes.isDirectory() && !options.files().isFolderSkipped(place)) {
                    problems.add(UnitRecord.skipped(place, 0, "a link to a folder, which is not followed"));
                }
                if (!attributes.isRegularFile()) {
                    continue;
                }
                Object identity = SourceFile.identity(link.path().toRealPath(), attributes);
                if (known.containsKey(identity) && isText(link.path())) {
                    put(link.listing(), link.name(), SourceFile.of(link.path(), place, attributes, true));
                } else if (!options.files().isSkipped(place)) {
                    problems.add(UnitRecord.skipped(
                            place,
                            attributes.size(),
                            "a link that leads out of the tree; name the folder that holds what it leads to"));
                }
            } catch (IOException e) {
                problems.add(UnitRecord.skipped(place, 0, "a link that leads nowhere"));
            }
        }
    }

    private void problem(String place, long size, String reason) {
        problems.add(UnitRecord.failed(place, size, reason));
    }
}
