package org.ptsanitize.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.migrate.FileChoice;
import org.ptsanitize.converter.migrate.Migration;
import org.ptsanitize.converter.migrate.MigrationOptions;
import org.ptsanitize.converter.migrate.MigrationResult;
import org.ptsanitize.converter.migrate.Outcome;
import org.ptsanitize.converter.migrate.Source;
import org.ptsanitize.converter.migrate.UnitRecord;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ptsanitize migrate SRC… --out DST}. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        customSynopsis = "ptsanitize migrate SRC... --out DST [OPTION...]",
        description = {
            "",
            "Converts every checkpoint below SRC into the same place below DST, several at a time. What is a checkpoint",
            "is decided by the bytes. A file that fails does not stop the others; the same command, run again, does",
            "what is left.",
            ""
        },
        footerHeading = "%nExit codes: ",
        footer = {
            "0 done, 2 a file failed, 3 no checkpoints found, 4 usage, 5 the run could not go on,",
            "130 interrupted."
        })
final class MigrateCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;
    private static final long SECONDS_TO_STOP = 20;

    private final Terminal terminal;

    @Parameters(arity = "0..*", paramLabel = "SRC", description = "Folders to look through, or files.")
    private List<Path> sources = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DST", description = "The folder that gets the outputs.")
    private @Nullable Path out;

    @Option(names = "--in-place", description = "Write each output beside its source instead.")
    private boolean inPlace;

    @Option(names = "--to", paramLabel = "FORMAT", description = "safetensors (default) or pt.")
    private @Nullable String to;

    @Option(names = "--suffix", paramLabel = "TEXT", description = "Put TEXT before the ending of every output's name.")
    private String suffix = "";

    @Option(names = "-j", paramLabel = "N", description = "Convert N files at a time (as many as there are cores).")
    private @Nullable Integer workers;

    @Option(
            names = "--from-file",
            paramLabel = "LIST",
            description =
                    "Also the files and folders that LIST names, one a line or NUL-separated; - is standard input.")
    private @Nullable String list;

    @Option(names = "--only-files", paramLabel = "GLOB", description = "Only checkpoints whose name matches.")
    private List<String> onlyFiles = new ArrayList<>();

    @Option(
            names = "--skip-files",
            paramLabel = "GLOB",
            description = "No files whose name matches; wins over --only-files.")
    private List<String> skipFiles = new ArrayList<>();

    @Option(names = "--skip-dirs", paramLabel = "GLOB", description = "Do not enter folders whose name matches.")
    private List<String> skipFolders = new ArrayList<>();

    @Option(names = "--max-file-size", paramLabel = "SIZE", description = "Leave larger files alone: 500MB, 20GB.")
    private @Nullable String maxFileSize;

    @Option(
            names = "--copy-others",
            description = "Copy files that are no checkpoints too, such as config.json and tokenizers.")
    private boolean copyOthers;

    @Option(
            names = "--replace",
            description = "Remove each source once its output is verified, on the disk and in the journal.")
    private boolean replace;

    @Option(names = "--dry-run", description = "Say what would be done; write nothing.")
    private boolean dryRun;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write what became of every file: .jsonl for programs, .html for people; repeatable.")
    private List<Path> reports = new ArrayList<>();

    @Option(
            names = "--progress",
            paramLabel = "WHEN",
            description = "Show progress: auto (default: as it fits the terminal or log), always, never.")
    private When progress = When.AUTO;

    @Mixin
    private final Verbosity verbosity = new Verbosity();

    @ArgGroup(validate = false, heading = "%nWhat is kept of each, and under which names:%n")
    private ConversionOptions conversion = new ConversionOptions();

    @ArgGroup(validate = false, heading = "%nHow each input is read:%n")
    private ReadOptions reading = new ReadOptions();

    MigrateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        MigrationOptions options = options();
        MigrationReports reporting = new MigrationReports(reports);
        reporting.check();
        MigrationResult result;
        try (Progress meter = Progress.start(terminal, progress, verbosity)) {
            Migration migration = new Migration(options, meter);
            meter.watch(migration::bytesUnderWay);
            result = run(migration);
        }
        if (result.stopped()) {
            return INTERRUPTED;
        }
        reporting.write(result);
        if (!verbosity.isQuiet()) {
            MigrationSummary.lines(result, options).forEach(terminal::result);
        }
        return code(result).code();
    }

    /** Runs it so that an interrupt ends it in an orderly way. */
    private MigrationResult run(Migration migration) throws IOException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread interrupt = new Thread(() -> stop(migration, ended), "interrupt");
        Runtime.getRuntime().addShutdownHook(interrupt);
        try {
            return migration.run();
        } finally {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(interrupt);
            } catch (IllegalStateException e) {
                // The program is ending: the hook is at work.
            }
        }
    }

    private void stop(Migration migration, CountDownLatch ended) {
        migration.stop();
        try {
            if (!ended.await(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                terminal.error("some work does not end; what it leaves is removed by the next run");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        terminal.error(
                dryRun
                        ? "interrupted"
                        : "interrupted; what is finished stays, and the same command goes on from there");
        terminal.flush();
    }

    private static ExitCode code(MigrationResult result) {
        boolean failed = result.units().stream()
                .anyMatch(unit -> unit.outcome() == Outcome.FAILED
                        || unit.outcome() == Outcome.CONVERTED && !unit.reason().isEmpty());
        if (failed) {
            return ExitCode.REJECTED;
        }
        long checkpoints =
                result.units().stream().filter(MigrateCommand::isOutput).count();
        return checkpoints == 0 ? ExitCode.NOTHING : ExitCode.OK;
    }

    private static boolean isOutput(UnitRecord unit) {
        return unit.outcome() == Outcome.CONVERTED
                || unit.outcome() == Outcome.PLANNED && !unit.container().isEmpty();
    }

    private MigrationOptions options() throws IOException {
        OutputFormat format = format();
        List<Source> from = sources();
        ConvertOptions each = conversion.builder(format, reading).dryRun(dryRun).build();
        MigrationOptions.Builder builder = MigrationOptions.builder(from, home(from))
                .conversion(format, each)
                .inPlace(inPlace)
                .suffix(suffix)
                .files(new FileChoice(onlyFiles, skipFiles, skipFolders, largest()))
                .copyOthers(copyOthers)
                .replace(replace)
                .version(new Version().getVersion()[0]);
        if (workers != null) {
            builder.workers(workers);
        }
        return builder.build();
    }

    private long largest() {
        return maxFileSize == null ? Long.MAX_VALUE : Sizes.parse("--max-file-size", maxFileSize);
    }

    private OutputFormat format() {
        return to == null ? OutputFormat.SAFETENSORS : OutputFormat.named("--to", to);
    }

    private List<Source> sources() throws IOException {
        List<Source> all = new ArrayList<>(Source.of(sources));
        if (list != null) {
            all.addAll(Source.listed(listed(list)));
        }
        if (all.isEmpty() && list == null) {
            throw new IllegalArgumentException("name a folder to migrate, or a list of files with --from-file");
        }
        for (Source source : all) {
            if (!Files.exists(source.path())) {
                throw new NoSuchFileException(source.path().toString());
            }
        }
        return all;
    }

    private static List<Path> listed(String list) throws IOException {
        byte[] bytes = list.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(list));
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<Path> paths = new ArrayList<>();
        for (String name : text.split(text.indexOf('\0') >= 0 ? "\0" : "\r?\n", -1)) {
            if (!name.isEmpty()) {
                try {
                    paths.add(Path.of(name));
                } catch (InvalidPathException e) {
                    throw new IllegalArgumentException("--from-file " + list + ": no path: " + name, e);
                }
            }
        }
        return paths;
    }

    /** The folder that gets the outputs and the journal. */
    private Path home(List<Source> from) throws IOException {
        if (inPlace) {
            if (out != null) {
                throw new IllegalArgumentException("--in-place and --out exclude each other");
            }
            if (list != null
                    || from.size() != 1
                    || !Files.isDirectory(from.get(0).path())) {
                throw new IllegalArgumentException("--in-place takes one folder");
            }
            return from.get(0).path();
        }
        if (out == null) {
            throw new IllegalArgumentException("say where the outputs go: --out DST, or --in-place");
        }
        if (Files.exists(out)) {
            if (!Files.isDirectory(out)) {
                throw new IllegalArgumentException("--out " + out + ": is a file");
            }
            Path home = out.toRealPath();
            for (Source source : from) {
                if (source.path().toRealPath().startsWith(home)) {
                    throw new IllegalArgumentException(source.path() + ": lies in the folder of outputs " + out
                            + "; choose another, or --in-place");
                }
            }
        }
        return out;
    }
}
