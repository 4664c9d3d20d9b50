package org.ptsanitize.converter.migrate;

/** What became of one unit. */
public enum Outcome {
    /** Its output is there, proven and durable. */
    CONVERTED("converted"),
    /** Carried along as it is: no checkpoint. */
    COPIED("copied"),
    /** A checkpoint without tensors: there is nothing to write. */
    NO_TENSORS("no_tensors"),
    /** Looked like a checkpoint from outside and is none. */
    NOT_A_CHECKPOINT("not_a_checkpoint"),
    /** Left alone, for a reason that is said. */
    SKIPPED("skipped"),
    /** There is no output, for a reason that is said. */
    FAILED("failed"),
    /** Would be converted or copied: the run is a dry one. */
    PLANNED("planned");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    /** The name in the journal and in reports. */
    public String text() {
        return text;
    }

    /** Whether the unit need not be looked at again while it, the options and the version stay the same. */
    boolean isSettled() {
        return this == CONVERTED || this == COPIED || this == NO_TENSORS || this == NOT_A_CHECKPOINT;
    }
}
