package org.ptsanitize.cli;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.naming.NameOptions;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.verify.TensorDigests;
import org.ptsanitize.converter.verify.Verification;
import org.ptsanitize.converter.verify.VerificationReport;
import org.ptsanitize.converter.verify.Verifier;
import org.ptsanitize.converter.verify.VerifyOptions;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ptsanitize verify A B}. */
@Command(
        name = "ptsanitize verify",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        customSynopsis = {
            "ptsanitize verify [OPTIONS] A B",
            "       ptsanitize verify [OPTIONS] A --digests FILE",
            "       ptsanitize verify [OPTIONS] B --against FILE"
        },
        description = {
            "",
            "Proves that B holds exactly the tensors of A: names, dtypes, shapes and bytes. Both may be of any kind",
            "that can be read, folders included. What a conversion did to names and forms is read from B.",
            ""
        },
        footerHeading = "%nExit codes: ",
        footer = {
            "0 the same, 1 different, 2 one of the files cannot be read, 4 usage, 5 the digests cannot be written,",
            "130 interrupted."
        })
final class VerifyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "A", description = "The original; with --against, the file to check.")
    private Path first = Path.of("");

    @Parameters(index = "1", arity = "0..1", paramLabel = "B", description = "The file to check.")
    private @Nullable Path second;

    @Option(
            names = "--digests",
            paramLabel = "FILE",
            description = "Write a SHA-256 of each tensor of A, to check B later without A.")
    private @Nullable Path digests;

    @Option(names = "--against", paramLabel = "FILE", description = "Check a file against such digests.")
    private @Nullable Path against;

    @Option(names = "--force", description = "Replace an existing file of digests.")
    private boolean force;

    @Option(names = "--format", paramLabel = "FORMAT", description = "What to print: text (default) or json.")
    private PrintFormat format = PrintFormat.TEXT;

    @Mixin
    private final ColorOption color = new ColorOption();

    @Mixin
    private final Verbosity verbosity = new Verbosity();

    @ArgGroup(validate = false, heading = "%nWhat B was made to hold, where B does not tell itself:%n")
    private NamingOptions naming = new NamingOptions();

    @ArgGroup(validate = false, heading = "%nHow the inputs are read:%n")
    private CostOptions cost = new CostOptions();

    VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        checkUsage();
        VerifyOptions options = options();
        Verifier verifier = new Verifier(options);
        ExitCode code;
        Optional<TensorDigests> taken;
        try {
            code = compare(verifier, options);
            taken = digests != null && code == ExitCode.OK ? Optional.of(verifier.digests(first)) : Optional.empty();
        } catch (IOException e) {
            Failures.report(e, terminal, verbosity.isVerbose());
            return ExitCode.REJECTED.code();
        }
        if (digests != null && taken.isPresent()) {
            write(taken.get(), digests);
        }
        return code.code();
    }

    private void checkUsage() throws IOException {
        if (against != null && (second != null || digests != null)) {
            throw new IllegalArgumentException("--against FILE checks one file and writes no digests");
        }
        if (against == null && second == null && digests == null) {
            throw new IllegalArgumentException("name a second file, --digests FILE or --against FILE");
        }
        if (digests != null) {
            checkDigests(new SideFile("--digests", digests));
        }
    }

    private void checkDigests(SideFile file) throws IOException {
        file.checkIsNot(first, "original");
        if (second != null) {
            file.checkIsNot(second, "file to check");
        }
        file.check();
        if (Files.exists(file.path()) && !force) {
            throw new FileAlreadyExistsException(file.path().toString(), null, "exists already; --force replaces it");
        }
    }

    private ExitCode compare(Verifier verifier, VerifyOptions options) throws IOException {
        if (against != null) {
            return tell(verifier.verify(read(against, options), against.toString(), first));
        }
        return second == null ? ExitCode.OK : tell(verifier.verify(first, second));
    }

    private ExitCode tell(Verification result) throws IOException {
        if (!verbosity.isQuiet()) {
            if (format == PrintFormat.JSON) {
                terminal.result(VerificationReport.json(result));
            } else {
                show(result);
            }
        }
        return result.isSame() ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private void show(Verification result) {
        Style style = color.style(terminal);
        try (Lines lines = new Lines(terminal)) {
            for (String line : VerificationReport.lines(result, verbosity.isVerbose())) {
                lines.accept(
                        line.startsWith("same ")
                                ? style.good(line)
                                : line.startsWith("different ") ? style.bad(line) : line);
            }
        }
    }

    private static TensorDigests read(Path file, VerifyOptions options) throws IOException {
        try (Reader text = Files.newBufferedReader(file)) {
            return TensorDigests.read(text, new Budget(options.limits()));
        } catch (FileFormatException e) {
            throw e.in(file.toString());
        }
    }

    private void write(TensorDigests taken, Path file) throws IOException {
        StandardOpenOption how = force ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW;
        try (Writer text = Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING, how)) {
            taken.write(text);
        }
        if (!verbosity.isQuiet()) {
            terminal.note("wrote " + Escaped.text(file.toString()) + "  " + taken.size() + " digests");
        }
    }

    private VerifyOptions options() {
        naming.checkSelection();
        VerifyOptions.Builder builder = VerifyOptions.builder()
                .weights(naming.weights())
                .naming(new NameOptions(
                        naming.include(), naming.exclude(), naming.stripPrefixes(), naming.renames(), false))
                .keepAttributes(naming.keepAttributes())
                .limits(cost.limits());
        naming.select().ifPresent(builder::select);
        cost.tempDirectory().ifPresent(builder::tempDirectory);
        return builder.build();
    }
}
