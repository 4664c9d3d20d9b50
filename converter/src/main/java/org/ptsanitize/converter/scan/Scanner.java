package org.ptsanitize.converter.scan;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ptsanitize.converter.scan.PickleScan.Trust;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.Scratch;

/**
 * Tells which files would run code when they are loaded. Every pickle in a file is followed, wherever it hides; nothing is
 * run, and of tensors nothing is read, so that the size of a file does not count. A file that cannot be followed to its end
 * is never reported as clean: see {@link FileScan#finished}.
 */
public final class Scanner {
    private static final int AHEAD = 4;

    private final ScanOptions options;

    public Scanner(ScanOptions options) {
        this.options = options;
    }

    /** Scans one file. Whatever is wrong with it is in the result. */
    public FileScan scan(Path file) {
        return scan(file, options.limits());
    }

    /**
     * Scans files and everything below folders, several at a time, and hands on the results in the order of their paths.
     *
     * @param baseline findings that are known
     * @param each takes the result for each file, in this thread
     * @return the results and their sums
     */
    public ScanReport scan(Collection<Path> paths, Baseline baseline, ScanReport.Listener each) throws IOException {
        FileList list = FileList.of(paths);
        ScanReport report = new ScanReport(baseline, list.others());
        for (FileScan problem : list.problems()) {
            report.add(problem);
            each.scanned(problem, report);
        }
        int threads = Math.max(1, Math.min(options.threads(), list.files().size()));
        Limits limits = options.limits().with(Limit.MEMORY, options.limits().of(Limit.MEMORY) / threads);
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            Deque<Future<FileScan>> running = new ArrayDeque<>();
            for (Path file : list.files()) {
                running.add(workers.submit(() -> scan(file, limits)));
                if (running.size() >= AHEAD * threads) {
                    hand(running.removeFirst(), report, each);
                }
            }
            while (!running.isEmpty()) {
                hand(running.removeFirst(), report, each);
            }
        } finally {
            workers.shutdownNow();
        }
        return report;
    }

    private static void hand(Future<FileScan> future, ScanReport report, ScanReport.Listener each) throws IOException {
        try {
            FileScan scan = future.get();
            report.add(scan);
            each.scanned(scan, report);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private FileScan scan(Path file, Limits limits) {
        Findings none = new Findings();
        try (FileSource source = FileSource.open(file);
                Scratch scratch = options.tempDirectory().isPresent()
                        ? Scratch.in(options.tempDirectory().get(), source.size(), limits)
                        : Scratch.of(source.size(), limits)) {
            Desk desk = new Desk(options.policy(), scratch, new Budget(limits));
            boolean checkpoint = look(source, desk);
            return result(file, checkpoint, desk.findings(), desk.problems());
        } catch (NoSuchFileException e) {
            return result(file, true, none, List.of("no such file"));
        } catch (AccessDeniedException e) {
            return result(file, true, none, List.of("permission denied"));
        } catch (FileFormatException e) {
            return result(file, true, none, List.of(e.problem()));
        } catch (IOException e) {
            return result(
                    file, true, none, List.of("cannot be read: " + Printable.line(String.valueOf(e.getMessage()))));
        }
    }

    /** A problem that nobody nearer took care of leaves what was found until then. */
    private static boolean look(FileSource source, Desk desk) throws IOException {
        try {
            return new ContentScan(desk).scan(source, "", Trust.LIKELY);
        } catch (FileFormatException e) {
            desk.problem("", e);
            return true;
        }
    }

    private static FileScan result(Path file, boolean checkpoint, Findings findings, List<String> problems) {
        String path = file.toString().replace('\\', '/');
        List<String> all = new ArrayList<>(problems);
        if (findings.left() > 0) {
            all.add("too many different findings to list them all");
        }
        return new FileScan(file, checkpoint, findings.list(path), findings.left(), List.copyOf(all));
    }
}
