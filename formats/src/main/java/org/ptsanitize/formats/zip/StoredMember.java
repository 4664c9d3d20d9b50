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

    private final ByteSource archive;
    private final String name;
    private final long offset;
    private final long size;
    private final int expected;
    private @Nullable Sum sum;
    private boolean complete;
    private boolean contradicted;

    private StoredMember(ByteSource archive, String name, ZipMember member) {
        this.archive = archive;
        this.name = name;
        this.offset = member.dataOffset();
        this.size = member.compressedSize();
        this.expected = (int) member.crc();
    }

    /** Of the bytes read so far; there are many members, and few of them are being read. */
    private static final class Sum {
        private final CRC32 crc = new CRC32();
        private long next;
    }

    /** A member of an archive; a stated CRC-32 of 0 means that none was computed. */
    static ByteSource of(ByteSource archive, String name, ZipMember member) throws IOException {
        archive.checkRange(member.dataOffset(), member.compressedSize());
        return member.crc() == 0
                ? archive.slice(name, member.dataOffset(), member.compressedSize())
                : new StoredMember(archive, name, member);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
        checkRange(position, target.remaining());
        ByteBuffer read = target.duplicate();
        archive.readFully(offset + position, target);
        sum(position, read.limit(target.position()));
    }

    private synchronized void sum(long position, ByteBuffer read) {
        if (position == 0 && !complete) {
            sum = new Sum();
        }
        if (sum == null || position != sum.next) {
            return;
        }
        sum.next += read.remaining();
        sum.crc.update(read);
        if (sum.next == size) {
            contradicted = (int) sum.crc.getValue() != expected;
            complete = true;
            sum = null;
        }
    }

    @Override
    public synchronized boolean isContradicted() {
        return contradicted;
    }

    @Override
    public void transferTo(long position, long count, WritableByteChannel target) throws IOException {
        checkRange(position, count);
        if (target instanceof FileChannel) {
            archive.transferTo(offset + position, count, target);
            return;
        }
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
        if (this == whole) {
            return OptionalLong.of(0);
        }
        OptionalLong before = archive.offsetIn(whole);
        return before.isPresent() ? OptionalLong.of(before.getAsLong() + offset) : before;
    }

    @Override
    public void close() {}
}
