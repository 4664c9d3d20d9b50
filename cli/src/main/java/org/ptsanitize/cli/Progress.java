package org.ptsanitize.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.ptsanitize.converter.migrate.MigrationListener;
import org.ptsanitize.converter.migrate.Outcome;
import org.ptsanitize.converter.migrate.UnitRecord;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.formats.bytes.Figures;

/**
 * Tells on stderr how a migration goes on: on a terminal a few lines that are painted over, elsewhere a line every ten
 * seconds. Failures are told as they happen.
 */
final class Progress implements MigrationListener, Closeable {
    private static final long MILLIS_ON_A_TERMINAL = 200;
    private static final long MILLIS_IN_A_LOG = 10_000;
    private static final double SECONDS_TO_GUESS = 2;
    private static final int WIDTH = 79;
    private static final int NAMES = 4;

    private final Terminal terminal;
    private final boolean painted;
    private final boolean verbose;
    private final Thread ticker;
    private final Set<String> inWork = new LinkedHashSet<>();
    private int looked;
    private int total;
    private int done;
    private int failed;
    private long bytes;
    private long bytesDone;
    private long started;
    private LongSupplier underWay = () -> 0;
    private int lines;
    private boolean closed;

    Progress(Terminal terminal, boolean painted, boolean shown, boolean verbose) {
        this.terminal = terminal;
        this.painted = painted;
        this.verbose = verbose;
        this.ticker = new Thread(this::tick, "progress");
        ticker.setDaemon(true);
        if (shown) {
            ticker.start();
        }
    }

    static Progress start(Terminal terminal, When when, Verbosity verbosity) {
        boolean shown = when == When.ALWAYS || when == When.AUTO && !verbosity.isQuiet();
        return new Progress(terminal, shown && isTerminal(), shown, verbosity.isVerbose());
    }

    /** Says where to ask how many bytes have been written for files in work. */
    synchronized void watch(LongSupplier bytesUnderWay) {
        underWay = bytesUnderWay;
    }

    /** Whether stderr is a terminal. Java only tells whether standard input and output both are. */
    private static boolean isTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            String stderr = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return stderr.startsWith("/dev/pts/") || stderr.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public synchronized void looking(int files) {
        looked = files;
    }

    @Override
    public synchronized void planned(int units, long unitBytes, int doneBefore) {
        total = units;
        done = doneBefore;
        bytes = unitBytes;
        started = System.nanoTime();
    }

    @Override
    public synchronized void started(String source) {
        inWork.add(source);
    }

    @Override
    public synchronized void finished(UnitRecord unit) {
        if (inWork.remove(unit.source())) {
            done++;
            bytesDone += unit.bytes();
        }
        boolean failure = unit.outcome() == Outcome.FAILED;
        failed += failure ? 1 : 0;
        if (failure || unit.outcome() == Outcome.CONVERTED && !unit.reason().isEmpty()) {
            erase();
            terminal.error(Escaped.text(unit.source() + ": " + unit.reason(), 1_000));
        } else if (verbose) {
            erase();
            terminal.note(Escaped.text(MigrationSummary.line(unit)));
        }
    }

    private void tick() {
        try {
            synchronized (this) {
                while (!closed) {
                    wait(painted ? MILLIS_ON_A_TERMINAL : MILLIS_IN_A_LOG);
                    if (!closed) {
                        show();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show() {
        List<String> now = new ArrayList<>();
        if (total == 0) {
            now.add("looking: " + Figures.count(looked, "file"));
        } else {
            now.add(state());
        }
        if (!painted) {
            terminal.note("ptsanitize: " + now.get(0));
            terminal.err().flush();
            return;
        }
        inWork.stream().limit(NAMES).forEach(name -> now.add("  " + name));
        if (inWork.size() > NAMES) {
            now.add("  and " + (inWork.size() - NAMES) + " more");
        }
        erase();
        for (String line : now) {
            String shown = Escaped.text(line);
            terminal.note(shown.length() > WIDTH ? shown.substring(0, WIDTH - 1) + "…" : shown);
        }
        terminal.err().flush();
        lines = now.size();
    }

    private String state() {
        double seconds = (System.nanoTime() - started) / 1e9;
        long now = Math.min(bytes, bytesDone + underWay.getAsLong());
        String text = Figures.grouped(done) + " of " + Figures.count(total, "file") + ", " + Figures.size(now) + " of "
                + Figures.size(bytes) + ", " + Figures.size((long) (now / Math.max(seconds, 0.001))) + "/s";
        boolean telling = seconds > SECONDS_TO_GUESS && now > bytes / 1_000 && now < bytes;
        if (telling) {
            text += ", " + duration((long) (seconds * (bytes - now) / now)) + " left";
        }
        return failed == 0 ? text : text + ", " + Figures.grouped(failed) + " failed";
    }

    /** Two units at most: 3 h 20 min, 12 min, 5 s. */
    static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        if (minutes < 60) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        return hours < 48 ? hours + " h " + minutes % 60 + " min" : hours / 24 + " d " + hours % 24 + " h";
    }

    /** Takes away what was painted last. */
    private void erase() {
        if (lines > 0) {
            terminal.err().print("\u001b[" + lines + "A\r\u001b[J");
            lines = 0;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        erase();
        terminal.err().flush();
    }
}
