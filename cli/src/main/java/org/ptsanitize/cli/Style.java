package org.ptsanitize.cli;

/** Colours for a terminal that shows them; without, text stays as it is. */
final class Style {
    private static final String END = "\u001b[0m";

    private final boolean colour;

    Style(boolean colour) {
        this.colour = colour;
    }

    String heading(String text) {
        return with("\u001b[1m", text);
    }

    String faint(String text) {
        return with("\u001b[2m", text);
    }

    String bad(String text) {
        return with("\u001b[31m", text);
    }

    String good(String text) {
        return with("\u001b[32m", text);
    }

    String warning(String text) {
        return with("\u001b[33m", text);
    }

    String name(String text) {
        return with("\u001b[36m", text);
    }

    private String with(String begin, String text) {
        return colour && !text.isEmpty() ? begin + text + END : text;
    }
}
