package org.ptsanitize.formats.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Bytes in memory. */
public final class MemorySource implements ByteSource {
    private final String name;
    private final byte[] bytes;

    private MemorySource(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /** A source over an array, which is not copied and must not change. */
    public static MemorySource of(String name, byte[] bytes) {
        return new MemorySource(name, bytes);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
        checkRange(position, target.remaining());
        target.put(bytes, (int) position, target.remaining());
    }

    @Override
    public void transferTo(long position, long count, WritableByteChannel target) throws IOException {
        checkRange(position, count);
        ByteBuffer range = ByteBuffer.wrap(bytes, (int) position, (int) count);
        while (range.hasRemaining()) {
            target.write(range);
        }
    }

    @Override
    public void close() {}
}
