package org.ptsanitize.cli;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.convert.StrictException;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.report.JsonReport;
import org.ptsanitize.converter.report.ReportForm;
import org.ptsanitize.converter.report.Summary;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ptsanitize INPUT OUTPUT}. */
@Command(
        name = "ptsanitize",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "",
            "Turns a PyTorch checkpoint into a file that is safe to load, without running anything in it.",
            "OUTPUT's ending chooses the format: .safetensors, or .pt (.pth, .ckpt, .bin) for a fresh archive",
            "that torch.load(weights_only=True) accepts. A folder gets the input's name with the right ending.",
            ""
        },
        footerHeading = "%nExit codes: ",
        footer = {
            "0 done, 1 --strict would lose something, 2 input rejected, 3 no tensors,",
            "4 usage, 5 I/O error or failed verification, 130 interrupted."
        })
final class ConvertCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "INPUT", description = "The checkpoint. It is never changed.")
    private Path input = Path.of("");

    @Parameters(index = "1", paramLabel = "OUTPUT", description = "The file to write, or a folder.")
    private Path output = Path.of("");

    @Option(names = "--to", paramLabel = "FORMAT", description = "safetensors or pt, whatever OUTPUT's ending is.")
    private @Nullable String to;

    @Option(names = "--force", description = "Replace an existing OUTPUT.")
    private boolean force;

    @Option(names = "--dry-run", description = "Say what would be written; write nothing.")
    private boolean dryRun;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write everything that was kept, changed and dropped: .json, .html, .sarif, .cdx.json.")
    private @Nullable Path report;

    @Option(names = "--format", paramLabel = "FORMAT", description = "What to print: text (default) or json.")
    private PrintFormat format = PrintFormat.TEXT;

    @Mixin
    private final Verbosity verbosity = new Verbosity();

    @ArgGroup(validate = false, heading = "%nWhat is kept, and under which names:%n")
    private ConversionOptions conversion = new ConversionOptions();

    @ArgGroup(validate = false, heading = "%nHow the input is read:%n")
    private ReadOptions reading = new ReadOptions();

    ConvertCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        OutputFormat outputFormat = outputFormat();
        ConvertOptions options = conversion
                .builder(outputFormat, reading)
                .force(force)
                .dryRun(dryRun)
                .build();
        Path target = target(outputFormat);
        checkReport(target);
        try {
            tell(new Converter(options).convert(input, target, outputFormat));
            return ExitCode.OK.code();
        } catch (NothingToConvertException | StrictException e) {
            return Failures.report(e, input.toString(), terminal);
        }
    }

    private void tell(Conversion conversion) throws IOException {
        if (report != null) {
            try (Writer out = Files.newBufferedWriter(report)) {
                reportForm(report).write(conversion, out);
            }
        }
        if (verbosity.isQuiet()) {
            return;
        }
        if (format == PrintFormat.JSON) {
            StringWriter text = new StringWriter();
            JsonReport.write(conversion, text);
            terminal.result(text.toString().stripTrailing());
            return;
        }
        for (String line : Summary.lines(conversion)) {
            terminal.result(line);
        }
        if (verbosity.isVerbose()) {
            for (String line : Summary.details(conversion)) {
                terminal.result(line);
            }
        }
    }

    /** A report that cannot be written, or that would replace what it tells about, is refused before any work. */
    private void checkReport(Path target) throws IOException {
        if (report == null) {
            return;
        }
        reportForm(report);
        SideFile file = new SideFile("--report", report);
        file.checkIsNot(input, "input");
        file.checkIsNot(target, "output");
        file.check();
    }

    private static ReportForm reportForm(Path report) {
        return ReportForm.ofEnding(report)
                .orElseThrow(() -> new IllegalArgumentException(
                        "--report " + report + ": the name must end in .json, .html, .sarif or .cdx.json"));
    }

    private OutputFormat outputFormat() {
        if (to != null) {
            return OutputFormat.named("--to", to);
        }
        if (Files.isDirectory(output)) {
            return OutputFormat.SAFETENSORS;
        }
        return OutputFormat.ofEnding(output)
                .orElseThrow(() -> new IllegalArgumentException(
                        output + ": the ending tells no format; use .safetensors or .pt, or --to"));
    }

    /** A folder gets the input's name with the ending of the format. */
    private Path target(OutputFormat outputFormat) {
        if (!Files.isDirectory(output)) {
            return output;
        }
        Path name = input.getFileName();
        String whole = name == null ? "checkpoint" : name.toString();
        String index = ".index.json";
        String base = whole.endsWith(index) ? whole.substring(0, whole.length() - index.length()) : whole;
        int dot = base.lastIndexOf('.');
        return output.resolve((dot > 0 ? base.substring(0, dot) : base) + "." + outputFormat.ending());
    }
}
