package org.ptsanitize.formats.pickle;

import java.nio.charset.StandardCharsets;
import org.ptsanitize.formats.bytes.FileFormatException;

/** UTF-8 as Python reads it: strict, or with {@code surrogatepass}, which lets unpaired surrogates through. */
final class Utf8 {
    private Utf8() {}

    /** Whether all bytes of a range are ASCII. */
    static boolean isAscii(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Decodes with {@code surrogatepass}, the rule of BINUNICODE. */
    static String decode(byte[] bytes, int from, int to, Meter meter) throws FileFormatException {
        meter.borrow(5L * (to - from));
        if (!hasSurrogates(bytes, from, to, meter)) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        char[] chars = new char[to - from];
        int length = 0;
        for (int i = from; i < to; ) {
            int point = codePoint(bytes, i, to);
            length += Character.toChars(point, chars, length);
            i += width(point);
        }
        return new String(chars, 0, length);
    }

    /** Decodes strictly, the rule of GLOBAL. */
    static String decodeStrict(byte[] bytes, Meter meter) throws FileFormatException {
        meter.borrow(5L * bytes.length);
        if (hasSurrogates(bytes, 0, bytes.length, meter)) {
            throw meter.malformed(meter.opcode() + " with text that is not valid UTF-8");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean hasSurrogates(byte[] bytes, int from, int to, Meter meter) throws FileFormatException {
        boolean found = false;
        int before = 0;
        for (int i = from; i < to; ) {
            int point = codePoint(bytes, i, to);
            if (point < 0) {
                throw meter.malformed(meter.opcode() + " with text that is not valid UTF-8");
            }
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                found = true;
                checkPair(before, point, meter);
            }
            before = point;
            i += width(point);
        }
        return found;
    }

    /** Refuses two surrogates that a Java string could not tell from the character they encode together. */
    static void checkPair(int before, int point, Meter meter) throws FileFormatException {
        if (before >= Character.MIN_HIGH_SURROGATE
                && before <= Character.MAX_HIGH_SURROGATE
                && point >= Character.MIN_LOW_SURROGATE
                && point <= Character.MAX_LOW_SURROGATE) {
            throw meter.unsupported(meter.opcode() + " with a character written as a pair of surrogates");
        }
    }

    /** The code point at an index, surrogates included, or -1 if the bytes there are not UTF-8. */
    static int codePoint(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xff;
        if (lead < 0x80) {
            return lead;
        }
        int width = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
        if (width == 0 || to - at < width) {
            return -1;
        }
        int point = lead & (0xff >> (width + 1));
        for (int i = at + 1; i < at + width; i++) {
            if ((bytes[i] & 0xc0) != 0x80) {
                return -1;
            }
            point = (point << 6) | (bytes[i] & 0x3f);
        }
        return width(point) == width && point <= Character.MAX_CODE_POINT ? point : -1;
    }

    /** Bytes of a code point. */
    static int width(int point) {
        return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }
}
