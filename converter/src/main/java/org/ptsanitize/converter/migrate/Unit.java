package org.ptsanitize.converter.migrate;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.Sha256;

/** What is converted, or carried along, as one thing: a file with all its names, a set of shards, a folder. */
final class Unit {
    /** What is handed to the converter, or not. */
    enum Kind {
        /** A file that is a checkpoint by itself. */
        FILE,
        /** The index of a sharded checkpoint, with its shards. */
        INDEX,
        /** A folder that is a checkpoint as a whole. */
        FOLDER,
        /** A file that is no checkpoint. */
        OTHER
    }

    private final Kind kind;
    private final Path path;
    private final String key;
    private final boolean certain;
    private final List<SourceFile> files;
    private final List<Name> names = new ArrayList<>();

    /** One of the names of a unit, and where the output under this name goes. */
    static final class Name {
        private final String place;
        private final Path path;
        private final boolean link;
        private @Nullable String target;

        Name(String place, Path path, boolean link) {
            this.place = place;
            this.path = path;
            this.link = link;
        }

        String place() {
            return place;
        }

        /** The folder it lies in, in the mirrored layout. */
        String folder() {
            int slash = place.lastIndexOf('/');
            return slash < 0 ? "" : place.substring(0, slash);
        }

        String ownName() {
            return place.substring(place.lastIndexOf('/') + 1);
        }

        /** Whether an output goes under this name. */
        boolean hasTarget() {
            return target != null;
        }

        /** The path of the output from the folder of outputs. */
        String target() {
            return Objects.requireNonNull(target);
        }

        void target(String place) {
            target = place;
        }
    }

    /**
     * @param key names the unit in the journal: the place of the file itself, whatever other names it has
     * @param certain whether it claims to be a checkpoint, so that it is an error if it is none
     * @param files everything it consists of
     */
    Unit(Kind kind, Path path, String key, boolean certain, List<SourceFile> files) {
        this.kind = kind;
        this.path = path;
        this.key = key;
        this.certain = certain;
        this.files = List.copyOf(files);
    }

    /** The same unit, its output under the names of the sources: what turned out to be no checkpoint is carried along. */
    Unit underOwnNames() {
        Unit same = new Unit(kind, path, key, certain, files);
        for (Name name : names) {
            Name copy = new Name(name.place, name.path, name.link);
            copy.target(name.place);
            same.names.add(copy);
        }
        return same;
    }

    void addName(String place, Path name, boolean link) {
        names.add(new Name(place, name, link));
    }

    /** Puts the name of the file itself first, then those of links by the alphabet. */
    void sortNames() {
        names.sort(Comparator.comparing((Name name) -> name.link).thenComparing(name -> name.place));
    }

    Kind kind() {
        return kind;
    }

    /** What is opened. */
    Path path() {
        return path;
    }

    String key() {
        return key;
    }

    boolean isCertain() {
        return certain;
    }

    List<SourceFile> files() {
        return files;
    }

    /** All names, the main one first. */
    List<Name> names() {
        return names;
    }

    /** The main name. */
    String name() {
        return names.get(0).place();
    }

    List<String> alsoAt() {
        return names.stream().skip(1).map(Name::place).toList();
    }

    /** The path of the output. */
    String target() {
        return names.get(0).target();
    }

    boolean hasTarget() {
        return names.get(0).hasTarget();
    }

    /** Further paths of the output. */
    List<String> linkTargets() {
        return names.stream().skip(1).filter(Name::hasTarget).map(Name::target).toList();
    }

    /** Every path by which it is reached: its files and their other names. */
    List<Path> paths() {
        List<Path> paths = new ArrayList<>();
        names.stream().filter(name -> name.link).forEach(name -> paths.add(name.path));
        files.forEach(file -> paths.add(file.path()));
        return paths;
    }

    /** Bytes of all its files. */
    long bytes() {
        return files.stream().mapToLong(SourceFile::size).sum();
    }

    long largestFile() {
        return files.stream().mapToLong(SourceFile::size).max().orElse(0);
    }

    /** When any of its files was changed last, in nanoseconds. */
    long modified() {
        return files.stream().mapToLong(SourceFile::modified).max().orElse(0);
    }

    /** A text that changes when any of its files changes in name, size or time. */
    String stamp() {
        StringBuilder text = new StringBuilder();
        for (SourceFile file : files) {
            text.append(file.place()).append('\0').append(file.size()).append('\0');
            text.append(file.modified()).append('\n');
        }
        return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 32);
    }
}
