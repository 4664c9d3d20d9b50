package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.nio.file.Path;

/** There is no room left for outputs; what was finished before is in the journal. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    DiskFullException(Path home) {
        super(home + ": the disk is full; make room and run the same command again, it goes on where it was");
    }
}
