package org.ptsanitize.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;

/** A new file in which long runs of zeros are holes, which take no room on most file systems. */
final class SparseFile implements ByteSink {
    private static final int BLOCK = 1 << 20;
    private static final int SHORTEST_HOLE = 64 << 10;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK).asReadOnlyBuffer();

    private final FileChannel channel;
    private long position;

    SparseFile(Path path) throws IOException {
        channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        if (count >= SHORTEST_HOLE && count <= BLOCK && bytes.mismatch(ZEROS.slice(0, count)) < 0) {
            bytes.position(bytes.limit());
        }
        while (bytes.hasRemaining()) {
            channel.write(bytes, position + count - bytes.remaining());
        }
        position += count;
    }

    @Override
    public void copy(ByteSource source, long offset, long length) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect((int) Math.min(BLOCK, length));
        for (long done = 0; done < length; done += block.limit()) {
            block.clear().limit((int) Math.min(block.capacity(), length - done));
            source.readFully(offset + done, block);
            write(block.flip());
        }
    }

    /** Gives the file its size. */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (channel.size() < position) {
                channel.write(ByteBuffer.allocate(1), position - 1);
            }
        }
    }
}
