package org.ptsanitize.formats.bytes;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** A value for every {@link Limit}. Immutable. */
public final class Limits {
    private static final Limits DEFAULTS = new Limits(new EnumMap<>(Limit.class));

    private final Map<Limit, Long> changed;

    private Limits(Map<Limit, Long> changed) {
        this.changed = Collections.unmodifiableMap(changed);
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
        Map<Limit, Long> copy = new EnumMap<>(Limit.class);
        copy.putAll(changed);
        copy.put(limit, value);
        return new Limits(copy);
    }

    public long of(Limit limit) {
        return changed.getOrDefault(limit, limit.defaultValue());
    }
}
