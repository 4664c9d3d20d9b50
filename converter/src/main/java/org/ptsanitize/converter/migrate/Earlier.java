package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.Sha256;

/** What earlier runs did in a folder of outputs, and whether it still holds. */
final class Earlier {
    private final Path home;
    private final Map<JournalEntry.Id, JournalEntry> entries;
    private final String options;
    private final String version;
    private final String to;

    Earlier(MigrationOptions options, Map<JournalEntry.Id, JournalEntry> entries) {
        this.home = options.home();
        this.entries = entries;
        this.options = OptionsText.of(options);
        this.version = options.version();
        this.to = options.suffix() + "." + options.format().ending();
    }

    /** The main target of each unit, by its key. */
    Map<String, String> targets() {
        Map<String, String> targets = new HashMap<>();
        entries.values().stream().filter(entry -> entry.to().equals(to)).forEach(entry -> {
            List<UnitRecord.Output> outputs = entry.unit().outputs();
            if (outputs.size() == 1) {
                targets.put(entry.key(), outputs.get(0).path());
            } else if (!outputs.isEmpty()) {
                String index = outputs.get(outputs.size() - 1).path();
                targets.put(entry.key(), index.substring(0, index.length() - ".index.json".length()));
            }
        });
        return targets;
    }

    /** The journal's line about a unit that was just finished. */
    JournalEntry entry(Unit unit, UnitRecord record) {
        return new JournalEntry(
                unit.key(), to(unit), unit.modified(), unit.stamp(), options(unit), version(unit), record);
    }

    private String to(Unit unit) {
        return unit.kind() == Unit.Kind.OTHER ? "" : to;
    }

    private @Nullable JournalEntry entry(Unit unit) {
        return entries.get(new JournalEntry.Id(unit.key(), to(unit)));
    }

    /** What is carried along depends on no option and no version. */
    private String options(Unit unit) {
        return unit.kind() == Unit.Kind.OTHER ? "" : options;
    }

    private String version(Unit unit) {
        return unit.kind() == Unit.Kind.OTHER ? "" : version;
    }

    /** What became of a unit, if source, options and version are the same and its output is there. */
    @Nullable
    UnitRecord done(Unit unit) throws IOException {
        JournalEntry entry = entry(unit);
        if (entry == null
                || !entry.unit().outcome().isSettled()
                || !entry.stamp().equals(unit.stamp())
                || !entry.options().equals(options(unit))
                || !entry.version().equals(version(unit))) {
            return null;
        }
        UnitRecord record = entry.unit();
        boolean sameNames = record.source().equals(unit.name())
                && record.alsoAt().equals(unit.alsoAt())
                && (record.outputs().isEmpty() || record.links().equals(links(unit, record.outcome())));
        for (UnitRecord.Place place : record.places()) {
            if (!isThere(place)) {
                return null;
            }
        }
        return sameNames ? record : null;
    }

    private static List<String> links(Unit unit, Outcome outcome) {
        return outcome == Outcome.COPIED ? unit.underOwnNames().linkTargets() : unit.linkTargets();
    }

    /** What was written for a unit and is still as it was. */
    Set<String> own(Unit unit) throws IOException {
        Set<String> own = new HashSet<>();
        JournalEntry entry = entry(unit);
        if (entry != null) {
            for (UnitRecord.Place place : entry.unit().places()) {
                if (isThere(place)) {
                    own.add(place.path());
                }
            }
        }
        return own;
    }

    /** Whether an output is as it was written: by its size and time, or, if the time is another, by its digest. */
    private boolean isThere(UnitRecord.Place place) throws IOException {
        Path file = home.resolve(place.path());
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            UnitRecord.Output output = place.output();
            return attributes.isRegularFile()
                    && attributes.size() == output.bytes()
                    && (attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) == output.modified()
                            || Sha256.hex(file).equals(output.sha256()));
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
