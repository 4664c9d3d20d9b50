package org.ptsanitize.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/**
 * Measures the program as its users run it: each run is a fresh process of the launcher, in turn with {@code cp} and
 * {@code sync} of the same file and, where there is one, Python with torch. Prints a table and draws how time grows.
 * What it needs on disk it makes before each piece of work and removes after it; a piece for which there is no room, or
 * no command, is left out and named.
 */
public final class Benchmark {
    private static final long GIGA = 1_000_000_000L;
    private static final int TENSORS = 200;
    private static final double DISK_RESERVE = 1.2;

    private final Settings settings;
    private final Table table = new Table();
    private final Path input;
    private final Path output;
    private final Path log;

    private Benchmark(Settings settings) {
        this.settings = settings;
        this.input = settings.folder().resolve("input.pt");
        this.output = settings.folder().resolve("output.safetensors");
        this.log = settings.folder().resolve("output.log");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Settings settings = Settings.fromProperties();
        try {
            new Benchmark(settings).run();
        } finally {
            Work.remove(settings.folder());
        }
    }

    private void run() throws IOException, InterruptedException {
        String machine = Machine.describe(settings.folder());
        System.out.println(machine);
        startUp();
        stateDict("2.4 GB, zip", false, false);
        stateDict("2.4 GB, legacy stream", true, false);
        stateDict("2.4 GB transposed and channels-last, zip", false, true);
        stateDict("2.4 GB transposed and channels-last, legacy stream", true, true);
        manyTensors("20,000 small tensors", 20_000, settings.runs());
        manyTensors("1,000,000 small tensors", 1_000_000, few());
        large("12 GB of zeros, zip", false);
        large("12 GB of zeros, legacy stream", true);
        reading("100 GB of zeros, zip", false);
        reading("100 GB of zeros, legacy stream", true);
        bulk();
        growth();
        String page = table.markdown(machine, settings);
        System.out.println(page);
        Files.createDirectories(settings.docs());
        Files.writeString(settings.docs().resolve("benchmark-results.md"), page);
    }

    private int few() {
        return Math.max(1, settings.runs() / 3);
    }

    private void startUp() throws IOException, InterruptedException {
        if (begin("start-up", 0)) {
            write(Tensors.matrices(2, 100_000), false, Filling.random());
            measure(
                    "start-up",
                    settings.runs(),
                    List.of(
                            settings.tool("--version", output, "--version"),
                            settings.tool("a file of 100 kB", output, input.toString(), output.toString())));
        }
    }

    private void stateDict(String title, boolean legacy, boolean strided) throws IOException, InterruptedException {
        long bytes = settings.bytes(2.4 * GIGA);
        if (!begin(title, 2 * bytes)) {
            return;
        }
        write(strided ? Tensors.strided(TENSORS, bytes) : Tensors.matrices(TENSORS, bytes), legacy, Filling.random());
        List<Competitor> competitors = competitors();
        if (!strided) {
            Path pt = settings.folder().resolve("output.pt");
            competitors.add(settings.tool("to .pt, --no-verify", pt, "--no-verify", input.toString(), pt.toString()));
            competitors.add(settings.tool("to .pt", pt, input.toString(), pt.toString()));
        }
        python(competitors, legacy);
        measure(title, settings.runs(), competitors);
    }

    /** {@code cp}, and the conversion to safetensors without and with the proof. */
    private List<Competitor> competitors() {
        List<Competitor> competitors = new ArrayList<>();
        competitors.add(Competitor.copy(input, settings.folder().resolve("copy.pt")));
        competitors.add(settings.tool(
                "to safetensors, --no-verify", output, "--no-verify", input.toString(), output.toString()));
        competitors.add(settings.tool("to safetensors", output, input.toString(), output.toString()));
        return competitors;
    }

    private void python(List<Competitor> competitors, boolean legacy) {
        Optional<Path> python = settings.python();
        if (python.isPresent()) {
            // torch cannot map the old stream.
            String script = "import sys, os, torch, safetensors.torch\n"
                    + "state = torch.load(sys.argv[1], weights_only=True, mmap=" + (legacy ? "False" : "True") + ")\n"
                    + "state = {name: tensor.contiguous() for name, tensor in state.items()}\n"
                    + "safetensors.torch.save_file(state, sys.argv[2])\n"
                    + "os.fsync(os.open(sys.argv[2], os.O_RDONLY))\n";
            List<String> command = List.of(python.get().toString(), "-c", script, input.toString(), output.toString());
            competitors.add(new Competitor("Python", command, Map.of(), List.of(output)));
        } else {
            table.note("no Python: PTSANITIZE_PYTHON names none with torch and safetensors");
        }
    }

    private void manyTensors(String title, int full, int rounds) throws IOException, InterruptedException {
        int count = settings.count(full);
        if (!begin(title, 1000L * count)) {
            return;
        }
        write(Tensors.small(count), false, Filling.random());
        List<Competitor> competitors = new ArrayList<>();
        competitors.add(Competitor.copy(input, settings.folder().resolve("copy.pt")));
        Path pt = settings.folder().resolve("output.pt");
        competitors.add(
                settings.tool("to safetensors, 1 GiB of heap", "-Xmx1g", output, input.toString(), output.toString()));
        competitors.add(settings.tool("to .pt, 2 GiB of heap", "-Xmx2g", pt, input.toString(), pt.toString()));
        python(competitors, false);
        measure(title, rounds, competitors);
    }

    /** Once each: this is about memory. */
    private void large(String title, boolean legacy) throws IOException, InterruptedException {
        long bytes = settings.bytes(12.0 * GIGA);
        if (begin(title, bytes)) {
            write(Tensors.matrices(TENSORS, bytes), legacy, Filling.zeros());
            measure(title, 1, List.of(settings.tool("to safetensors", output, input.toString(), output.toString())));
        }
    }

    private void reading(String title, boolean legacy) throws IOException, InterruptedException {
        List<Competitor> competitors = new ArrayList<>();
        for (String command : List.of("inspect", "scan")) {
            if (isThere(command)) {
                competitors.add(settings.tool(command, output, command, input.toString()));
            }
        }
        if (!competitors.isEmpty() && begin(title, 0)) {
            write(Tensors.matrices(TENSORS, settings.bytes(100.0 * GIGA)), legacy, Filling.zeros());
            measure(title, settings.runs(), competitors);
        }
    }

    private void bulk() throws IOException, InterruptedException {
        String title = "10,000 files of 100 kB";
        int files = settings.count(10_000);
        if (isThere("migrate") && begin(title, files * 300_000L)) {
            measure(title, few(), bulkOf(files));
        }
    }

    private List<Competitor> bulkOf(int files) throws IOException, InterruptedException {
        Path from = settings.folder().resolve("files");
        Path to = settings.folder().resolve("converted");
        Inputs.folder(from, files, 100_000, Filling.random());
        sync();
        return List.of(
                Competitor.copy(from, to),
                settings.tool("migrate", to, "migrate", from.toString(), "--out", to.toString()));
    }

    /** Whether the program has a command, by what it prints of it. */
    private boolean isThere(String command) throws IOException, InterruptedException {
        Competitor help = settings.tool("help", output, command, "--help");
        Run.measure(help.command(), help.environment(), log);
        boolean there = Files.readString(log).contains("ptsanitize " + command);
        if (!there) {
            table.note("there is no command " + command);
        }
        return there;
    }

    private void growth() throws IOException, InterruptedException {
        grow("bytes", "GB", List.of(0.3, 0.6, 1.2, 2.4), point -> settings.bytes(2 * point * GIGA), point -> {
            write(Tensors.matrices(TENSORS, settings.bytes(point * GIGA)), false, Filling.random());
            return settings.tool("", output, input.toString(), output.toString());
        });
        grow("tensors", "tensors", List.of(1e5, 2.5e5, 5e5, 1e6), point -> settings.bytes(1000 * point), point -> {
            write(Tensors.small(settings.count(point.intValue())), false, Filling.random());
            return settings.tool("", "-Xmx1g", output, input.toString(), output.toString());
        });
        if (isThere("migrate")) {
            grow(
                    "files",
                    "files of 100 kB",
                    List.of(1e3, 2.5e3, 5e3, 1e4),
                    point -> settings.bytes(3e5 * point),
                    point -> bulkOf(settings.count(point.intValue())).get(1));
        }
    }

    /** Makes the input of a point and says what is to be measured. */
    @FunctionalInterface
    private interface Preparation {
        Competitor of(Double point) throws IOException, InterruptedException;
    }

    private void grow(String name, String unit, List<Double> full, ToLongFunction<Double> disk, Preparation preparation)
            throws IOException, InterruptedException {
        List<Plot.Point> points = new ArrayList<>();
        for (double point : full) {
            if (begin("growth with " + name, disk.applyAsLong(point))) {
                Competitor competitor = preparation.of(point);
                Series series =
                        new Work("", List.of(competitor)).run(few(), log).get(0);
                points.add(new Plot.Point(point * settings.size(), series.median()));
                clean();
            }
        }
        if (!points.isEmpty()) {
            Files.createDirectories(settings.docs());
            Path file = settings.docs().resolve("time-by-" + name + ".svg");
            Plot.write(file, "Time against " + name, unit, points);
            table.plot(name, points);
        }
    }

    private void measure(String title, int rounds, List<Competitor> competitors)
            throws IOException, InterruptedException {
        Work work = new Work(title, competitors);
        table.add(title, work.run(rounds, log));
        work.failures().forEach(table::note);
        System.out.println(table.last());
        clean();
    }

    private void write(Tensors tensors, boolean legacy, Filling filling) throws IOException, InterruptedException {
        if (legacy) {
            Inputs.legacy(input, tensors, filling);
        } else {
            Inputs.zip(input, tensors, filling);
        }
        sync();
    }

    /** Has the input on the disk, so that its writing is no part of what is measured. */
    private void sync() throws IOException, InterruptedException {
        Run.measure(List.of("sync"), Map.of(), log);
    }

    /** Whether a piece of work is wanted and there is room for it. */
    private boolean begin(String title, long bytes) throws IOException {
        clean();
        if (!Pattern.compile(settings.only()).matcher(title).find()) {
            return false;
        }
        long free = Files.getFileStore(settings.folder()).getUsableSpace();
        if (free < bytes * DISK_RESERVE + GIGA) {
            table.note(title + ": left out, " + free / GIGA + " GB are free in "
                    + settings.folder().getFileName());
            return false;
        }
        return true;
    }

    private void clean() throws IOException {
        Work.remove(settings.folder());
        Files.createDirectories(settings.folder());
    }
}
