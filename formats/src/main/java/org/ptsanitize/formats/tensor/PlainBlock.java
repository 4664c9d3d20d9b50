package org.ptsanitize.formats.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ptsanitize.formats.bytes.ByteSink;

/** A block that is in memory as it will be in the output. */
final class PlainBlock implements Block {
    private final BlockReader reader;
    private final ElementTransform transform;
    private final byte[] memory;
    private final int length;
    private final int slice;

    /** @param memory at least {@code length} bytes, and the transform's slack */
    PlainBlock(BlockReader reader, ElementTransform transform, byte[] memory, int length, int slice) {
        this.reader = reader;
        this.transform = transform;
        this.memory = memory;
        this.length = length;
        this.slice = slice;
    }

    @Override
    public void read(long start) throws IOException {
        reader.read(start, memory, 0);
        transform.apply(memory, length);
    }

    @Override
    public void writeTo(ByteSink sink) throws IOException {
        for (int at = 0; at < length; at += slice) {
            sink.write(ByteBuffer.wrap(memory, at, Math.min(slice, length - at)));
        }
    }
}
