package org.ptsanitize.converter.migrate;

import java.nio.file.Path;
import java.util.List;

/**
 * What a migration did, or would do.
 *
 * @param home the folder of the outputs
 * @param units what became of each unit, those done by earlier runs included, sorted by source
 * @param doneBefore how many of them an earlier run has done
 * @param stopped whether it was stopped before it was through
 * @param freeBytes room on the disk of the outputs
 */
public record MigrationResult(Path home, List<UnitRecord> units, int doneBefore, boolean stopped, long freeBytes) {
    public long count(Outcome outcome) {
        return units.stream().filter(unit -> unit.outcome() == outcome).count();
    }
}
