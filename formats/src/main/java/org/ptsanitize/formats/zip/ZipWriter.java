package org.ptsanitize.formats.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.SinkChannel;

/**
 * Writes an archive in one pass, byte for byte as PyTorch's own writer lays it out: members are stored, CRC and sizes
 * follow the data, every member's data start at a multiple of 64 (a padding field {@code FB} in the local header), and
 * numbers that need more than 32 bits go to zip64 fields. The same members always give the same bytes.
 *
 * <p>For each member {@link #begin}, exactly the announced bytes into {@link #body()}, {@link #end}; then
 * {@link #finish()}, before which some bytes may not have reached
 * the sink. The sink is neither owned nor closed.
 */
public final class ZipWriter {
    /** The data of every member start at a multiple of this. */
    public static final int ALIGNMENT = 64;

    private static final int COPY_BLOCK = 1 << 20;
    private static final int DESCRIPTOR_SIGNATURE = 0x08074b50;
    private static final int FLAG_UTF8 = 0x800;

    private static final int PENDING = 1 << 16;

    private final ByteSink out;
    private final ByteBuffer pending = ByteBuffer.allocateDirect(PENDING);
    private long position;
    private final Body body = new Body();
    private final List<Entry> entries = new ArrayList<>();
    private final ByteBuffer record = ByteBuffer.allocate(1 << 10).order(ByteOrder.LITTLE_ENDIAN);
    private boolean finished;

    /** A writer of an archive that starts where the sink is now. */
    public ZipWriter(ByteSink out) {
        this.out = out;
    }

    private static final class Entry {
        private final byte[] name;
        private final long offset;
        private final long size;
        private int crc;

        Entry(byte[] name, long offset, long size) {
            this.name = name;
            this.offset = offset;
            this.size = size;
        }

        /** PyTorch's writer goes over to zip64 already at the largest 32-bit number. */
        boolean hasLargeSize() {
            return size >= CentralHeader.IN_ZIP64;
        }

        boolean hasLargeOffset() {
            return offset >= CentralHeader.IN_ZIP64;
        }

        boolean isLarge() {
            return hasLargeSize() || hasLargeOffset();
        }

        int zip64Length() {
            return !isLarge() ? 0 : 4 + (hasLargeSize() ? 16 : 0) + (hasLargeOffset() ? 8 : 0);
        }

        /** Puts the zip64 field, if one is needed. In a local header PyTorch states a packed size of 0. */
        void putZip64(ByteBuffer record, long packedSize) {
            if (isLarge()) {
                record.putShort((short) 1).putShort((short) (zip64Length() - 4));
                if (hasLargeSize()) {
                    record.putLong(size).putLong(packedSize);
                }
                if (hasLargeOffset()) {
                    record.putLong(offset);
                }
            }
        }

        /** An empty member has no data descriptor. */
        int flags() {
            return size == 0 ? FLAG_UTF8 : FLAG_UTF8 | LocalHeader.FLAG_DESCRIPTOR;
        }
    }

    /**
     * Starts a member.
     *
     * @param name at most 512 bytes of UTF-8
     * @param size the exact number of bytes that will follow
     */
    public void begin(String name, long size) throws IOException {
        if (body.open || finished) {
            throw new IllegalStateException(finished ? "the archive is finished" : "the member before has not ended");
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (size < 0 || bytes.length == 0 || bytes.length > CentralHeader.LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "a member of " + size + " bytes with a name of " + bytes.length + " bytes");
        }
        Entry entry = new Entry(bytes, position, size);
        writeLocalHeader(entry);
        body.start(entry);
    }

    /** Where the next byte goes, counted from the start of the archive: behind {@link #begin}, where the data start. */
    public long position() {
        return position;
    }

    /** Takes the data of the member that was begun last; more than announced is an {@link IllegalStateException}. */
    public ByteSink body() {
        return body;
    }

    /** Ends the member. */
    public void end() throws IOException {
        Entry entry = body.end();
        entries.add(entry);
        if (entry.size > 0) {
            record.clear().putInt(DESCRIPTOR_SIGNATURE).putInt(entry.crc);
            if (entry.isLarge()) {
                record.putLong(entry.size).putLong(entry.size);
            } else {
                record.putInt((int) entry.size).putInt((int) entry.size);
            }
            put(record.flip());
        }
    }

    /** Writes the directory. Nothing can follow. */
    public void finish() throws IOException {
        if (body.open || finished) {
            throw new IllegalStateException(finished ? "the archive is finished" : "the last member has not ended");
        }
        finished = true;
        long start = position;
        for (Entry entry : entries) {
            writeCentralHeader(entry);
        }
        writeEnd(start, position - start);
        flush();
    }

    /** Collects what is small, so that a million small members are not three million small writes. */
    private void put(ByteBuffer bytes) throws IOException {
        position += bytes.remaining();
        if (bytes.remaining() > pending.remaining()) {
            flush();
        }
        if (bytes.remaining() > pending.remaining()) {
            out.write(bytes);
        } else {
            pending.put(bytes);
        }
    }

    private void flush() throws IOException {
        out.write(pending.flip());
        pending.clear();
    }

    private void writeLocalHeader(Entry entry) throws IOException {
        long padded = entry.offset + LocalHeader.FIXED_LENGTH + entry.name.length + entry.zip64Length() + 4;
        int padding = (int) (-padded & (ALIGNMENT - 1));
        record.clear().putInt(LocalHeader.SIGNATURE).putShort((short) 0).putShort((short) entry.flags());
        record.putShort((short) ZipMember.STORED).putInt(0).putInt(0).putInt(0).putInt(0);
        record.putShort((short) entry.name.length)
                .putShort((short) (entry.zip64Length() + 4 + padding))
                .put(entry.name);
        entry.putZip64(record, 0);
        record.put((byte) 'F').put((byte) 'B').putShort((short) padding);
        for (int i = 0; i < padding; i++) {
            record.put((byte) 'Z');
        }
        put(record.flip());
    }

    private void writeCentralHeader(Entry entry) throws IOException {
        int size = (int) Math.min(entry.size, CentralHeader.IN_ZIP64);
        record.clear().putInt(CentralHeader.SIGNATURE).putShort((short) 0).putShort((short) 0);
        record.putShort((short) entry.flags())
                .putShort((short) ZipMember.STORED)
                .putInt(0);
        record.putInt(entry.crc).putInt(size).putInt(size);
        record.putShort((short) entry.name.length)
                .putShort((short) entry.zip64Length())
                .putShort((short) 0);
        record.putShort((short) 0).putShort((short) 0).putInt(0);
        record.putInt((int) Math.min(entry.offset, CentralHeader.IN_ZIP64)).put(entry.name);
        entry.putZip64(record, entry.size);
        put(record.flip());
    }

    private void writeEnd(long start, long length) throws IOException {
        long count = entries.size();
        int zip64Length = 44;
        int madeBy = 798;
        int needed = 45;
        record.clear().putInt(EndOfDirectory.ZIP64_SIGNATURE).putLong(zip64Length);
        record.putShort((short) madeBy).putShort((short) needed).putInt(0).putInt(0);
        record.putLong(count).putLong(count).putLong(length).putLong(start);
        record.putInt(EndOfDirectory.LOCATOR_SIGNATURE)
                .putInt(0)
                .putLong(start + length)
                .putInt(1);
        short shortCount = (short) Math.min(count, EndOfDirectory.IN_ZIP64_COUNT);
        record.putInt(EndOfDirectory.SIGNATURE).putInt(0).putShort(shortCount).putShort(shortCount);
        record.putInt((int) Math.min(length, CentralHeader.IN_ZIP64));
        record.putInt((int) Math.min(start, CentralHeader.IN_ZIP64)).putShort((short) 0);
        put(record.flip());
    }

    /** Counts and checksums the data of one member on their way to the sink. */
    private final class Body implements ByteSink {
        private final CRC32 crc = new CRC32();
        private Entry entry = new Entry(new byte[0], 0, 0);
        private ByteBuffer block = ByteBuffer.allocateDirect(0);
        private long written;
        private boolean open;

        private void start(Entry begun) {
            entry = begun;
            written = 0;
            crc.reset();
            open = true;
        }

        private Entry end() {
            if (!open || written != entry.size) {
                throw new IllegalStateException(
                        open ? written + " bytes written, " + entry.size + " announced" : "no member has begun");
            }
            open = false;
            entry.crc = (int) crc.getValue();
            return entry;
        }

        @Override
        public long position() {
            return written;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            admit(bytes.remaining());
            crc.update(bytes.duplicate());
            put(bytes);
        }

        @Override
        public void copy(ByteSource source, long offset, long length) throws IOException {
            source.checkRange(offset, length);
            if (length < COPY_BLOCK) {
                source.transferTo(offset, length, new SinkChannel(this));
                return;
            }
            if (block.capacity() == 0) {
                block = ByteBuffer.allocateDirect(COPY_BLOCK);
            }
            for (long done = 0; done < length; done += block.limit()) {
                block.clear().limit((int) Math.min(COPY_BLOCK, length - done));
                source.readFully(offset + done, block);
                write(block.flip());
            }
        }

        private void admit(long count) {
            if (!open || count > entry.size - written) {
                throw new IllegalStateException(
                        open ? "more than the announced " + entry.size + " bytes" : "no member has begun");
            }
            written += count;
        }

        /** Does nothing: {@link ZipWriter#end()} ends the member. */
        @Override
        public void close() {}
    }
}
