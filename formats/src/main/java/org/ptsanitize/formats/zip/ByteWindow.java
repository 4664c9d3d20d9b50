package org.ptsanitize.formats.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.ptsanitize.formats.bytes.ByteSource;

/**
 * Small little-endian reads at positions that mostly ascend, served from a window over the source. Reading beyond the
 * end is malformed.
 */
final class ByteWindow {
    private final ByteSource source;
    private final ByteBuffer window;
    private long start;

    /**
     * A reader with a window of some size.
     *
     * @param windowSize the largest number of bytes that one read can ask for
     */
    ByteWindow(ByteSource source, int windowSize) {
        this.source = source;
        this.window =
                ByteBuffer.allocate(windowSize).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    }

    /** Makes {@code length} bytes from {@code position} on available and returns the index of the first in the window. */
    private int require(long position, int length) throws IOException {
        if (position < start || position - start > window.limit() - length) {
            source.checkRange(position, length);
            window.clear().limit((int) Math.min(window.capacity(), source.size() - position));
            source.readFully(position, window);
            window.flip();
            start = position;
        }
        return (int) (position - start);
    }

    int u2(long position) throws IOException {
        return window.getShort(require(position, 2)) & 0xFFFF;
    }

    int i4(long position) throws IOException {
        return window.getInt(require(position, 4));
    }

    long u4(long position) throws IOException {
        return i4(position) & 0xFFFF_FFFFL;
    }

    /** Eight bytes; a value of 2^63 and above is negative. */
    long i8(long position) throws IOException {
        return window.getLong(require(position, 8));
    }

    byte[] bytes(long position, int length) throws IOException {
        byte[] copy = new byte[length];
        window.get(require(position, length), copy);
        return copy;
    }

    /** Whether the bytes at a position are exactly these. */
    boolean matches(long position, byte[] expected) throws IOException {
        int at = require(position, expected.length);
        return Arrays.equals(window.array(), at, at + expected.length, expected, 0, expected.length);
    }
}
