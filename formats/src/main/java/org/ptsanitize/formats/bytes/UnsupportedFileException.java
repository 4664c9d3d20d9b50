package org.ptsanitize.formats.bytes;

/** The file is valid, but uses a feature that is not read. */
public final class UnsupportedFileException extends FileFormatException {
    private static final long serialVersionUID = 1L;

    public UnsupportedFileException(String problem) {
        this(problem, "", "");
    }

    public UnsupportedFileException(String problem, String where) {
        this(problem, where, "");
    }

    public UnsupportedFileException(String problem, String where, String advice) {
        super(problem, where, advice);
    }
}
