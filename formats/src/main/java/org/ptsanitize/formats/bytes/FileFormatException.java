package org.ptsanitize.formats.bytes;

import java.io.IOException;

/**
 * A file that cannot be read as what it claims to be. The family is sealed: one type for each thing a caller does
 * differently. The message is one line: file, problem, where in the file, what to do.
 */
public abstract sealed class FileFormatException extends IOException
        permits NotACheckpointException, MalformedFileException, UnsupportedFileException, LimitExceededException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String advice;
    private String where;
    private String file = "";

    FileFormatException(String problem, String where, String advice) {
        super(problem);
        this.problem = problem;
        this.where = where;
        this.advice = advice;
    }

    /** Names the file this error is about; the first name given stays. Returns this error. */
    public final FileFormatException in(String fileName) {
        if (file.isEmpty()) {
            file = fileName;
        }
        return this;
    }

    /** Tells that the place is inside a part of the file, such as a member of an archive. Returns this error. */
    public final FileFormatException within(String part) {
        where = where.isEmpty() ? part : part + ", " + where;
        return this;
    }

    /** The file, or an empty text when no one has named it yet. */
    public final String file() {
        return file;
    }

    /** What was found and what was expected. */
    public final String problem() {
        return problem;
    }

    /** The byte offset or the path in the checkpoint, or an empty text. */
    public final String where() {
        return where;
    }

    /** What the reader of the message can do, or an empty text. */
    public final String advice() {
        return advice;
    }

    @Override
    public final String getMessage() {
        StringBuilder line = new StringBuilder();
        if (!file.isEmpty()) {
            line.append(file).append(": ");
        }
        line.append(problem);
        if (!where.isEmpty()) {
            line.append(" (").append(where).append(')');
        }
        if (!advice.isEmpty()) {
            line.append("; ").append(advice);
        }
        return Printable.line(line.toString());
    }
}
