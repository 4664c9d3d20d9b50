package org.ptsanitize.formats.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;

/** Keeps what was written, and which ranges were copied without passing through a buffer. */
final class RecordingSink implements ByteSink {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<String> copies = new ArrayList<>();
    private final List<Integer> writes = new ArrayList<>();

    static byte[] bytesOf(TensorView view) throws IOException {
        return bytesOf(view, Buffers.DEFAULT);
    }

    static byte[] bytesOf(TensorView view, Buffers buffers) throws IOException {
        try (RecordingSink sink = new RecordingSink()) {
            TensorBytes.write(view, sink, buffers);
            return sink.bytes();
        }
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    List<String> copies() {
        return copies;
    }

    /** The lengths of what was written through a buffer. */
    List<Integer> writes() {
        return writes;
    }

    @Override
    public long position() {
        return out.size();
    }

    @Override
    public void write(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        out.writeBytes(copy);
        writes.add(copy.length);
    }

    @Override
    public void copy(ByteSource source, long offset, long length) throws IOException {
        copies.add(offset + "+" + length);
        source.transferTo(offset, length, Channels.newChannel(out));
    }

    @Override
    public void close() {}
}
