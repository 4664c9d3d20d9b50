package org.ptsanitize.converter.report;

/** Text from an input made safe for a terminal or a log: one line, no control, no direction marks, no lone surrogates. */
public final class Escaped {
    private Escaped() {}

    /** The text with everything that could steer a terminal written as {@code \}{@code uXXXX}. */
    public static String text(String raw) {
        StringBuilder out = null;
        int i = 0;
        while (i < raw.length()) {
            int c = raw.codePointAt(i);
            int width = Character.charCount(c);
            if (isPlain(c)) {
                if (out != null) {
                    out.appendCodePoint(c);
                }
            } else {
                if (out == null) {
                    out = new StringBuilder(raw.length() + 16).append(raw, 0, i);
                }
                escape(out, c);
            }
            i += width;
        }
        return out == null ? raw : out.toString();
    }

    /** The same, shortened to about {@code limit} characters. */
    public static String text(String raw, int limit) {
        if (raw.length() <= limit) {
            return text(raw);
        }
        int end = Character.isHighSurrogate(raw.charAt(limit - 1)) ? limit - 1 : limit;
        return text(raw.substring(0, end)) + "…";
    }

    private static boolean isPlain(int c) {
        if (c >= 0x20 && c < 0x7f) {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static void escape(StringBuilder out, int c) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append(String.format(c > 0xffff ? "\\U%08x" : "\\u%04x", c));
        }
    }
}
