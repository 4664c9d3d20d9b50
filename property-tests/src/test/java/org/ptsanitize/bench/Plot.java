package org.ptsanitize.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;

/** A picture of time against size: medians as points, and a straight line from the first run's overhead. */
final class Plot {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 340;
    private static final int LEFT = 70;
    private static final int RIGHT = 40;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;

    /**
     * A measured point.
     *
     * @param size in the unit of the horizontal axis
     * @param seconds median wall time
     */
    record Point(double size, double seconds) {}

    private final String title;
    private final String unit;
    private final List<Point> points;
    private final StringBuilder svg = new StringBuilder();

    private Plot(String title, String unit, List<Point> points) {
        this.title = title;
        this.unit = unit;
        this.points = points;
    }

    static void write(Path file, String title, String unit, List<Point> points) throws IOException {
        Files.writeString(file, new Plot(title, unit, points).draw());
    }

    private String draw() {
        double widest = points.stream().mapToDouble(Point::size).max().orElse(1);
        double slowest = points.stream().mapToDouble(Point::seconds).max().orElse(1);
        double step = step(slowest);
        double highest = Math.ceil(slowest / step) * step;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\">",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT);
        add("<text x=\"%d\" y=\"24\" font-size=\"15\">%s</text>", LEFT, title);
        for (double seconds = 0; seconds < highest + step / 2; seconds += step) {
            double y = y(seconds, highest);
            add("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>", LEFT, y, WIDTH - RIGHT);
            add(
                    "<text x=\"%d\" y=\"%.1f\" font-size=\"12\" text-anchor=\"end\">%s s</text>",
                    LEFT - 6, y + 4, number(seconds));
        }
        for (int i = 0; i <= 4; i++) {
            add(
                    "<text x=\"%.1f\" y=\"%d\" font-size=\"12\" text-anchor=\"middle\">%s</text>",
                    x(widest * i / 4, widest), HEIGHT - BOTTOM + 18, number(widest * i / 4));
        }
        add(
                "<text x=\"%d\" y=\"%d\" font-size=\"13\" text-anchor=\"middle\">%s</text>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, unit);
        line(widest, highest);
        for (Point point : points) {
            add(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#06c\"/>",
                    x(point.size(), widest), y(point.seconds(), highest));
        }
        return svg.append("</svg>\n").toString();
    }

    /** The straight line with the least squares. */
    private void line(double widest, double highest) {
        double meanSize = points.stream().mapToDouble(Point::size).average().orElse(0);
        double meanTime = points.stream().mapToDouble(Point::seconds).average().orElse(0);
        double covariance = 0;
        double variance = 0;
        for (Point point : points) {
            covariance += (point.size() - meanSize) * (point.seconds() - meanTime);
            variance += (point.size() - meanSize) * (point.size() - meanSize);
        }
        double slope = variance == 0 ? 0 : covariance / variance;
        double start = Math.max(0, meanTime - slope * meanSize);
        add(
                "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#c60\" stroke-dasharray=\"5 4\"/>",
                x(0, widest), y(start, highest), x(widest, widest), y(start + slope * widest, highest));
    }

    private static double x(double size, double widest) {
        return LEFT + size / widest * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double seconds, double highest) {
        return HEIGHT - BOTTOM - seconds / highest * (HEIGHT - TOP - BOTTOM);
    }

    /** The distance of round numbers of which four to ten fit in. */
    private static double step(double largest) {
        double power = Math.pow(10, Math.floor(Math.log10(largest / 4)));
        double times = largest / 4 / power;
        return power * (times >= 5 ? 5 : times >= 2 ? 2 : 1);
    }

    /** A number with as few digits behind the point as it needs, two at most. */
    static String number(double value) {
        return new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
