package org.ptsanitize.formats.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A sink over a channel. Closing the sink closes the channel. */
public final class ChannelSink implements ByteSink {
    private final WritableByteChannel channel;
    private long position;

    public ChannelSink(WritableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            position += channel.write(bytes);
        }
    }

    @Override
    public void copy(ByteSource source, long offset, long length) throws IOException {
        source.transferTo(offset, length, channel);
        position += length;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
