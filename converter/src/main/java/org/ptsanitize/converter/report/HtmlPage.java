package org.ptsanitize.converter.report;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ptsanitize.formats.bytes.Sha256;

/**
 * Writes one self-contained HTML page, front to back. It opens from disk and reaches no network: its content policy
 * allows nothing but its own style sheet and, if it is given one, its own script, both by their hash; so no inline
 * style, no event attribute and no other script can work, whatever a name from an input holds. All text given to it is
 * escaped. Light and dark follow the reader's system.
 */
public final class HtmlPage implements Closeable {
    private static final String STYLE = resource("page.css");

    private final Writer out;
    private final String script;

    private HtmlPage(Writer out, String script) {
        this.out = out;
        this.script = script;
    }

    /** What a column of a table holds. */
    public enum Column {
        /** Words. */
        TEXT,
        /** Names and paths, in a fixed pitch. */
        CODE,
        /** Numbers, flush right. */
        NUMBER,
        /** One word that is also the name of its colour: {@code critical}, {@code high}, {@code medium}, {@code good}, … */
        BADGE;

        private String style() {
            return this == BADGE ? "mark" : name().toLowerCase(Locale.ROOT);
        }
    }

    /** Begins a page without a script. The writer stays the caller's. */
    public static HtmlPage begin(Writer out, String title) throws IOException {
        return begin(out, title, "");
    }

    /**
     * Begins a page.
     *
     * @param script what runs when the page has been read, by this program; empty for none
     */
    static HtmlPage begin(Writer out, String title, String script) throws IOException {
        return begin(out, title, "", script);
    }

    /**
     * Begins a page.
     *
     * @param moreStyle rules beside those of every page
     * @param script what runs when the page has been read, by this program; empty for none
     */
    public static HtmlPage begin(Writer out, String title, String moreStyle, String script) throws IOException {
        String style = STYLE + moreStyle;
        String policy = "default-src 'none'; style-src " + hash(style)
                + (script.isEmpty() ? "" : "; script-src " + hash(script))
                + "; base-uri 'none'; form-action 'none'";
        out.write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy + "\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta name=\"referrer\" content=\"no-referrer\">\n"
                + "<title>" + escape(title) + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n<main>\n"
                + "<h1>" + escape(title) + "</h1>\n");
        return new HtmlPage(out, script);
    }

    /** The line below the title. */
    public void lead(String text) throws IOException {
        out.write("<p class=\"lead\">" + escape(text) + "</p>\n");
    }

    /** The title of a section. */
    public void heading(String text) throws IOException {
        out.write("<h2>" + escape(text) + "</h2>\n");
    }

    public void paragraph(String text) throws IOException {
        out.write("<p>" + escape(text) + "</p>\n");
    }

    /** A few facts in a row of boxes: what, and the value. */
    public void facts(Map<String, String> facts) throws IOException {
        out.write("<dl class=\"facts\">\n");
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            out.write("<div><dt>" + escape(fact.getKey()) + "</dt><dd>" + escape(fact.getValue()) + "</dd></div>\n");
        }
        out.write("</dl>\n");
    }

    /** Begins a table, which scrolls in itself where it is larger than the screen. Its {@link Table#close} ends it. */
    public Table table(List<String> headings, List<Column> columns) throws IOException {
        if (headings.size() != columns.size()) {
            throw new IllegalArgumentException(headings.size() + " headings for " + columns.size() + " columns");
        }
        out.write("<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>");
        for (int i = 0; i < headings.size(); i++) {
            String style = columns.get(i) == Column.NUMBER ? " class=\"number\"" : "";
            out.write("<th scope=\"col\"" + style + ">" + escape(headings.get(i)) + "</th>");
        }
        out.write("</tr></thead>\n<tbody>\n");
        return new Table(out, columns);
    }

    /** A table that is being written. */
    public static final class Table implements Closeable {
        private final Writer out;
        private final List<Column> columns;

        private Table(Writer out, List<Column> columns) {
            this.out = out;
            this.columns = List.copyOf(columns);
        }

        public void row(String... cells) throws IOException {
            if (cells.length != columns.size()) {
                throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
            }
            out.write("<tr>");
            for (int i = 0; i < cells.length; i++) {
                Column column = columns.get(i);
                String text = escape(cells[i]);
                out.write("<td class=\"" + column.style() + "\">" + (column == Column.BADGE ? badge(text) : text)
                        + "</td>");
            }
            out.write("</tr>\n");
        }

        private static String badge(String text) {
            String style = text.matches("[a-z]+") ? " " + text : "";
            return "<span class=\"badge" + style + "\">" + text + "</span>";
        }

        @Override
        public void close() throws IOException {
            out.write("</tbody>\n</table></div>\n");
        }
    }

    /** Markup of the caller's own making, in which every text went through {@link #escape}. */
    public void markup(String markup) throws IOException {
        out.write(markup);
    }

    /** Ends the page. */
    @Override
    public void close() throws IOException {
        out.write("<footer>Written by ptsanitize. This page loads nothing and sends nothing.</footer>\n</main>\n");
        if (!script.isEmpty()) {
            out.write("<script>" + script + "</script>\n");
        }
        out.write("</body>\n</html>\n");
    }

    /**
     * Any text made fit for an element or an attribute in double quotes: what markup is made of becomes references, what
     * cannot be seen is written as its number after a backslash, as {@link Escaped#text} does.
     */
    public static String escape(String text) {
        String line = Escaped.text(text);
        StringBuilder safe = new StringBuilder(line.length() + 16);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                case '`' -> safe.append("&#96;");
                default -> safe.append(c);
            }
        }
        return safe.toString();
    }

    /** A text that ships beside this class. */
    static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("the program lacks its resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String content) {
        byte[] digest = Sha256.digest().digest(content.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }
}
