package org.ptsanitize.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Rows of cells in columns as wide as their widest cell. Cells are escaped already. */
final class Table {
    private static final String GAP = "  ";

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /** A column; its cells are dressed only after they are as wide as the others. */
    record Column(String title, boolean right, UnaryOperator<String> dress) {
        static Column left(String title) {
            return new Column(title, false, cell -> cell);
        }

        static Column left(String title, UnaryOperator<String> dress) {
            return new Column(title, false, dress);
        }

        static Column right(String title) {
            return new Column(title, true, cell -> cell);
        }
    }

    Table(List<Column> columns) {
        this.columns = columns;
    }

    void add(String... cells) {
        rows.add(List.of(cells));
    }

    /**
     * The lines, the titles first.
     *
     * @param width the longest line; the first column gives way where it has to
     */
    List<String> lines(Style style, int width) {
        int[] widths = new int[columns.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = columns.get(c).title().length();
            for (List<String> row : rows) {
                widths[c] = Math.max(widths[c], length(row.get(c)));
            }
        }
        int total = GAP.length() * (widths.length - 1);
        for (int w : widths) {
            total = total > width ? total : total + w;
        }
        if (total > width) {
            int others = 0;
            for (int c = 1; c < widths.length; c++) {
                others += widths[c] + GAP.length();
            }
            widths[0] = Math.max(12, Math.min(widths[0], width - others));
        }
        List<String> lines = new ArrayList<>();
        lines.add(style.heading(line(columns.stream().map(Column::title).toList(), widths, false)));
        for (List<String> row : rows) {
            lines.add(line(row, widths, true));
        }
        return lines;
    }

    private String line(List<String> cells, int[] widths, boolean dressed) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            Column column = columns.get(c);
            String cell = shortened(cells.get(c), widths[c]);
            String space = " ".repeat(widths[c] - length(cell));
            String shown = dressed ? column.dress().apply(cell) : cell;
            boolean last = c == widths.length - 1;
            line.append(column.right() ? space + shown : last ? shown : shown + space);
            line.append(last ? "" : GAP);
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** Both ends of a text that is too long: names differ at their ends. */
    static String shortened(String text, int width) {
        if (length(text) <= width) {
            return text;
        }
        int tail = (width - 1) / 2;
        int head = width - 1 - tail;
        return text.substring(0, text.offsetByCodePoints(0, head))
                + "…"
                + text.substring(text.offsetByCodePoints(text.length(), -tail));
    }
}
