package org.ptsanitize.formats.bytes;

/** The bytes contradict their own format: truncated, damaged or made to deceive. */
public final class MalformedFileException extends FileFormatException {
    private static final long serialVersionUID = 1L;

    public MalformedFileException(String problem) {
        this(problem, "", "");
    }

    public MalformedFileException(String problem, String where) {
        this(problem, where, "");
    }

    public MalformedFileException(String problem, String where, String advice) {
        super(problem, where, advice);
    }
}
