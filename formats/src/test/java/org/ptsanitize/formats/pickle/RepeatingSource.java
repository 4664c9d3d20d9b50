package org.ptsanitize.formats.pickle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.ptsanitize.formats.bytes.ByteSource;

/** A source of any size that costs no memory: some bytes once, then others again and again. */
final class RepeatingSource implements ByteSource {
    private final byte[] start;
    private final Unit unit;
    private final int unitLength;
    private final long size;

    /** The bytes of one repetition, all of the same length. */
    interface Unit {
        byte[] bytes(int repetition);
    }

    RepeatingSource(byte[] start, Unit unit, long size) {
        this.start = start;
        this.unit = unit;
        this.unitLength = unit.bytes(0).length;
        this.size = size;
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
        checkRange(position, target.remaining());
        long at = position;
        while (target.hasRemaining()) {
            if (at < start.length) {
                target.put(start[(int) at++]);
            } else {
                byte[] bytes = unit.bytes((int) ((at - start.length) / unitLength));
                int from = (int) ((at - start.length) % unitLength);
                int count = Math.min(target.remaining(), unitLength - from);
                target.put(bytes, from, count);
                at += count;
            }
        }
    }

    @Override
    public void transferTo(long position, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
