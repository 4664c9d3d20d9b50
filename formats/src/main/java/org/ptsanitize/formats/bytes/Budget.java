package org.ptsanitize.formats.bytes;

/**
 * What is left of the {@link Limits} while one input is worked on. All pickles, archives and walks of that input pay
 * from the same budget. Not thread-safe: one budget belongs to one conversion.
 */
public final class Budget {
    private final Limits limits;
    private final long[] left = new long[Limit.values().length];

    public Budget(Limits limits) {
        this.limits = limits;
        for (Limit limit : Limit.values()) {
            left[limit.ordinal()] = limits.of(limit);
        }
    }

    public Limits limits() {
        return limits;
    }

    /** Takes an amount off what is left of a limit. */
    public void spend(Limit limit, long amount, String where) throws LimitExceededException {
        int i = limit.ordinal();
        if (amount > left[i]) {
            throw new LimitExceededException(limit, limits.of(limit), where);
        }
        left[i] -= amount;
    }

    /** Takes one off; the place is a byte offset, turned into text only when the limit is reached. */
    public void spendOne(Limit limit, long offset) throws LimitExceededException {
        if (--left[limit.ordinal()] < 0) {
            throw new LimitExceededException(limit, limits.of(limit), "byte " + offset);
        }
    }

    /** Takes bytes of heap off what is left of {@link Limit#MEMORY}. */
    public void spendMemory(long bytes, long offset) throws LimitExceededException {
        if ((left[Limit.MEMORY.ordinal()] -= bytes) < 0) {
            throw new LimitExceededException(Limit.MEMORY, limits.of(Limit.MEMORY), "byte " + offset);
        }
    }

    /** What is left of a limit. */
    public long left(Limit limit) {
        return left[limit.ordinal()];
    }

    /** Gives heap back that is no longer held. */
    public void releaseMemory(long bytes) {
        left[Limit.MEMORY.ordinal()] += bytes;
    }

    /** Checks one size against a limit that holds for each thing by itself, such as {@link Limit#TEXT}. */
    public void check(Limit limit, long size, String where) throws LimitExceededException {
        if (size > limits.of(limit)) {
            throw new LimitExceededException(limit, limits.of(limit), where);
        }
    }
}
