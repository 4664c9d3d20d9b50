package org.ptsanitize.formats.bytes;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where an output goes, strictly from front to back. */
public interface ByteSink extends Closeable {
    /** The number of bytes written so far. */
    long position();

    /** Writes all remaining bytes of a buffer. */
    void write(ByteBuffer bytes) throws IOException;

    /** Writes a range of a source. */
    void copy(ByteSource source, long offset, long length) throws IOException;
}
