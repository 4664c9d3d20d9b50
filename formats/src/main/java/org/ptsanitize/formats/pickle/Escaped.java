package org.ptsanitize.formats.pickle;

import java.util.HexFormat;
import org.ptsanitize.formats.bytes.Printable;

/** Text of unknown intent as printable text in quotes. */
final class Escaped {
    private Escaped() {}

    /** UTF-8 where it is valid; a character that would not show as itself is escaped, and so is a byte out of place. */
    static String text(byte[] bytes, int length) {
        StringBuilder out = new StringBuilder(length + 2).append('\'');
        for (int i = 0; i < length; ) {
            int point = Utf8.codePoint(bytes, i, length);
            if (point < 0) {
                appendByte(bytes[i++], out);
            } else {
                append(point, out);
                i += Utf8.width(point);
            }
        }
        return out.append('\'').toString();
    }

    /** ASCII where it is printable. */
    static String bytes(byte[] bytes, int length) {
        StringBuilder out = new StringBuilder(length + 2).append('\'');
        for (int i = 0; i < length; i++) {
            if (bytes[i] < ' ' || bytes[i] == 0x7f) {
                appendByte(bytes[i], out);
            } else {
                append(bytes[i], out);
            }
        }
        return out.append('\'').toString();
    }

    private static void append(int point, StringBuilder out) {
        if (point == '\'' || point == '\\') {
            out.append('\\').append((char) point);
        } else if (Printable.isPlain(point)) {
            out.appendCodePoint(point);
        } else {
            for (char unit : Character.toChars(point)) {
                out.append("\\u").append(HexFormat.of().toHexDigits(unit));
            }
        }
    }

    private static void appendByte(byte value, StringBuilder out) {
        out.append("\\x").append(HexFormat.of().toHexDigits(value));
    }
}
