package org.ptsanitize.formats.bytes;

/** A value for every {@link Limit}. Immutable. */
public final class Limits {
    private static final Limits DEFAULTS = new Limits(defaultValues());

    private final long[] values;

    private Limits(long[] values) {
        this.values = values;
    }

    private static long[] defaultValues() {
        Limit[] limits = Limit.values();
        long[] values = new long[limits.length];
        for (Limit limit : limits) {
            values[limit.ordinal()] = limit.defaultValue();
        }
        return values;
    }

    public static Limits defaults() {
        return DEFAULTS;
    }

    /**
     * These limits with one of them changed.
     *
     * @throws IllegalArgumentException if the value is negative
     */
    public Limits with(Limit limit, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(limit.flag() + " must not be negative: " + value);
        }
        long[] copy = values.clone();
        copy[limit.ordinal()] = value;
        return new Limits(copy);
    }

    public long of(Limit limit) {
        return values[limit.ordinal()];
    }
}
