package org.ptsanitize.formats.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A source from its first byte to its last as a stream. Closing it does nothing. */
public final class SourceStream extends InputStream {
    private final ByteSource source;
    private long position;

    public SourceStream(ByteSource source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = (int) Math.min(length, source.size() - position);
        if (count <= 0) {
            return length == 0 ? 0 : -1;
        }
        source.readFully(position, ByteBuffer.wrap(target, offset, count));
        position += count;
        return count;
    }
}
