package org.ptsanitize.converter.report;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ptsanitize.formats.bytes.Figures;

/**
 * A picture of sizes: rectangles in rectangles, as square as they can be (Bruls, Huizing, van Wijk, "Squarified
 * Treemaps", 2000). A module is a frame with a title, a tensor a rectangle in the colour of its dtype.
 */
final class Treemap {
    static final int WIDTH = 1120;
    static final int HEIGHT = 560;
    private static final double TITLE = 17;
    private static final double LETTER = 6.6;

    private final HtmlPage page;
    private final Map<String, Integer> colours;

    private record Box(double x, double y, double width, double height) {
        double shortSide() {
            return Math.min(width, height);
        }
    }

    /** @param colours dtype → number of its colour */
    Treemap(HtmlPage page, Map<String, Integer> colours) {
        this.page = page;
        this.colours = colours;
    }

    void write(ModuleTree tree) throws IOException {
        page.markup("<figure class=\"picture\"><svg id=\"treemap\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT
                + "\" role=\"img\" aria-label=\"Sizes of the tensors by module\">\n");
        fill(tree.parts().isEmpty() ? List.of(tree) : tree.parts(), new Box(0, 0, WIDTH, HEIGHT), "");
        page.markup("</svg><figcaption>Area is size, colour is dtype. Click a module to look into it, beside it or"
                + " Escape to go back.</figcaption></figure>\n");
    }

    /** Lays parts into a box, row by row along its shorter side, as long as a row gets no worse. */
    private void fill(List<ModuleTree> parts, Box whole, String path) throws IOException {
        double scale = whole.width()
                * whole.height()
                / parts.stream().mapToDouble(ModuleTree::bytes).sum();
        Box left = whole;
        int from = 0;
        while (from < parts.size()) {
            int to = from + 1;
            double area = parts.get(from).bytes() * scale;
            double largest = area;
            while (to < parts.size()) {
                double next = parts.get(to).bytes() * scale;
                if (worst(area, largest, parts.get(to - 1).bytes() * scale, left.shortSide())
                        < worst(area + next, largest, next, left.shortSide())) {
                    break;
                }
                area += next;
                to++;
            }
            left = row(parts.subList(from, to), left, area, scale, path);
            from = to;
        }
    }

    /** How far from square the worst rectangle of a row is. */
    private static double worst(double area, double largest, double smallest, double side) {
        double square = side * side;
        return Math.max(square * largest / (area * area), area * area / (square * smallest));
    }

    private Box row(List<ModuleTree> parts, Box box, double area, double scale, String path) throws IOException {
        boolean upright = box.width() >= box.height();
        double thick = area / box.shortSide();
        double at = upright ? box.y() : box.x();
        for (ModuleTree part : parts) {
            double length = part.bytes() * scale / thick;
            draw(part, upright ? new Box(box.x(), at, thick, length) : new Box(at, box.y(), length, thick), path);
            at += length;
        }
        return upright
                ? new Box(box.x() + thick, box.y(), Math.max(0, box.width() - thick), box.height())
                : new Box(box.x(), box.y() + thick, box.width(), Math.max(0, box.height() - thick));
    }

    private void draw(ModuleTree part, Box box, String path) throws IOException {
        String name = path.isEmpty() ? part.label() : path + "." + part.label();
        List<ModuleTree> inner = part.parts();
        String colour = inner.isEmpty() ? "l c" + colours.get(part.dtype()) : "m";
        String focus = inner.isEmpty() ? "" : " tabindex=\"0\"";
        String label = part.label();
        page.markup("<rect class=\"" + colour + "\"" + focus + place(box) + "><title>" + HtmlPage.escape(shorten(name))
                + " · " + Figures.size(part.bytes()) + (inner.isEmpty() ? " · " + HtmlPage.escape(part.dtype()) : "")
                + "</title></rect><text data-class=\"" + (inner.isEmpty() ? "" : "t") + "\" class=\""
                + (inner.isEmpty() ? "" : "t") + "\" data-label=\"" + HtmlPage.escape(shorten(label)) + "\" x=\""
                + number(box.x() + 4) + "\" y=\"" + number(box.y() + 12) + "\" font-size=\"11\">"
                + HtmlPage.escape(fitting(label, box)) + "</text>\n");
        if (!inner.isEmpty()) {
            double title = box.height() > 2 * TITLE ? TITLE : 1;
            double edge = box.shortSide() > 12 ? 3 : 0.5;
            fill(
                    inner,
                    new Box(
                            box.x() + edge,
                            box.y() + title,
                            Math.max(0.1, box.width() - 2 * edge),
                            Math.max(0.1, box.height() - title - edge)),
                    name);
        }
    }

    private static String fitting(String label, Box box) {
        int letters = (int) ((box.width() - 8) / LETTER);
        if (letters < 3 || box.height() < 15) {
            return "";
        }
        return label.length() <= letters ? label : label.substring(0, letters - 1) + "…";
    }

    private static String shorten(String name) {
        return name.length() <= 200 ? name : name.substring(0, 200) + "…";
    }

    private static String place(Box box) {
        return " x=\"" + number(box.x()) + "\" y=\"" + number(box.y()) + "\" width=\"" + number(box.width())
                + "\" height=\"" + number(box.height()) + "\"";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
