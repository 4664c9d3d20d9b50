package org.ptsanitize.formats.bytes;

import java.util.Locale;

/**
 * Text from an input, made fit for one line of a message or a terminal: control and format characters, line separators
 * and unpaired surrogates become a backslash and their number in hexadecimal, and what is long is cut.
 */
public final class Printable {
    private static final int LONGEST = 200;

    private Printable() {}

    /** The text in double quotes, escaped, at most 200 characters of it. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST) + 2).append('"');
        int at = 0;
        while (at < text.length() && at < LONGEST) {
            int codePoint = text.codePointAt(at);
            append(out, codePoint);
            at += Character.charCount(codePoint);
        }
        return out.append(at < text.length() ? "…\"" : "\"").toString();
    }

    /** The whole text without quotes, its plain characters as they are. */
    public static String line(String text) {
        if (text.codePoints().allMatch(Printable::isPlain)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(codePoint -> {
            switch (codePoint) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\', '"' -> out.append((char) codePoint);
                default -> append(out, codePoint);
            }
        });
        return out.toString();
    }

    private static void append(StringBuilder out, int codePoint) {
        if (codePoint == '"' || codePoint == '\\') {
            out.append('\\').append((char) codePoint);
        } else if (isPlain(codePoint)) {
            out.appendCodePoint(codePoint);
        } else if (codePoint > 0xFFFF) {
            out.append(String.format(Locale.ROOT, "\\U%08x", codePoint));
        } else {
            out.append(String.format(Locale.ROOT, "\\u%04x", codePoint));
        }
    }

    /** Whether a character shows as itself: no control, no change of direction, not invisible, not half a character. */
    public static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
