package org.ptsanitize.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures the hot inner pieces by themselves, the classes here whose names end in {@code Speed}, and writes a table.
 * The arguments are those of JMH, which come before the settings here.
 */
public final class Pieces {
    private static final int FORKS = 2;
    private static final int WARMUPS = 3;
    private static final int MEASUREMENTS = 5;

    private Pieces() {}

    public static void main(String[] arguments) throws IOException, CommandLineOptionException, RunnerException {
        Settings settings = Settings.fromProperties();
        try {
            Collection<RunResult> results = new Runner(options(new CommandLineOptions(arguments))).run();
            if (results.isEmpty()) {
                throw new RunnerException("Nothing was measured");
            }
            String page = markdown(Machine.describe(settings.folder()), results);
            System.out.println(page);
            Files.createDirectories(settings.docs());
            Files.writeString(settings.docs().resolve("pieces-results.md"), page);
        } finally {
            Work.remove(settings.folder());
        }
    }

    private static Options options(Options given) {
        return new OptionsBuilder()
                .parent(given)
                .shouldFailOnError(true)
                .forks(given.getForkCount().orElse(FORKS))
                .warmupIterations(given.getWarmupIterations().orElse(WARMUPS))
                .warmupTime(given.getWarmupTime().orElse(TimeValue.seconds(1)))
                .measurementIterations(given.getMeasurementIterations().orElse(MEASUREMENTS))
                .measurementTime(given.getMeasurementTime().orElse(TimeValue.seconds(1)))
                .build();
    }

    private static String markdown(String machine, Collection<RunResult> results) {
        StringBuilder page = new StringBuilder("# Speed of the inner pieces\n\n");
        page.append(machine).append(". One thread; the error is that of JMH, at 99.9 %.\n\n");
        page.append("| piece | of | a second | error |\n|---|---|---|---|\n");
        for (RunResult run : results) {
            run.getSecondaryResults().forEach((unit, result) -> page.append(row(run.getParams(), unit, result)));
        }
        return page.toString();
    }

    private static String row(BenchmarkParams params, String unit, Result<?> count) {
        boolean bytes = unit.equals("bytes");
        double scale = bytes ? 1 << 30 : 1e6;
        double error = count.getScoreError() / scale;
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.2f %s | %s |\n",
                params.getBenchmark().replaceFirst(".*\\.(\\w+)Speed\\.", "$1."),
                params.getParamsKeys().stream()
                        .map(key -> params.getParam(key) + (key.equals("tensors") ? " tensors" : ""))
                        .collect(Collectors.joining(", ")),
                count.getScore() / scale,
                bytes ? "GiB" : "million " + unit,
                Double.isNaN(error) ? "" : String.format(Locale.ROOT, "± %.2f", error));
    }
}
