package org.ptsanitize.converter.migrate;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * A regular file of the tree.
 *
 * @param path where it is
 * @param place its path in the mirrored layout
 * @param identity what is equal for all names of one file
 * @param size its bytes
 * @param modified when it was changed last, in nanoseconds
 * @param link whether this name is a symbolic link to it
 */
record SourceFile(Path path, String place, Object identity, long size, long modified, boolean link) {
    static SourceFile of(Path path, String place, BasicFileAttributes attributes, boolean link) {
        return new SourceFile(
                path,
                place,
                identity(path, attributes),
                attributes.size(),
                attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                link);
    }

    /** The system's number of a file, or its path where files have none. */
    static Object identity(Path path, BasicFileAttributes attributes) {
        Object key = attributes.fileKey();
        return key == null ? path.toAbsolutePath().normalize() : key;
    }

    String name() {
        return place.substring(place.lastIndexOf('/') + 1);
    }
}
