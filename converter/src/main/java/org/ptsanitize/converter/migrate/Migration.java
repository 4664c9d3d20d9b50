package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Converts all checkpoints below some folders, several at a time. What it has done is in the journal of the folder of
 * outputs, so that the same migration, run again, does only what is left: after an interruption, a power cut or a full
 * disk. A unit that fails does not stop the others. For one run.
 */
public final class Migration {
    private final MigrationOptions options;
    private final MigrationListener listener;
    private final List<UnitRecord> records = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private int doneBefore;
    private @Nullable Workers workers;
    private volatile @Nullable Home home;
    private boolean stopped;

    public Migration(MigrationOptions options, MigrationListener listener) {
        this.options = options;
        this.listener = listener;
    }

    /**
     * Does it, or in a dry run says what would be done.
     *
     * @throws BusyException if another run is at work in the same folder of outputs
     * @throws DiskFullException if there is no room to go on; what was finished stays
     * @throws NoSuchFileException if a source does not exist
     * @throws IOException if the folder of outputs cannot be worked in
     */
    public MigrationResult run() throws IOException {
        Discovery found = Discovery.of(options, listener);
        found.records().forEach(this::finished);
        if (options.dryRun() || found.units().isEmpty() && !Files.exists(Home.journal(options.home()))) {
            withoutWriting(found.units());
        } else {
            try (Home taken = Home.lock(options.home());
                    Journal journal = taken.openJournal()) {
                home = taken;
                work(taken, journal, found.units());
            } finally {
                home = null;
            }
        }
        records.sort(Comparator.comparing(UnitRecord::source));
        return new MigrationResult(options.home(), records, doneBefore, isStopped(), freeBytes());
    }

    /** Bytes written so far for units that are not finished, for those who show how a run goes on. */
    public long bytesUnderWay() {
        Home folder = home;
        return folder == null ? 0 : folder.unfinishedBytes();
    }

    /** Ends a run from another thread. What is finished stays; what is not is removed, and done by the next run. */
    public void stop() {
        Workers working;
        synchronized (this) {
            stopped = true;
            working = workers;
        }
        if (working != null) {
            working.stop();
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized void begin(Workers working) {
        workers = working;
        if (stopped) {
            working.stop();
        }
    }

    private void withoutWriting(List<Unit> units) throws IOException {
        Earlier earlier = new Earlier(options, Journal.read(Home.journal(options.home())));
        List<Unit> open = open(units, earlier, false);
        Workers.Sink sink = new Workers.Sink() {
            @Override
            public void add(Staged staged) {
                finished(staged.record());
            }

            @Override
            public void breakOff(IOException reason) {
                throw new AssertionError("nothing is written", reason);
            }

            @Override
            public boolean isBroken() {
                return false;
            }
        };
        Workers planners = new Workers(options, null, earlier, sink, listener);
        begin(planners);
        try {
            planners.run(open);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private void work(Home taken, Journal journal, List<Unit> units) throws IOException {
        Earlier earlier = new Earlier(options, journal.entries());
        List<Unit> open = open(units, earlier, options.replace());
        Committer committer = new Committer(taken, journal, earlier, this::committed);
        Thread committing = new Thread(committer, "commit");
        committing.start();
        Workers converters = new Workers(options, taken, earlier, sink(committer), listener);
        begin(converters);
        try {
            converters.run(open);
            committer.end();
            committing.join();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
        IOException broken = committer.broken();
        if (broken != null) {
            throw broken;
        }
        addReplaced(journal.entries());
    }

    private static Workers.Sink sink(Committer committer) {
        return new Workers.Sink() {
            @Override
            public void add(Staged staged) throws InterruptedException {
                committer.add(staged);
            }

            @Override
            public void breakOff(IOException reason) {
                committer.breakOff(reason);
            }

            @Override
            public boolean isBroken() {
                return committer.broken() != null;
            }
        };
    }

    /** The units that are left to do. */
    private List<Unit> open(List<Unit> units, Earlier earlier, boolean replace) throws IOException {
        TargetNames.assign(units, options, earlier.targets());
        List<Unit> open = new ArrayList<>();
        for (Unit unit : units) {
            seen.add(unit.key());
            if (!unit.hasTarget()) {
                finished(UnitRecord.skipped(
                        unit.name(), unit.bytes(), "not carried along: an output of a checkpoint has this name"));
                continue;
            }
            UnitRecord done = earlier.done(unit);
            if (done == null) {
                open.add(unit);
            } else {
                doneBefore++;
                keep(replace ? replaced(unit, done) : done);
            }
        }
        long bytes = open.stream().mapToLong(Unit::bytes).sum();
        listener.planned(open.size() + doneBefore, bytes, doneBefore);
        return open;
    }

    /** A source that an earlier run converted and did not come to remove. */
    private static UnitRecord replaced(Unit unit, UnitRecord done) {
        if (done.outcome() != Outcome.CONVERTED) {
            return done;
        }
        Optional<String> problem = Removal.remove(unit);
        return problem.isEmpty() ? done : done.withReason(problem.get());
    }

    private void committed(Staged staged) {
        UnitRecord record = staged.record();
        finished(options.replace() ? replaced(staged.unit(), record) : record);
    }

    /** What earlier runs converted and removed is part of this migration's result. */
    private void addReplaced(Map<JournalEntry.Id, JournalEntry> entries) {
        if (!options.replace()) {
            return;
        }
        for (JournalEntry entry : entries.values()) {
            if (!seen.contains(entry.key()) && entry.unit().outcome() == Outcome.CONVERTED) {
                doneBefore++;
                keep(entry.unit());
            }
        }
    }

    private void finished(UnitRecord record) {
        synchronized (records) {
            records.add(record);
            listener.finished(record);
        }
    }

    private void keep(UnitRecord record) {
        synchronized (records) {
            records.add(record);
        }
    }

    /** Room on the disk of the outputs, whose folder may not be there yet. */
    private long freeBytes() throws IOException {
        Path folder = options.home().toAbsolutePath();
        while (folder.getParent() != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        return Files.getFileStore(folder).getUsableSpace();
    }
}
