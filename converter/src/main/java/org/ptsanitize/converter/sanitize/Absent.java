package org.ptsanitize.converter.sanitize;

/** Where something was dropped or a cycle was cut. In a mapping the entry goes; in a sequence {@code None} stands in. */
public record Absent(Reason reason) implements Node {
    /** Why nothing is there. */
    public enum Reason {
        DROPPED_CALL,
        CYCLE,
        NO_DATA,
        ALREADY_NAMED,
        DAMAGED
    }
}
