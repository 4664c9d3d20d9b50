package org.ptsanitize.formats.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;

/** Takes the first bytes of a stream and then ends it with {@link Enough}. */
final class FirstBytes implements ByteSink {
    /** There are as many bytes as were asked for. */
    static final class Enough extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final ByteBuffer taken;

    FirstBytes(int count) {
        this.taken = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The bytes so far. */
    ByteBuffer bytes() {
        return taken.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
    }

    @Override
    public long position() {
        return taken.position();
    }

    @Override
    public void write(ByteBuffer bytes) throws Enough {
        int count = Math.min(bytes.remaining(), taken.remaining());
        taken.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.limit());
        if (!taken.hasRemaining()) {
            throw new Enough();
        }
    }

    @Override
    public void copy(ByteSource source, long offset, long length) throws IOException {
        write(source.read(offset, (int) Math.min(length, taken.remaining())));
    }

    @Override
    public void close() {}
}
