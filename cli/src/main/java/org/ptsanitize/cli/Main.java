package org.ptsanitize.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.report.Escaped;
import picocli.CommandLine;

/** The program. Its {@link #run} does everything but ending the JVM, so that tests need no exit trap. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        ResultStream results = new ResultStream(new FileOutputStream(FileDescriptor.out));
        PrintStream out = utf8(results);
        PrintStream err = utf8(new FileOutputStream(FileDescriptor.err));
        int code = run(out, err, args);
        out.flush();
        err.flush();
        System.exit(code == ExitCode.IO.code() && results.isUnread() ? ExitCode.OK.code() : code);
    }

    private static PrintStream utf8(OutputStream stream) {
        return new PrintStream(stream, false, StandardCharsets.UTF_8);
    }

    /** Runs one command line and returns its exit code. */
    public static int run(PrintStream out, PrintStream err, String... args) {
        Terminal terminal = new Terminal(out, err);
        Commands.Chosen chosen = Commands.choose(terminal, args);
        CommandLine commandLine = chosen.command();
        commandLine.setOut(terminal.outWriter());
        commandLine.setErr(terminal.errWriter());
        commandLine.setParameterExceptionHandler((exception, given) -> {
            terminal.error(firstLine(exception.getMessage()) + "; '" + commandLine.getCommandName()
                    + " --help' lists the options");
            return ExitCode.USAGE.code();
        });
        commandLine.setExecutionExceptionHandler((exception, command, result) -> {
            if (exception instanceof Lines.Unread) {
                return ExitCode.IO.code();
            }
            return Failures.report(exception, terminal, result.hasMatchedOption("-v"));
        });
        int code;
        try {
            code = commandLine.execute(chosen.arguments());
        } catch (OutOfMemoryError | StackOverflowError e) {
            // The limits are there to prevent this; if one is set too high, say so in one line.
            code = Failures.report(e, input(commandLine), terminal);
        }
        if (!terminal.flush() && code == ExitCode.OK.code()) {
            return ExitCode.IO.code();
        }
        return code;
    }

    /** The first file of the command line, if it does not stand for several. */
    private static String input(CommandLine commandLine) {
        return commandLine.getParseResult().matchedPositionals().stream()
                .findFirst()
                .filter(first -> first.stringValues().size() == 1)
                .map(first -> first.stringValues().get(0))
                .orElse("");
    }

    private static String firstLine(@Nullable String message) {
        return Escaped.text(
                message == null ? "wrong usage" : message.lines().findFirst().orElse(message), 400);
    }
}
