package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.ptsanitize.formats.bytes.FileFormatException;

/** Why something failed, in one sentence for the person who asked for it. */
public final class Reason {
    private Reason() {}

    /** The same without the name of the input, for a list in which that stands already. */
    public static String withoutFile(Throwable failure) {
        if (failure instanceof FileFormatException format) {
            String where = format.where().isEmpty() ? "" : " (" + format.where() + ")";
            String advice = format.advice().isEmpty() ? "" : "; " + format.advice();
            return format.problem() + where + advice;
        }
        if (failure instanceof VerificationException verification) {
            return verification.problem();
        }
        return of(failure);
    }

    /** What went wrong, with the file it is about where that is known. Not escaped, and of any length. */
    public static String of(Throwable failure) {
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + ": " + (missing.getReason() == null ? "no such file" : missing.getReason());
        }
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (failure instanceof FileSystemException system) {
            return system.getFile() + ": " + (system.getReason() == null ? "cannot be used" : system.getReason());
        }
        if (failure instanceof OutOfMemoryError) {
            return "needs more memory than the heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB; give it more with PTSANITIZE_JAVA_OPTS=-Xmx…";
        }
        String text = failure.getMessage();
        boolean told = failure instanceof IOException
                || failure instanceof IllegalArgumentException
                || failure instanceof NothingToConvertException
                || failure instanceof StrictException;
        return told && text != null ? text : "internal error, please report it with the output of -v: " + failure;
    }
}
