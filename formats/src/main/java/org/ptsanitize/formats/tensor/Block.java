package org.ptsanitize.formats.tensor;

import java.io.IOException;
import org.ptsanitize.formats.bytes.ByteSink;

/** A part of an output that is in memory between source and sink. */
interface Block {
    /** Reads the part whose first element is at {@code start} in the source. */
    void read(long start) throws IOException;

    /** Writes what was read last, as often as wanted. */
    void writeTo(ByteSink sink) throws IOException;
}
