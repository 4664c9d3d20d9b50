package org.ptsanitize.converter.sanitize;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.ptsanitize.formats.bytes.FileFormatException;

/** The damaged parts of a checkpoint, in the order in which they were met, and how many there are. */
public final class Damage {
    private static final int KEPT = 1_000;

    private final List<Part> parts = new ArrayList<>();
    private long count;

    /** A part that could not be read, its path in the checkpoint, and why. */
    public record Part(String path, FileFormatException problem) {}

    void add(String path, FileFormatException problem) {
        count++;
        if (parts.size() < KEPT) {
            parts.add(new Part(path, problem));
        }
    }

    /** The first of the damaged parts. */
    public List<Part> parts() {
        return Collections.unmodifiableList(parts);
    }

    public long count() {
        return count;
    }
}
