package org.ptsanitize.cli;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.NothingToConvertException;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.convert.StrictException;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.policy.PolicyFile;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.JsonReport;
import org.ptsanitize.converter.report.Summary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ptsanitize INPUT OUTPUT}. */
@Command(
        name = "ptsanitize",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 110,
        synopsisHeading = "Usage: ",
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

    @Option(
            names = "--member",
            paramLabel = "NAME",
            description = "Of a file that holds several checkpoints, only this one, as if it were a file of its own.")
    private @Nullable String member;

    @Option(
            names = "--select",
            paramLabel = "PATH",
            description = "Only the subtree at PATH, without that prefix; '.' is the root as it is.")
    private @Nullable String select;

    @Option(names = "--weights", description = "Only the model's weights; training state is left out.")
    private boolean weights;

    @Option(names = "--include", paramLabel = "GLOB", description = "Only tensors whose name matches.")
    private List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "No tensors whose name matches; wins over --include.")
    private List<String> exclude = new ArrayList<>();

    @Option(names = "--strip-prefix", paramLabel = "PREFIX", description = "Take PREFIX off names that begin with it.")
    private List<String> stripPrefixes = new ArrayList<>();

    @Option(
            names = "--rename",
            paramLabel = "REGEX=REPLACEMENT",
            description = "Replace in every name, in the order given (RE2 syntax, $1 for a group).")
    private List<String> renames = new ArrayList<>();

    @Option(
            names = "--tied",
            paramLabel = "MODE",
            description = "Names of one tensor: duplicate writes each (default), dedupe one and records the others.")
    private ConvertOptions.Tied tied = ConvertOptions.Tied.DUPLICATE;

    @Option(
            names = "--metadata",
            paramLabel = "MODE",
            description = "all (default) keeps everything that is no tensor, none only the tensors, flat.")
    private ConvertOptions.Metadata metadata = ConvertOptions.Metadata.ALL;

    @Option(names = "--share", description = "For publishing: --weights and --metadata none.")
    private boolean share;

    @Option(
            names = "--on-collision",
            paramLabel = "MODE",
            description = "Two tensors of one name: error (default), or suffix keeps both.")
    private ConvertOptions.OnCollision onCollision = ConvertOptions.OnCollision.ERROR;

    @Option(
            names = "--max-shard-size",
            paramLabel = "SIZE",
            description = "Split a larger safetensors output: 5GB, 500MB (powers of ten), and write an index.")
    private @Nullable String maxShardSize;

    @Option(names = "--keep-parameters", description = "In a .pt, mark what was an nn.Parameter as one.")
    private boolean keepParameters;

    @Option(
            names = "--keep-attributes",
            description = "Also write tensors that hang on modules outside their state_dict().")
    private boolean keepAttributes;

    @Option(
            names = "--allow",
            paramLabel = "GLOBAL",
            description = "Write this class back to a .pt as it was, for torch's safe_globals().")
    private List<String> allow = new ArrayList<>();

    @Option(names = "--policy", paramLabel = "FILE", description = "Allowed classes, as JSON.")
    private @Nullable Path policyFile;

    @Option(names = "--strict", description = "Refuse the file if anything would be dropped or stubbed.")
    private boolean strict;

    @Option(names = "--no-verify", negatable = false, description = "Do not read the output back before it appears.")
    private boolean noVerify;

    @Option(names = "--force", description = "Replace an existing OUTPUT.")
    private boolean force;

    @Option(names = "--dry-run", description = "Say what would be written; write nothing.")
    private boolean dryRun;

    @Option(
            names = "--report",
            paramLabel = "FILE.json",
            description = "Write everything that was kept, changed and dropped.")
    private @Nullable Path report;

    @Option(names = "--format", paramLabel = "FORMAT", description = "What to print: text (default) or json.")
    private PrintFormat format = PrintFormat.TEXT;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print nothing but errors.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print more, and stack traces of errors.")
    private boolean verbose;

    @Option(names = "--temp-dir", paramLabel = "DIR", description = "Where compressed members are unpacked.")
    private @Nullable Path tempDirectory;

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    /** How results are printed. */
    enum PrintFormat {
        TEXT,
        JSON
    }

    ConvertCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    boolean isVerbose() {
        return verbose;
    }

    @Override
    public Integer call() throws IOException, NothingToConvertException, StrictException {
        OutputFormat outputFormat = outputFormat();
        if (maxShardSize != null && outputFormat != OutputFormat.SAFETENSORS) {
            throw new IllegalArgumentException("--max-shard-size is for safetensors outputs");
        }
        Path target = target(outputFormat);
        checkReport(target);
        try {
            Conversion conversion = new Converter(options()).convert(input, target, outputFormat);
            tell(conversion);
            return ExitCode.OK.code();
        } catch (NothingToConvertException e) {
            terminal.error(Escaped.text(input + ": " + e.getMessage()));
            return ExitCode.NOTHING.code();
        } catch (StrictException e) {
            terminal.error(Escaped.text(input + ": " + e.getMessage()));
            return ExitCode.FINDINGS.code();
        }
    }

    private void tell(Conversion conversion) throws IOException {
        if (report != null) {
            StringWriter text = new StringWriter();
            JsonReport.write(conversion, text);
            Files.writeString(report, text.toString());
        }
        if (quiet) {
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
        if (verbose) {
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
        if (!report.toString().toLowerCase(Locale.ROOT).endsWith(".json")) {
            throw new IllegalArgumentException("--report " + report + ": the name must end in .json");
        }
        if (isSame(report, input) || isSame(report, target)) {
            throw new IllegalArgumentException(
                    "--report " + report + ": is the " + (isSame(report, input) ? "input" : "output") + " itself");
        }
        Path folder = report.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(String.valueOf(folder), null, "no such folder");
        }
        if (Files.isDirectory(report)) {
            throw new IllegalArgumentException("--report " + report + ": is a directory");
        }
    }

    private static boolean isSame(Path one, Path other) throws IOException {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())
                || Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    }

    private OutputFormat outputFormat() {
        if (to != null) {
            for (OutputFormat candidate : OutputFormat.values()) {
                if (candidate.text().equals(to)) {
                    return candidate;
                }
            }
            throw new IllegalArgumentException("--to " + to + ": write safetensors or pt");
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

    private ConvertOptions options() throws IOException {
        ConvertOptions.Builder builder = ConvertOptions.builder()
                .policy(policy())
                .limits(limits.limits())
                .weights((weights || share) && select == null)
                .include(include)
                .exclude(exclude)
                .stripPrefixes(stripPrefixes)
                .renames(renames())
                .tied(tied)
                .metadata(share ? ConvertOptions.Metadata.NONE : metadata)
                .onCollision(onCollision)
                .keepParameters(keepParameters)
                .keepAttributes(keepAttributes)
                .strict(strict)
                .verify(!noVerify)
                .force(force)
                .dryRun(dryRun);
        if (weights && select != null) {
            throw new IllegalArgumentException("--weights and --select exclude each other");
        }
        if (select != null) {
            builder.select(select);
        }
        if (member != null) {
            builder.member(member);
        }
        if (maxShardSize != null) {
            builder.maxShardSize(Sizes.parse("--max-shard-size", maxShardSize));
        }
        if (tempDirectory != null) {
            builder.tempDirectory(tempDirectory);
        }
        return builder.build();
    }

    private Policy policy() throws IOException {
        Policy policy = Policy.standard();
        if (policyFile != null) {
            policy = PolicyFile.read(policyFile, policy);
        }
        for (String global : allow) {
            policy = policy.allowing(global);
        }
        return policy;
    }

    private List<ConvertOptions.Rename> renames() {
        List<ConvertOptions.Rename> parsed = new ArrayList<>();
        for (String rename : renames) {
            int equals = rename.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("--rename " + rename + ": write REGEX=REPLACEMENT");
            }
            try {
                parsed.add(new ConvertOptions.Rename(
                        Pattern.compile(rename.substring(0, equals)), rename.substring(equals + 1)));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("--rename " + rename + ": " + e.getDescription(), e);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--rename " + rename + ": " + e.getMessage(), e);
            }
        }
        return parsed;
    }
}
