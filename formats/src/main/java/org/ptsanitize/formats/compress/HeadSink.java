package org.ptsanitize.formats.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;

/** Keeps the first bytes it is given and then refuses more, which ends the work of whoever writes. */
final class HeadSink implements ByteSink {
    private final ByteBuffer head;

    /** Enough has been written. */
    static final class Full extends IOException {
        private static final long serialVersionUID = 1L;

        Full() {
            super("enough");
        }
    }

    HeadSink(int length) {
        this.head = ByteBuffer.allocate(length);
    }

    /** What was written. */
    ByteBuffer head() {
        return head.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining() && head.hasRemaining()) {
            head.put(bytes.get());
        }
        if (!head.hasRemaining()) {
            throw new Full();
        }
    }

    @Override
    public long position() {
        return head.position();
    }

    @Override
    public void copy(ByteSource source, long offset, long length) throws IOException {
        write(source.read(offset, (int) Math.min(length, head.remaining())));
    }

    @Override
    public void close() {}
}
