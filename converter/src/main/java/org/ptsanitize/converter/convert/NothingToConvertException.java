package org.ptsanitize.converter.convert;

/** The input holds no tensor, or the options leave none. */
public final class NothingToConvertException extends Exception {
    private static final long serialVersionUID = 1L;

    NothingToConvertException(String message) {
        super(message);
    }
}
