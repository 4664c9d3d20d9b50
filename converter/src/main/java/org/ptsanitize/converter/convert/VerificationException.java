package org.ptsanitize.converter.convert;

import java.io.IOException;

/** An output that was read back is not what it should be; it never gets its name. */
public final class VerificationException extends IOException {
    private static final long serialVersionUID = 1L;

    VerificationException(String message) {
        super(message);
    }
}
