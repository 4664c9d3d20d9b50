package org.ptsanitize.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The runs of one competitor, in the order of the rounds. */
final class Series {
    private final String name;
    private final List<Double> seconds = new ArrayList<>();
    private long peakBytes;

    Series(String name) {
        this.name = name;
    }

    void add(Measurement run) {
        seconds.add(run.seconds());
        peakBytes = Math.max(peakBytes, run.peakBytes());
    }

    String name() {
        return name;
    }

    int runs() {
        return seconds.size();
    }

    /** Median of all runs, in seconds. */
    double median() {
        return quantile(seconds, 0.5);
    }

    /** The quarter below which and above which the middle half of the runs lies. */
    String spread() {
        return String.format(Locale.ROOT, "%.2f–%.2f", quantile(seconds, 0.25), quantile(seconds, 0.75));
    }

    /** Median of the ratios to another competitor in the same round. */
    double ratio(Series other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(runs(), other.runs()); i++) {
            ratios.add(seconds.get(i) / other.seconds.get(i));
        }
        return quantile(ratios, 0.5);
    }

    /** The most memory of any run, in bytes; 0 if it is not known. */
    long peakBytes() {
        return peakBytes;
    }

    private static double quantile(List<Double> values, double part) {
        List<Double> sorted = values.stream().sorted().toList();
        double at = part * (sorted.size() - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
    }
}
