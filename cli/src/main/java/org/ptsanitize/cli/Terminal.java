package org.ptsanitize.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Results go to one stream, words for people to another. */
final class Terminal {
    private static final int NARROWEST = 40;
    private static final int USUAL = 100;

    private final PrintStream out;
    private final PrintStream err;

    Terminal(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Whether results go to a terminal: the launcher knows. */
    boolean isInteractive() {
        return Boolean.getBoolean("ptsanitize.terminal");
    }

    /** Whether the user wants no colours, by the convention of no-color.org. */
    boolean refusesColour() {
        String wish = System.getenv("NO_COLOR");
        return wish != null && !wish.isEmpty();
    }

    /** Columns of a terminal; elsewhere lines may be of any length. */
    int width() {
        if (!isInteractive()) {
            return Integer.MAX_VALUE;
        }
        String columns = System.getenv("COLUMNS");
        boolean told = columns != null && columns.matches("[1-9][0-9]{1,4}");
        return told ? Math.max(NARROWEST, Integer.parseInt(columns)) : USUAL;
    }

    /** A line of the result. */
    void result(String line) {
        out.print(line);
        out.print('\n');
    }

    /** A line for the person who watches. */
    void note(String line) {
        err.print(line);
        err.print('\n');
    }

    /** The one line that says what went wrong. */
    void error(String line) {
        note("ptsanitize: " + line);
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    PrintWriter outWriter() {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
    }

    PrintWriter errWriter() {
        return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
    }

    /** Writes what is waiting. Returns false if a result could not be written, as on a full disk. */
    boolean flush() {
        err.flush();
        return !out.checkError();
    }
}
