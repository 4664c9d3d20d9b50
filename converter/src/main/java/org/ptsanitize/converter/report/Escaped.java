package org.ptsanitize.converter.report;

import org.ptsanitize.formats.bytes.Printable;

/** Text from an input made safe for a terminal or a log: one line, no control, no direction marks, no lone surrogates. */
public final class Escaped {
    private Escaped() {}

    /** The text with everything that could steer a terminal written as a backslash, a u and four hexadecimal digits. */
    public static String text(String raw) {
        return Printable.line(raw);
    }

    /** The same, shortened to about {@code limit} characters. */
    public static String text(String raw, int limit) {
        if (raw.length() <= limit) {
            return text(raw);
        }
        int end = Character.isHighSurrogate(raw.charAt(limit - 1)) ? limit - 1 : limit;
        return text(raw.substring(0, end)) + "…";
    }
}
