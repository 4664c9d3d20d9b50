package org.ptsanitize.formats.tensor;

/**
 * A dimension on the way from a storage to an output.
 *
 * @param size the number of indexes
 * @param from bytes from one index to the next where elements are read
 * @param to bytes from one index to the next where they are written
 */
record Axis(long size, long from, long to) {
    Axis withSize(long newSize) {
        return new Axis(newSize, from, to);
    }

    /** The same dimension, read at another distance. */
    Axis withFrom(long newFrom) {
        return new Axis(size, newFrom, to);
    }

    /** Bytes from the first index to the last one where elements are read. */
    long reach() {
        return (size - 1) * from;
    }
}
