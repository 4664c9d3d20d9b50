package org.ptsanitize.converter.sanitize;

import org.ptsanitize.formats.bytes.MalformedFileException;

/** Where a tensor is described, for errors about it. */
interface Fault {
    /** The error that this description is wrong in some way. */
    MalformedFileException malformed(String problem);

    /** The place, for messages. */
    String where();

    /** Byte offset of the description; 0 if it has none. */
    long offset();
}
