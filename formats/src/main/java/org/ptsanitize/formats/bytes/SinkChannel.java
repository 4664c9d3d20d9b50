package org.ptsanitize.formats.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A sink seen as a channel, for sources that transfer to one. Closing it does nothing. */
public record SinkChannel(ByteSink sink) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        sink.write(bytes);
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
