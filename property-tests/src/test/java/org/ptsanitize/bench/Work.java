package org.ptsanitize.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** A piece of work that several competitors do in turn, round by round. */
final class Work {
    private final String title;
    private final List<Competitor> competitors;
    private final List<String> failures = new ArrayList<>();

    Work(String title, List<Competitor> competitors) {
        this.title = title;
        this.competitors = competitors;
    }

    /**
     * Runs every competitor once in each round, in an order drawn anew for each: what one run leaves of memory and caches
     * makes the next faster or slower, so none may always follow the same other.
     */
    List<Series> run(int rounds, Path log) throws IOException, InterruptedException {
        List<Series> series = new ArrayList<>();
        competitors.forEach(competitor -> series.add(new Series(competitor.name())));
        Set<Integer> failed = new HashSet<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < competitors.size(); i++) {
            order.add(i);
        }
        Random random = new Random(rounds);
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(order, random);
            for (int turn : order) {
                if (failed.contains(turn)) {
                    continue;
                }
                try {
                    series.get(turn).add(runOnce(competitors.get(turn), log));
                } catch (IOException e) {
                    failed.add(turn);
                    failures.add(title + ", " + competitors.get(turn).name() + ": " + e.getMessage());
                }
            }
        }
        return series.stream().filter(each -> each.runs() == rounds).toList();
    }

    /** What went wrong; the competitor has no row then. */
    List<String> failures() {
        return failures;
    }

    private static Measurement runOnce(Competitor competitor, Path log) throws IOException, InterruptedException {
        competitor.output().forEach(Work::remove);
        try {
            return Run.measure(competitor.command(), competitor.environment(), log);
        } finally {
            competitor.output().forEach(Work::remove);
        }
    }

    /** Removes a file or a folder with all that is in it, if it is there. */
    static void remove(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
