package org.ptsanitize.converter.migrate;

import java.io.IOException;
import java.nio.file.Path;

/** Another run is at work in the same folder of outputs. */
public final class BusyException extends IOException {
    private static final long serialVersionUID = 1L;

    BusyException(Path home, String holder) {
        super(home + ": another migration is at work there (" + holder + "); wait until it has ended, or stop it");
    }
}
