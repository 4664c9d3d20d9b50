package org.ptsanitize.converter.convert;

/** With {@code --strict}: the conversion would lose something. */
public final class StrictException extends Exception {
    private static final long serialVersionUID = 1L;

    StrictException(String message) {
        super(message);
    }
}
