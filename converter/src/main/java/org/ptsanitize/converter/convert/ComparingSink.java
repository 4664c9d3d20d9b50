package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;

/** Compares what is written to it with the bytes of a source. */
final class ComparingSink implements ByteSink {
    private static final int BLOCK = 1 << 20;

    private final ByteSource expected;
    private final ByteBuffer left = ByteBuffer.allocateDirect(BLOCK);
    private final ByteBuffer right = ByteBuffer.allocateDirect(BLOCK);
    private long start;
    private long position;
    private long difference = -1;

    /** Starts at an offset of the source. */
    ComparingSink(ByteSource expected, long start) {
        this.expected = expected;
        this.start = start;
    }

    /** Starts again at another offset; the buffers stay. */
    void restart(long newStart) {
        start = newStart;
        position = 0;
        difference = -1;
    }

    /** Offset of the first byte that differs, counted from the start; −1 if none does. */
    long difference() {
        return difference;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            ByteBuffer part = bytes.slice();
            part.limit(Math.min(BLOCK, part.limit()));
            bytes.position(bytes.position() + part.limit());
            compare(part);
        }
    }

    @Override
    public void copy(ByteSource source, long offset, long length) throws IOException {
        long done = 0;
        while (done < length) {
            left.clear().limit((int) Math.min(BLOCK, length - done));
            source.readFully(offset + done, left);
            done += left.limit();
            compare(left.flip());
        }
    }

    private void compare(ByteBuffer part) throws IOException {
        right.clear().limit(part.remaining());
        expected.readFully(start + position, right);
        right.flip();
        int mismatch = part.mismatch(right);
        if (mismatch >= 0 && difference < 0) {
            difference = position + mismatch;
        }
        position += part.remaining();
    }

    @Override
    public void close() {}
}
