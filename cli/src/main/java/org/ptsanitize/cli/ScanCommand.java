package org.ptsanitize.cli;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.report.Severity;
import org.ptsanitize.converter.scan.Baseline;
import org.ptsanitize.converter.scan.ScanJson;
import org.ptsanitize.converter.scan.ScanOptions;
import org.ptsanitize.converter.scan.ScanReport;
import org.ptsanitize.converter.scan.ScanSarif;
import org.ptsanitize.converter.scan.ScanText;
import org.ptsanitize.converter.scan.Scanner;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ptsanitize scan PATH…}. */
@Command(
        name = "scan",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "",
            "Tells which files would run code when they are loaded. Looks into every pickle, wherever it hides; runs",
            "nothing and reads no tensors. Of a folder every file is looked at, whatever its name.",
            ""
        },
        footerHeading = "%nExit codes: ",
        footer = {
            "0 clean, 1 found something at or above --fail-on, 2 a file could not be scanned to its end",
            "(and nothing was found in the others), 4 usage, 130 interrupted."
        })
final class ScanCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files, and folders with everything below them.")
    private List<Path> paths = new ArrayList<>();

    @Option(names = "--format", paramLabel = "FORMAT", description = "What to print: text (default), json or sarif.")
    private Format format = Format.TEXT;

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            description = "The least severity that ends with 1: critical, high (default), medium or info.")
    private Severity failOn = Severity.HIGH;

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description = "The findings in this report of an earlier scan (--format json) are known and do not count.")
    private @Nullable Path baseline;

    @Option(names = "-j", paramLabel = "N", description = "Files at a time (as many as processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private final Verbosity verbosity = new Verbosity();

    @ArgGroup(validate = false, heading = "%nHow files are read:%n")
    private ReadOptions reading = new ReadOptions();

    /** How results are printed. */
    enum Format {
        TEXT,
        JSON,
        SARIF
    }

    ScanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (threads < 1) {
            throw new IllegalArgumentException("-j " + threads + ": at least 1 expected");
        }
        ScanOptions options = new ScanOptions(reading.policy(), reading.limits(), reading.tempDirectory(), threads);
        Baseline known = baseline == null ? Baseline.NONE : Baseline.read(baseline);
        boolean print = format == Format.TEXT && !verbosity.isQuiet();
        ScanReport report = new Scanner(options).scan(paths, known, (file, sums) -> {
            if (print) {
                ScanText.lines(file, sums, verbosity.isVerbose()).forEach(terminal::result);
            }
        });
        tell(report);
        return code(report).code();
    }

    private void tell(ScanReport report) throws IOException {
        if (format == Format.TEXT) {
            if (!verbosity.isQuiet()) {
                terminal.result(ScanText.sum(report));
            }
            return;
        }
        StringWriter text = new StringWriter();
        if (format == Format.JSON) {
            ScanJson.write(report, text);
        } else {
            ScanSarif.write(report, baseline != null, text);
        }
        terminal.result(text.toString().stripTrailing());
    }

    /** What was found is certain, however much could not be looked at. */
    private ExitCode code(ScanReport report) {
        if (report.has(failOn)) {
            return ExitCode.FINDINGS;
        }
        return report.unfinished() > 0 ? ExitCode.REJECTED : ExitCode.OK;
    }
}
