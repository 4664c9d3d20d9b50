package org.ptsanitize.formats.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A range of a source, held by its position instead of its bytes. */
public record ByteRange(ByteSource source, long offset, long length) {
    /** Reads the whole range; the caller has checked that it is small. */
    public ByteBuffer read() throws IOException {
        return source.read(offset, Math.toIntExact(length));
    }

    /** The range as a source of its own. */
    public ByteSource asSource(String name) throws MalformedFileException {
        return source.slice(name, offset, length);
    }
}
