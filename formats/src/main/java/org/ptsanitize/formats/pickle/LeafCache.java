package org.ptsanitize.formats.pickle;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/**
 * Integers and short texts, held once where they repeat nearby: sizes, strides, {@code "storage"}, {@code "cpu"}. The
 * caches have a fixed size and forget what collides.
 */
final class LeafCache {
    private static final int LOWEST = -128;
    private static final int HIGHEST = 1023;
    private static final Int[] SMALL = new Int[HIGHEST - LOWEST + 1];
    private static final int SLOT_BITS = 10;
    private static final int LONGEST_TEXT = 32;
    private static final long INT_BYTES = Meter.object(0, 8);
    private static final long TEXT_BYTES = Meter.object(1, 0);

    static {
        for (int i = 0; i < SMALL.length; i++) {
            SMALL[i] = new Int(LOWEST + i);
        }
    }

    private final Meter meter;
    private final @Nullable Int[] ints = new @Nullable Int[1 << SLOT_BITS];
    private final @Nullable Text[] texts = new @Nullable Text[1 << SLOT_BITS];

    LeafCache(Meter meter) {
        this.meter = meter;
    }

    Int integer(long value) throws FileFormatException {
        if (value >= LOWEST && value <= HIGHEST) {
            return SMALL[(int) value - LOWEST];
        }
        int slot = slot(Long.hashCode(value));
        Int cached = ints[slot];
        if (cached == null || cached.value() != value) {
            meter.take(INT_BYTES);
            cached = new Int(value);
            ints[slot] = cached;
        }
        return cached;
    }

    /** The text of some bytes of UTF-8. */
    Text text(byte[] bytes, int from, int to) throws FileFormatException {
        if (!Utf8.isAscii(bytes, from, to)) {
            String text = Utf8.decode(bytes, from, to, meter);
            return paid(text, 2L * text.length());
        }
        if (to - from > LONGEST_TEXT) {
            return ascii(bytes, from, to);
        }
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        int slot = slot(hash);
        Text cached = texts[slot];
        if (cached == null || !isSame(cached.value(), bytes, from, to)) {
            cached = ascii(bytes, from, to);
            texts[slot] = cached;
        }
        return cached;
    }

    /** A text that has been decoded already, with the bytes it takes. */
    Text paid(String text, long bytes) throws FileFormatException {
        meter.take(TEXT_BYTES + Meter.string(bytes));
        return new Text(text);
    }

    private Text ascii(byte[] bytes, int from, int to) throws FileFormatException {
        meter.take(TEXT_BYTES + Meter.string(to - from));
        return new Text(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    private static boolean isSame(String text, byte[] bytes, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static int slot(int hash) {
        return (hash * 0x9E3779B1) >>> (32 - SLOT_BITS);
    }
}
