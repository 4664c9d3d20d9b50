package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A unit that a worker is through with: its output, if there is one, is complete and proven, but neither durable nor
 * under its name.
 *
 * @param record what becomes of the unit if all goes well
 * @param folder where the output is; empty if there is none
 * @param files the files of the output, in the order of the record's outputs
 * @param own what an earlier run wrote for this unit and is still as it was, as paths from the folder of outputs: these
 *     may be replaced
 */
record Staged(Unit unit, UnitRecord record, Optional<Path> folder, List<Path> files, Set<String> own) {
    /** A unit without an output. */
    static Staged without(Unit unit, UnitRecord record) {
        return new Staged(unit, record, Optional.empty(), List.of(), Set.of());
    }

    /** The same with the times that its files have now: one that was there before kept its own. */
    Staged withTimes(Home home) throws IOException {
        List<UnitRecord.Output> outputs = new ArrayList<>();
        for (UnitRecord.Output output : record.outputs()) {
            long modified =
                    Files.getLastModifiedTime(home.resolve(output.path())).to(TimeUnit.NANOSECONDS);
            outputs.add(new UnitRecord.Output(output.path(), output.bytes(), modified, output.sha256()));
        }
        return new Staged(unit, record.withOutputs(outputs), folder, files, own);
    }

    Staged failed(String reason) {
        return without(unit, UnitRecord.without(unit.name(), unit.alsoAt(), unit.bytes(), Outcome.FAILED, reason));
    }
}
