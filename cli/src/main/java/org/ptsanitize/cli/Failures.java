package org.ptsanitize.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileAlreadyExistsException;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.Reason;
import org.ptsanitize.converter.convert.StrictException;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.formats.bytes.FileFormatException;

/** One line and one exit code for everything that can go wrong. The only place that chooses the code. */
final class Failures {
    private static final int LONGEST = 1_000;

    private Failures() {}

    static int report(Throwable failure, Terminal terminal, boolean verbose) {
        if (verbose) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            trace.toString().lines().forEach(line -> terminal.note(Escaped.text(line.replace("\t", "    "))));
        }
        return report(failure, "", terminal);
    }

    /**
     * One line about a failure that does not say itself which file it was.
     *
     * @param file name of the file; empty if there is none or it is one of several
     */
    static int report(Throwable failure, String file, Terminal terminal) {
        String text = file.isEmpty() ? Reason.of(failure) : file + ": " + Reason.of(failure);
        terminal.error(Escaped.text(text, LONGEST));
        return code(failure).code();
    }

    private static ExitCode code(Throwable failure) {
        if (failure instanceof FileFormatException) {
            return ExitCode.REJECTED;
        }
        if (failure instanceof StrictException) {
            return ExitCode.FINDINGS;
        }
        if (failure instanceof NothingToConvertException) {
            return ExitCode.NOTHING;
        }
        if (failure instanceof IllegalArgumentException || failure instanceof FileAlreadyExistsException) {
            return ExitCode.USAGE;
        }
        return ExitCode.IO;
    }
}
