package org.ptsanitize.formats.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.OptionalLong;

/** A range of another source. */
final class SliceSource implements ByteSource {
    private final ByteSource whole;
    private final String name;
    private final long offset;
    private final long length;

    SliceSource(ByteSource whole, String name, long offset, long length) {
        this.whole = whole;
        this.name = name;
        this.offset = offset;
        this.length = length;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return length;
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
        checkRange(position, target.remaining());
        whole.readFully(offset + position, target);
    }

    @Override
    public void transferTo(long position, long count, WritableByteChannel target) throws IOException {
        checkRange(position, count);
        whole.transferTo(offset + position, count, target);
    }

    @Override
    public boolean isContradicted() {
        return whole.isContradicted();
    }

    @Override
    public OptionalLong offsetIn(ByteSource other) {
        if (this == other) {
            return OptionalLong.of(0);
        }
        OptionalLong before = whole.offsetIn(other);
        return before.isPresent() ? OptionalLong.of(before.getAsLong() + offset) : before;
    }

    @Override
    public ByteSource slice(String sliceName, long sliceOffset, long sliceLength) throws MalformedFileException {
        checkRange(sliceOffset, sliceLength);
        return new SliceSource(whole, sliceName, offset + sliceOffset, sliceLength);
    }

    @Override
    public void close() {}
}
