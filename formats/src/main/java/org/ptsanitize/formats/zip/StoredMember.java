package org.ptsanitize.formats.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.ByteSource;

/**
 * The bytes of a stored member. Whoever reads them from front to back, in whatever pieces, has their CRC-32 compared with
 * the one that the directory states; bytes that go from file to file inside the system are not seen. No reader of PyTorch
 * compares it, so a wrong one is no error.
 */
final class StoredMember implements ByteSource {
    private static final int BLOCK = 1 << 16;

    private final ByteSource bytes;
    private final long expected;
    private @Nullable CRC32 crc;
    private long next;
    private boolean contradicted;

    private StoredMember(ByteSource bytes, long expected) {
        this.bytes = bytes;
        this.expected = expected;
    }

    /** A member of an archive; a stated CRC-32 of 0 means that none was computed. */
    static ByteSource of(ByteSource archive, ZipMember member) throws IOException {
        ByteSource bytes = archive.slice(member.name(), member.dataOffset(), member.compressedSize());
        return member.crc() == 0 ? bytes : new StoredMember(bytes, member.crc());
    }

    @Override
    public String name() {
        return bytes.name();
    }

    @Override
    public long size() {
        return bytes.size();
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
        ByteBuffer read = target.duplicate();
        bytes.readFully(position, target);
        sum(position, read.limit(target.position()));
    }

    private synchronized void sum(long position, ByteBuffer read) {
        if (position == 0 && next < size()) {
            crc = new CRC32();
            next = 0;
        }
        if (position != next || crc == null) {
            return;
        }
        next += read.remaining();
        crc.update(read);
        if (next == size()) {
            contradicted = crc.getValue() != expected;
            crc = null;
        }
    }

    @Override
    public synchronized boolean isContradicted() {
        return contradicted;
    }

    @Override
    public void transferTo(long position, long count, WritableByteChannel target) throws IOException {
        if (target instanceof FileChannel) {
            bytes.transferTo(position, count, target);
            return;
        }
        checkRange(position, count);
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, count));
        for (long done = 0; done < count; done += block.limit()) {
            block.clear().limit((int) Math.min(BLOCK, count - done));
            readFully(position + done, block);
            for (block.flip(); block.hasRemaining(); ) {
                target.write(block);
            }
        }
    }

    @Override
    public OptionalLong offsetIn(ByteSource whole) {
        return this == whole ? OptionalLong.of(0) : bytes.offsetIn(whole);
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
