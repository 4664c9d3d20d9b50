package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;

/** Passes elements on, with zeros in place of those that no view reaches. */
final class MaskingSink implements ByteSink {
    private static final int BLOCK = 1 << 20;

    private final ByteSink out;
    private final BitSet reached;
    private final int elementSize;
    private long position;

    MaskingSink(ByteSink out, BitSet reached, int elementSize) {
        this.out = out;
        this.reached = reached;
        this.elementSize = elementSize;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        byte[] block = new byte[Math.min(BLOCK, bytes.remaining())];
        while (bytes.hasRemaining()) {
            int n = Math.min(block.length, bytes.remaining());
            bytes.get(block, 0, n);
            for (int i = 0; i < n; i++) {
                if (!reached.get((int) ((position + i) / elementSize))) {
                    block[i] = 0;
                }
            }
            out.write(ByteBuffer.wrap(block, 0, n));
            position += n;
        }
    }

    @Override
    public void copy(ByteSource source, long offset, long length) throws IOException {
        long done = 0;
        while (done < length) {
            int n = (int) Math.min(BLOCK, length - done);
            write(source.read(offset + done, n));
            done += n;
        }
    }

    @Override
    public void close() {}
}
