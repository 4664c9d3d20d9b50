package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;

/**
 * Writes a file from front to back: collects what it is given in blocks, which a {@link BlockWriter} writes while the
 * next is filled. With read-back every byte of the file has been read from it again and compared with the byte that was
 * written, once {@link #finish()} has returned.
 */
final class FileSink implements ByteSink {
    /** From here on a range that need not be read back goes from file to file inside the system. */
    private static final long DIRECT = 256 << 10;

    private static final long SLICE = 16 << 20;

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final FileChannel channel;
    private final boolean readBack;
    private final EarlyFlush flush;
    private final BlockWriter writer;
    private ByteBuffer block = NONE;
    private long position;
    private boolean handedOver;

    FileSink(FileChannel channel, boolean readBack) {
        this.channel = channel;
        this.readBack = readBack;
        this.flush = new EarlyFlush(channel);
        this.writer = new BlockWriter(channel, flush, readBack);
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            ByteBuffer part = bytes.duplicate();
            int count = Math.min(room(), part.remaining());
            block.put(part.limit(part.position() + count));
            bytes.position(bytes.position() + count);
            position += count;
        }
    }

    @Override
    public void copy(ByteSource source, long offset, long length) throws IOException {
        if (!readBack && length >= DIRECT) {
            transfer(source, offset, length);
            return;
        }
        long done = 0;
        while (done < length) {
            int count = (int) Math.min(room(), length - done);
            int limit = block.limit();
            source.readFully(offset + done, block.limit(block.position() + count));
            block.limit(limit);
            done += count;
            position += count;
        }
    }

    /** The room in the block, of which there is some after this. */
    private int room() throws IOException {
        if (!block.hasRemaining()) {
            ByteBuffer filled = block;
            block = NONE;
            if (filled.capacity() > 0) {
                handedOver = true;
                writer.put(filled.flip());
            }
            block = writer.take();
        }
        return block.remaining();
    }

    private void transfer(ByteSource source, long offset, long length) throws IOException {
        settle();
        for (long done = 0; done < length; done += SLICE) {
            long count = Math.min(SLICE, length - done);
            source.transferTo(offset + done, count, channel);
            position += count;
            flush.reached(position);
        }
    }

    /** Has all that was given so far written. */
    private void settle() throws IOException {
        if (handedOver) {
            writer.drain();
        }
        if (block.position() > 0) {
            writer.write(block.flip());
            block.clear();
        }
    }

    /** Ends the writing; the content is in the file, though perhaps not yet on the disk. */
    void finish() throws IOException {
        settle();
        close();
    }

    /** Ends the threads. Without {@link #finish()} the file is incomplete. */
    @Override
    public void close() throws IOException {
        if (block.capacity() > 0) {
            BlockPool.give(block);
            block = NONE;
        }
        try {
            writer.end();
        } finally {
            flush.end();
        }
    }
}
