package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.convert.Durable;
import org.ptsanitize.converter.convert.Reason;

/**
 * Finishes what the workers hand over, batch by batch: flushes the contents of all files, gives them their names, flushes
 * the folders, and only then tells the journal. Flushing one file costs a journey to the disk, flushing many at once
 * hardly more: while a batch is under way the next one collects.
 */
final class Committer implements Runnable {
    private static final int WAITING = 64;
    private static final int FLUSHERS = 8;

    private final Home home;
    private final Journal journal;
    private final Earlier earlier;
    private final Consumer<Staged> afterwards;
    private final BlockingQueue<Optional<Staged>> queue = new ArrayBlockingQueue<>(WAITING);
    private volatile @Nullable IOException broken;

    /** @param afterwards is told of each unit whose line is in the journal */
    Committer(Home home, Journal journal, Earlier earlier, Consumer<Staged> afterwards) {
        this.home = home;
        this.journal = journal;
        this.earlier = earlier;
        this.afterwards = afterwards;
    }

    /** Takes a unit; waits while too many are under way. */
    void add(Staged staged) throws InterruptedException {
        put(Optional.of(staged));
    }

    /** Says that nothing more comes. */
    void end() throws InterruptedException {
        put(Optional.empty());
    }

    private void put(Optional<Staged> item) throws InterruptedException {
        while (broken == null && !queue.offer(item, 100, TimeUnit.MILLISECONDS)) {
            // The committer is busy, or has just broken.
        }
    }

    /** Ends the work. */
    void breakOff(IOException reason) {
        broken = reason;
    }

    /** What made it impossible to go on, or null. */
    @Nullable
    IOException broken() {
        return broken;
    }

    @Override
    public void run() {
        ExecutorService flushers = Executors.newFixedThreadPool(FLUSHERS, work -> {
            Thread thread = new Thread(work, "flush");
            thread.setDaemon(true);
            return thread;
        });
        try {
            boolean more = true;
            while (more) {
                List<Staged> batch = new ArrayList<>();
                more = collect(batch);
                commit(batch, flushers);
            }
        } catch (IOException e) {
            broken = e;
        } catch (InterruptedException e) {
            broken = new IOException("interrupted while finishing outputs", e);
        } finally {
            flushers.shutdownNow();
        }
    }

    /** Takes what is there, at least one. Returns whether more can come. */
    private boolean collect(List<Staged> batch) throws InterruptedException {
        Optional<Staged> next = queue.take();
        while (next != null && next.isPresent()) {
            batch.add(next.get());
            next = queue.poll();
        }
        return next == null;
    }

    private void commit(List<Staged> batch, ExecutorService flushers) throws IOException, InterruptedException {
        List<Staged> flushed = flush(batch, flushers);
        Placement placement = new Placement(home);
        List<Staged> done = new ArrayList<>();
        for (Staged staged : flushed) {
            done.add(place(staged, placement));
        }
        List<Callable<Void>> folders = new ArrayList<>();
        for (Path folder : placement.changedFolders()) {
            folders.add(() -> {
                Durable.folder(folder);
                return null;
            });
        }
        flushers.invokeAll(folders);
        List<JournalEntry> lines = new ArrayList<>();
        for (Staged staged : done) {
            lines.add(earlier.entry(staged.unit(), staged.record()));
        }
        try {
            journal.append(lines);
        } catch (IOException e) {
            throw home.isFull()
                    ? new DiskFullException(home.path())
                    : new IOException(home.journal() + ": cannot be written: " + e.getMessage(), e);
        }
        for (int i = 0; i < done.size(); i++) {
            if (batch.get(i).folder().isPresent()) {
                home.giveFolder(batch.get(i).folder().get());
            }
            afterwards.accept(done.get(i));
        }
    }

    private List<Staged> flush(List<Staged> batch, ExecutorService flushers) throws IOException, InterruptedException {
        List<Callable<Void>> work = new ArrayList<>();
        for (Staged staged : batch) {
            work.add(() -> {
                for (Path file : staged.files()) {
                    Durable.file(file);
                }
                return null;
            });
        }
        List<Future<Void>> results = flushers.invokeAll(work);
        List<Staged> flushed = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            try {
                results.get(i).get();
                flushed.add(batch.get(i));
            } catch (ExecutionException e) {
                flushed.add(failed(batch.get(i), e.getCause() == null ? e : e.getCause()));
            }
        }
        return flushed;
    }

    private Staged place(Staged staged, Placement placement) throws IOException {
        if (staged.files().isEmpty()) {
            return staged;
        }
        try {
            placement.place(staged);
            return staged.withTimes(home);
        } catch (IOException e) {
            return failed(staged, e);
        }
    }

    /** One output that cannot be finished is an error of its unit, unless no output can. */
    private Staged failed(Staged staged, Throwable cause) throws DiskFullException {
        if (home.isFull()) {
            throw new DiskFullException(home.path());
        }
        return staged.failed(Reason.withoutFile(cause));
    }
}
