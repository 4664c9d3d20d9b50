package org.ptsanitize.formats.bytes;

/** The bytes are of something else: the message names what, and what to do with it. */
public final class NotACheckpointException extends FileFormatException {
    private static final long serialVersionUID = 1L;

    public NotACheckpointException(String problem) {
        this(problem, "", "");
    }

    public NotACheckpointException(String problem, String where) {
        this(problem, where, "");
    }

    public NotACheckpointException(String problem, String where, String advice) {
        super(problem, where, advice);
    }
}
