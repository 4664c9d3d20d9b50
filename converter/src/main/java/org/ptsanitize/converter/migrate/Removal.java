package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.ptsanitize.converter.convert.Reason;

/** Removes sources whose outputs are proven, durable and in the journal. */
final class Removal {
    private Removal() {}

    /**
     * Removes a unit's files, by all names that are known.
     *
     * @return why it could not, or nothing; what has changed since it was converted stays
     */
    static Optional<String> remove(Unit unit) {
        try {
            for (SourceFile file : unit.files()) {
                BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
                boolean same =
                        now.size() == file.size() && now.lastModifiedTime().to(TimeUnit.NANOSECONDS) == file.modified();
                if (!same) {
                    return Optional.of("converted, but the source has changed since and stays");
                }
            }
            for (Path path : unit.paths()) {
                if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(path);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("converted, but the source could not be removed: " + Reason.of(e));
        }
    }
}
