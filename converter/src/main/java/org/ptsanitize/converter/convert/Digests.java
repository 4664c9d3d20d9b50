package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Sha256;
import org.ptsanitize.formats.tensor.TensorBytes;
import org.ptsanitize.formats.tensor.TensorView;

/** SHA-256 of tensors: of their C-contiguous little-endian bytes. */
final class Digests {
    private Digests() {}

    static byte[] sha256(TensorView view) throws IOException {
        DigestSink sink = new DigestSink();
        TensorBytes.write(view, sink);
        return sink.digest.digest();
    }

    /** Takes bytes into a digest. */
    private static final class DigestSink implements ByteSink {
        private static final int BLOCK = 1 << 18;

        private final MessageDigest digest = Sha256.digest();
        private long position;

        @Override
        public long position() {
            return position;
        }

        @Override
        public void write(ByteBuffer bytes) {
            position += bytes.remaining();
            digest.update(bytes);
        }

        @Override
        public void copy(ByteSource source, long offset, long length) throws IOException {
            ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, length));
            long done = 0;
            while (done < length) {
                block.clear().limit((int) Math.min(block.capacity(), length - done));
                source.readFully(offset + done, block);
                done += block.limit();
                write(block.flip());
            }
        }

        @Override
        public void close() {}
    }
}
