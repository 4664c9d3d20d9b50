package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.Reason;
import org.ptsanitize.converter.convert.StrictException;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.NotACheckpointException;

/**
 * Threads that convert units, each with its share of the heap. What needs more than a share is converted at the end,
 * alone, with the whole. No output depends on which thread made it, or when.
 */
final class Workers {
    private static final int OPEN_FILES = 512;

    private final MigrationOptions options;
    private final @Nullable Home home;
    private final Earlier earlier;
    private final Sink sink;
    private final MigrationListener listener;
    private final UnitWork work;
    private final Semaphore files = new Semaphore(OPEN_FILES);
    private final List<Unit> large = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    /** Where finished units go. */
    interface Sink {
        void add(Staged staged) throws InterruptedException;

        /** Says that it makes no sense to go on, and why. */
        void breakOff(IOException reason);

        /** Whether it makes no sense to go on. */
        boolean isBroken();
    }

    /** @param home null in a dry run */
    Workers(MigrationOptions options, @Nullable Home home, Earlier earlier, Sink sink, MigrationListener listener) {
        this.options = options;
        this.home = home;
        this.earlier = earlier;
        this.sink = sink;
        this.listener = listener;
        this.work = new UnitWork(options);
    }

    /** Ends the work as soon as possible; what is under way is left unfinished and removed. */
    void stop() {
        stopped = true;
        synchronized (threads) {
            threads.forEach(Thread::interrupt);
        }
    }

    /** Works on all units and returns when that is done, or stopped. */
    void run(List<Unit> units) throws InterruptedException {
        long whole = options.conversion().limits().of(Limit.MEMORY);
        int count = Math.max(1, Math.min(options.workers(), units.size()));
        long share = Math.min(whole, Limit.MEMORY.defaultValue() / count);
        AtomicInteger next = new AtomicInteger();
        synchronized (threads) {
            for (int i = 0; i < count; i++) {
                Thread thread = new Thread(() -> work(units, next, share, share == whole), "convert-" + i);
                threads.add(thread);
            }
            threads.forEach(Thread::start);
        }
        for (Thread thread : List.copyOf(threads)) {
            thread.join();
        }
        List<Unit> rest = new ArrayList<>(large);
        if (!rest.isEmpty()) {
            Thread alone = new Thread(() -> work(rest, new AtomicInteger(), whole, true), "convert-large");
            synchronized (threads) {
                threads.add(alone);
                alone.start();
            }
            alone.join();
        }
    }

    private void work(List<Unit> units, AtomicInteger next, long memory, boolean whole) {
        try {
            for (int i = next.getAndIncrement(); i < units.size() && !stopped && !sink.isBroken(); ) {
                work(units.get(i), memory, whole);
                i = next.getAndIncrement();
            }
        } catch (InterruptedException e) {
            // Stopped: the unit stays undone.
        }
    }

    private void work(Unit unit, long memory, boolean whole) throws InterruptedException {
        int permits = Math.min(OPEN_FILES, unit.files().size() + 2);
        files.acquire(permits);
        try {
            listener.started(unit.name());
            Staged staged = convert(unit, memory, whole);
            if (stopped) {
                throw new InterruptedException();
            }
            if (staged == null) {
                large.add(unit);
            } else {
                sink.add(staged);
            }
        } finally {
            files.release(permits);
        }
    }

    /** Returns null if the unit needs more memory than it may have here and now. */
    private @Nullable Staged convert(Unit unit, long memory, boolean whole) throws InterruptedException {
        Path folder = null;
        try {
            folder = home == null ? null : home.takeFolder();
            Staged staged = folder == null ? planned(unit, memory) : converted(unit, memory, folder);
            folder = staged.folder().isPresent() ? null : folder;
            return staged;
        } catch (NothingToConvertException e) {
            return without(unit, Outcome.NO_TENSORS, e.getMessage());
        } catch (LimitExceededException e) {
            boolean again = e.limit() == Limit.MEMORY && !whole;
            return again ? null : failed(unit, e);
        } catch (OutOfMemoryError e) {
            return whole ? failed(unit, e) : null;
        } catch (StrictException | IOException | RuntimeException | StackOverflowError e) {
            if (stopped || e instanceof InterruptedIOException) {
                throw new InterruptedException();
            }
            if (e instanceof IOException && !(e instanceof FileFormatException) && home != null && home.isFull()) {
                sink.breakOff(new DiskFullException(home.path()));
                throw new InterruptedException();
            }
            return failed(unit, e);
        } finally {
            giveBack(folder);
        }
    }

    private void giveBack(@Nullable Path folder) {
        if (folder != null && home != null) {
            try {
                home.giveFolder(folder);
            } catch (IOException e) {
                // It is not used again; whatever is left in it goes when the run ends.
            }
        }
    }

    private Staged converted(Unit unit, long memory, Path folder)
            throws IOException, NothingToConvertException, StrictException {
        if (unit.kind() == Unit.Kind.OTHER) {
            return work.copy(unit, folder, earlier.own(unit));
        }
        try {
            return work.convert(unit, memory, folder, earlier.own(unit));
        } catch (NotACheckpointException e) {
            if (!unit.isCertain() && options.copyOthers()) {
                return work.copy(unit.underOwnNames(), folder, earlier.own(unit));
            }
            return notACheckpoint(unit, e);
        }
    }

    private Staged planned(Unit unit, long memory) throws IOException, NothingToConvertException, StrictException {
        if (unit.kind() == Unit.Kind.OTHER) {
            return work.planCopy(unit);
        }
        try {
            return Staged.without(unit, work.plan(unit, memory));
        } catch (NotACheckpointException e) {
            return !unit.isCertain() && options.copyOthers()
                    ? work.planCopy(unit.underOwnNames())
                    : notACheckpoint(unit, e);
        }
    }

    /** What claims to be a checkpoint and is none is an error; what only might have been one is not. */
    private static Staged notACheckpoint(Unit unit, NotACheckpointException e) {
        return unit.isCertain() ? failed(unit, e) : without(unit, Outcome.NOT_A_CHECKPOINT, e.problem());
    }

    private static Staged without(Unit unit, Outcome outcome, @Nullable String reason) {
        return Staged.without(
                unit,
                UnitRecord.without(unit.name(), unit.alsoAt(), unit.bytes(), outcome, reason == null ? "" : reason));
    }

    private static Staged failed(Unit unit, Throwable failure) {
        return without(unit, Outcome.FAILED, Reason.withoutFile(failure));
    }
}
