package org.ptsanitize.formats.bytes;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.OptionalLong;

/**
 * Bytes that can be read at any 64-bit position, with a name for messages. Reads are positional, so one source may be
 * read by several threads at once. Buffers handed out are little-endian.
 */
public interface ByteSource extends Closeable {
    /** How messages call these bytes: a file's path, or a part of one. */
    String name();

    /** The number of bytes. */
    long size();

    /**
     * Fills the buffer's remaining space with the bytes from {@code position} on.
     *
     * @throws MalformedFileException if the source ends before the buffer is full
     */
    void readFully(long position, ByteBuffer target) throws IOException;

    /** Writes {@code count} bytes from {@code position} on to a channel, without a copy through the heap where possible. */
    void transferTo(long position, long count, WritableByteChannel target) throws IOException;

    /**
     * A new little-endian buffer with {@code length} bytes from {@code position} on. The range is checked before
     * anything is allocated.
     *
     * @throws MalformedFileException if the range ends behind the source
     */
    default ByteBuffer read(long position, int length) throws IOException {
        checkRange(position, length);
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        readFully(position, buffer);
        return buffer.flip();
    }

    /** Checks that {@code length} bytes from {@code position} on exist. */
    default void checkRange(long position, long length) throws MalformedFileException {
        if (position < 0 || length < 0 || position > size() - length) {
            long missing = length - (size() - position);
            throw new MalformedFileException(
                    "truncated: " + length + " bytes wanted, the data ends at byte " + size()
                            + (position < 0 || missing <= 0 ? "" : ", " + missing + " are missing"),
                    "byte " + position);
        }
    }

    /** Whether bytes that have been read contradict a checksum that came with them. */
    default boolean isContradicted() {
        return false;
    }

    /** Where these bytes begin in another source that they are a range of; nothing if they are not. */
    default OptionalLong offsetIn(ByteSource whole) {
        return this == whole ? OptionalLong.of(0) : OptionalLong.empty();
    }

    /**
     * A part of this source under its own name. Closing it does nothing: whoever opened this source closes it.
     *
     * @throws MalformedFileException if the range ends behind this source
     */
    default ByteSource slice(String name, long offset, long length) throws MalformedFileException {
        checkRange(offset, length);
        return new SliceSource(this, name, offset, length);
    }
}
