package org.ptsanitize.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.StrictException;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.formats.bytes.FileFormatException;

/** One line and one exit code for everything that can go wrong. The only place that chooses them. */
final class Failures {
    private static final int LONGEST = 1_000;

    private Failures() {}

    static int report(Throwable failure, Terminal terminal, boolean verbose) {
        if (verbose) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            trace.toString().lines().forEach(line -> terminal.note(Escaped.text(line.replace("\t", "    "))));
        }
        terminal.error(Escaped.text(message(failure), LONGEST));
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

    private static String message(Throwable failure) {
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + ": " + (missing.getReason() == null ? "no such file" : missing.getReason());
        }
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (failure instanceof FileSystemException system) {
            return system.getFile() + ": " + (system.getReason() == null ? "cannot be used" : system.getReason());
        }
        if (failure instanceof OutOfMemoryError) {
            return "needs more memory than the heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB; give it more with PTSANITIZE_JAVA_OPTS=-Xmx…";
        }
        String text = failure.getMessage();
        boolean told = failure instanceof IOException
                || failure instanceof IllegalArgumentException
                || failure instanceof NothingToConvertException
                || failure instanceof StrictException;
        return told && text != null ? text : "internal error, please report it with the output of -v: " + failure;
    }
}
