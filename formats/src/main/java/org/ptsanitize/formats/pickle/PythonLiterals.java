package org.ptsanitize.formats.pickle;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;

/** The literals that protocol 0 writes as lines of text, by the rules of Python 3's unpickler. */
final class PythonLiterals {
    private static final Pattern INTEGER = Pattern.compile("[+-]?+(?:0|[1-9][0-9]*+)");
    private static final Pattern REAL =
            Pattern.compile("[+-]?+(?:[0-9]++\\.?+[0-9]*+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+");
    private static final Pattern INFINITE = Pattern.compile("[+-]?(?i:inf(?:inity)?)");
    private static final Pattern NAN = Pattern.compile("[+-]?(?i:nan)");

    private PythonLiterals() {}

    /**
     * A decimal integer: INT, and LONG without its {@code L}. Python also takes hexadecimal, octal and underscores
     * here, which no pickler ever wrote; they are errors.
     */
    static BigInteger integer(byte[] line, int length, Meter meter) throws FileFormatException {
        meter.check(Limit.INTEGER, length);
        String text = latin1(line, length);
        if (!INTEGER.matcher(text).matches()) {
            throw bad("a decimal integer", meter);
        }
        return new BigInteger(text);
    }

    /** A float as {@code repr} writes it. */
    static double real(byte[] line, Meter meter) throws FileFormatException {
        meter.check(Limit.INTEGER, line.length);
        String text = latin1(line, line.length);
        if (NAN.matcher(text).matches()) {
            return Double.NaN;
        }
        if (INFINITE.matcher(text).matches()) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (!REAL.matcher(text).matches()) {
            throw bad("a float", meter);
        }
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw meter.malformed(meter.opcode() + " with a float that does not fit in 64 bits");
        }
        return value;
    }

    /** A memo index: GET and PUT. */
    static long memoIndex(byte[] line, Meter meter) throws MalformedFileException {
        long index = 0;
        for (byte digit : line) {
            if (digit < '0' || digit > '9') {
                throw bad("a memo index", meter);
            }
            index = 10 * index + digit - '0';
            if (index > Memo.LAST_INDEX) {
                throw meter.malformed(meter.opcode() + " with a memo index above " + Memo.LAST_INDEX);
            }
        }
        if (line.length == 0) {
            throw bad("a memo index", meter);
        }
        return index;
    }

    /** Checks that a STRING is quoted: the same quote at both ends. */
    static void checkQuotes(byte[] line, Meter meter) throws MalformedFileException {
        int last = line.length - 1;
        if (last < 1 || line[0] != line[last] || (line[0] != '\'' && line[0] != '"')) {
            throw meter.malformed(meter.opcode() + " without quotes around it");
        }
    }

    /** The bytes that the escapes between two quotes stand for ({@code codecs.escape_decode}). */
    static byte[] unescape(byte[] line, Meter meter) throws MalformedFileException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(line.length);
        int end = line.length - 1;
        int i = 1;
        while (i < end) {
            if (line[i] != '\\') {
                out.write(line[i++]);
                continue;
            }
            if (i + 1 == end) {
                throw meter.malformed(meter.opcode() + " with a backslash at its end");
            }
            int letter = line[i + 1];
            if (letter == 'x') {
                out.write(hex(line, i + 2, 2, end, meter));
                i += 4;
            } else if (letter >= '0' && letter <= '7') {
                int stop = i + 2;
                int value = letter - '0';
                while (stop < end && stop < i + 4 && line[stop] >= '0' && line[stop] <= '7') {
                    value = 8 * value + line[stop++] - '0';
                }
                out.write(value);
                i = stop;
            } else {
                writeEscaped(letter, out);
                i += 2;
            }
        }
        return out.toByteArray();
    }

    /** A backslash and a letter that means nothing stay both, as in Python. */
    private static void writeEscaped(int letter, ByteArrayOutputStream out) {
        int known = "\\'\"bftnrva".indexOf(letter);
        if (known < 0) {
            out.write('\\');
            out.write(letter);
        } else {
            out.write("\\'\"\b\f\t\n\r\u000b\u0007".charAt(known));
        }
    }

    /** A UNICODE line: Latin-1 with backslash-u escapes ({@code raw-unicode-escape}). */
    static String rawUnicode(byte[] line, Meter meter) throws FileFormatException {
        StringBuilder text = new StringBuilder(line.length);
        int before = 0;
        int i = 0;
        while (i < line.length) {
            int point = line[i] & 0xff;
            int letter = point == '\\' && i + 1 < line.length ? line[i + 1] : 0;
            if (letter == 'u' || letter == 'U') {
                int digits = letter == 'u' ? 4 : 8;
                point = hex(line, i + 2, digits, line.length, meter);
                if (point < 0 || point > Character.MAX_CODE_POINT) {
                    throw meter.malformed(meter.opcode() + " with an escape that is no character");
                }
                i += 2 + digits;
            } else if (letter == '\\') {
                text.append('\\');
                i += 2;
            } else {
                i++;
            }
            Utf8.checkPair(before, point, meter);
            text.appendCodePoint(point);
            before = point;
        }
        return text.toString();
    }

    private static int hex(byte[] line, int from, int digits, int end, Meter meter) throws MalformedFileException {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = i < end ? Character.digit(line[i], 16) : -1;
            if (digit < 0) {
                throw meter.malformed(meter.opcode() + " with an escape that lacks hexadecimal digits");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static MalformedFileException bad(String expected, Meter meter) {
        return meter.malformed(meter.opcode() + " with a line that is not " + expected);
    }

    private static String latin1(byte[] line, int length) {
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }
}
