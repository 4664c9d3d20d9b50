package org.ptsanitize.formats.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.ptsanitize.formats.bytes.ByteSource;

/** Reads a source from front to back. Closing it leaves the source open. */
final class SourceChannel implements ReadableByteChannel {
    private final ByteSource source;
    private long position;

    SourceChannel(ByteSource source) {
        this.source = source;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        long left = source.size() - position;
        if (left == 0) {
            return -1;
        }
        int count = (int) Math.min(left, target.remaining());
        int limit = target.limit();
        target.limit(target.position() + count);
        source.readFully(position, target);
        target.limit(limit);
        position += count;
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
