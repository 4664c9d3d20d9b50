package org.ptsanitize.converter.convert;

import java.io.IOException;

/** An output that was read back is not what it should be; it never gets its name. */
public final class VerificationException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    VerificationException(String problem) {
        this("", problem);
    }

    private VerificationException(String file, String problem) {
        super(file.isEmpty() ? problem : file + ": " + problem);
        this.problem = problem;
    }

    /** The same with the name of the output. */
    VerificationException in(String output) {
        VerificationException named = new VerificationException(output, problem);
        named.initCause(this);
        return named;
    }

    /** What is not as it should be, without the name of the file. */
    String problem() {
        return problem;
    }
}
