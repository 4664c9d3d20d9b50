package org.ptsanitize.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.inspect.InspectOptions;
import org.ptsanitize.converter.inspect.InspectedTensor;
import org.ptsanitize.converter.inspect.Inspection;
import org.ptsanitize.converter.inspect.InspectionJson;
import org.ptsanitize.converter.inspect.Inspector;
import org.ptsanitize.converter.report.Escaped;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ptsanitize inspect FILE}. */
@Command(
        name = "ptsanitize inspect",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        customSynopsis = "ptsanitize inspect [OPTIONS] FILE",
        description = {
            "",
            "Shows what is inside a checkpoint, from its pickles and headers alone: no tensor is read.",
            "FILE may be of any kind that can be read, also a shard index or a folder.",
            ""
        },
        footerHeading = "%nExit codes: ",
        footer = {"0 shown, 2 it cannot be converted (what is sound is shown, and why it stops), 4 usage, 5 I/O error."
        })
final class InspectCommand implements Callable<Integer> {
    private static final int DEPTH = 3;
    private static final int ENTRIES = 12;

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "FILE", description = "The checkpoint. It is never changed.")
    private Path input = Path.of("");

    @Option(names = "--tensors", description = "A table of the tensors.")
    private boolean tensors;

    @Option(
            names = "--sort",
            paramLabel = "BY",
            description = "Order of that table: file (default), name, size or dtype.")
    private @Nullable TensorOrder sort;

    @Option(names = "--top", paramLabel = "N", description = "Only the first N tensors; by size without --sort.")
    private @Nullable Integer top;

    @Option(names = "--globals", description = "A table of the classes and functions that it names.")
    private boolean globals;

    @Option(names = "--pickle", description = "The opcodes of its pickles, with their offsets.")
    private boolean pickle;

    @Option(
            names = "--at",
            paramLabel = "PATH",
            description = "Only the opcodes around the one that makes the value at PATH of the tree.")
    private @Nullable String at;

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "Levels of the tree that are unfolded (on a terminal 3, else all).")
    private @Nullable Integer depth;

    @Option(
            names = "--entries",
            paramLabel = "N",
            description = "Entries of each container that are shown (on a terminal 12, else all).")
    private @Nullable Integer entries;

    @Option(names = "--format", paramLabel = "FORMAT", description = "What to print: text (default) or json.")
    private PrintFormat format = PrintFormat.TEXT;

    @Mixin
    private final ColorOption color = new ColorOption();

    @Mixin
    private final Verbosity verbosity = new Verbosity();

    @ArgGroup(validate = false, heading = "%nHow the input is read:%n")
    private ReadOptions reading = new ReadOptions();

    InspectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        checkUsage();
        InspectOptions options = new InspectOptions(reading.policy(), reading.limits(), reading.tempDirectory());
        if (pickle) {
            try (Lines lines = new Lines(terminal)) {
                new Inspector(options).listPickles(input, Optional.ofNullable(at), lines);
            }
            return ExitCode.OK.code();
        }
        Inspection inspection = new Inspector(options).inspect(input);
        if (verbosity.isQuiet()) {
            // The exit code tells.
        } else if (format == PrintFormat.JSON) {
            InspectionJson.write(inspection, terminal.outWriter());
        } else {
            try (Lines lines = new Lines(terminal)) {
                show(inspection, lines);
            }
        }
        return (inspection.stops().isEmpty() ? ExitCode.OK : ExitCode.REJECTED).code();
    }

    private void checkUsage() {
        atLeastOne("--top", top);
        atLeastOne("--depth", depth);
        atLeastOne("--entries", entries);
        if (!tensors && (sort != null || top != null)) {
            throw new IllegalArgumentException("--sort and --top are for --tensors");
        }
        if (at != null && !pickle) {
            throw new IllegalArgumentException("--at is for --pickle");
        }
        if (pickle && (tensors || globals || format == PrintFormat.JSON)) {
            throw new IllegalArgumentException("--pickle stands alone");
        }
        if (format == PrintFormat.JSON && (tensors || globals || depth != null || entries != null)) {
            throw new IllegalArgumentException("--format json always holds everything");
        }
    }

    private static void atLeastOne(String option, @Nullable Integer number) {
        if (number != null && number < 1) {
            throw new IllegalArgumentException(option + " " + number + ": at least 1");
        }
    }

    private void show(Inspection inspection, Lines lines) {
        Style style = color.style(terminal);
        InspectText text = new InspectText(inspection, style);
        if (tensors) {
            text.tensorTable(chosen(inspection.tensors()), terminal.width()).forEach(lines);
        }
        if (globals) {
            text.globalTable(terminal.width()).forEach(lines);
        }
        if (tensors || globals) {
            if (!inspection.stops().isEmpty()) {
                terminal.error(Escaped.text(inspection.stops()));
            }
            return;
        }
        text.summary().forEach(lines);
        if (inspection.root().isPresent()) {
            lines.accept("");
            boolean interactive = terminal.isInteractive();
            new TreeText(
                            style,
                            terminal.width(),
                            depth != null ? depth : interactive ? DEPTH : Integer.MAX_VALUE,
                            entries != null ? entries : interactive ? ENTRIES : Integer.MAX_VALUE - 1,
                            lines)
                    .print(inspection.root().get());
        }
    }

    private List<InspectedTensor> chosen(List<InspectedTensor> all) {
        TensorOrder order = sort != null ? sort : top != null ? TensorOrder.SIZE : TensorOrder.FILE;
        List<InspectedTensor> sorted = order.sorted(all);
        return top == null ? sorted : sorted.subList(0, Math.min(top, sorted.size()));
    }
}
