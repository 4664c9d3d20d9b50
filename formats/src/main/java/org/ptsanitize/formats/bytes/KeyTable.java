package org.ptsanitize.formats.bytes;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Finds keys among very many by their index in a list that the caller has. A key takes one slot of eight bytes and no
 * object of its own, so a million of them cost the collector nothing. Keys whose hashes meet too often, which a file can
 * arrange, go to a {@link HashMap}, where comparable keys are found in logarithmic time.
 */
public final class KeyTable {
    /** Keys that follow each other often have hashes that do: so many share one part of the table. */
    private static final int NEAR_BITS = 4;

    private static final int SMALLEST_BITS = NEAR_BITS + 1;
    private static final int LARGEST_BITS = 30;

    /** Slots that are looked at for one key, and among them keys of the same hash that are looked at. */
    private static final int MOST_PROBES = 256;

    private static final int MOST_SAME = 16;

    private final IntFunction<?> keys;
    private int bits = SMALLEST_BITS;
    /** The hash in the upper half, the index and one more in the lower; 0 where there is none. */
    private long[] slots = {};

    private int used;
    private Map<Object, Integer> crowded = Map.of();

    /**
     * A table without keys.
     *
     * @param expected the number of keys; more are possible
     * @param keys the key at an index that was added
     */
    public KeyTable(int expected, IntFunction<?> keys) {
        this.keys = keys;
        while (bits < LARGEST_BITS && 1L << bits < 2L * expected) {
            bits++;
        }
    }

    /** The index of an equal key that is there already; −1 if there is none, then this one is there from now on. */
    public int add(Object key, int index) {
        if (slots.length == 0) {
            slots = new long[1 << bits];
        } else if (2L * used >= slots.length && bits < LARGEST_BITS) {
            grow();
        }
        int hash = key.hashCode();
        int slot = slot(key, hash);
        if (slot >= 0 && slots[slot] != 0) {
            return index(slots[slot]);
        }
        int before = findCrowded(key);
        if (before >= 0) {
            return before;
        }
        if (slot < 0) {
            crowd(key, index);
        } else {
            slots[slot] = (long) hash << Integer.SIZE | (index + 1);
            used++;
        }
        return -1;
    }

    /** The index of an equal key, or −1. */
    public int find(Object key) {
        if (slots.length == 0) {
            return -1;
        }
        int slot = slot(key, key.hashCode());
        return slot >= 0 && slots[slot] != 0 ? index(slots[slot]) : findCrowded(key);
    }

    private int findCrowded(Object key) {
        return crowded.isEmpty() ? -1 : crowded.getOrDefault(key, -1);
    }

    /** The slot of a key or the one that it can have; −1 if too many others are near. */
    private int slot(Object key, int hash) {
        int slot = first(hash);
        int same = 0;
        for (int probe = 0; probe < MOST_PROBES; probe++) {
            long there = slots[slot];
            if (there == 0) {
                return slot;
            }
            if (hash(there) == hash) {
                if (keys.apply(index(there)).equals(key)) {
                    return slot;
                }
                if (++same == MOST_SAME) {
                    return -1;
                }
            }
            slot = slot + 1 & slots.length - 1;
        }
        return -1;
    }

    /** The slot for a key that is in no slot yet, by the same rule. */
    private int free(int hash) {
        int slot = first(hash);
        int same = 0;
        for (int probe = 0; probe < MOST_PROBES && same < MOST_SAME; probe++) {
            if (slots[slot] == 0) {
                return slot;
            }
            same += hash(slots[slot]) == hash ? 1 : 0;
            slot = slot + 1 & slots.length - 1;
        }
        return -1;
    }

    private int first(int hash) {
        int part = (hash >>> NEAR_BITS) * 0x9e3779b9 >>> Integer.SIZE - (bits - NEAR_BITS);
        return part << NEAR_BITS | hash & (1 << NEAR_BITS) - 1;
    }

    private static int hash(long slot) {
        return (int) (slot >>> Integer.SIZE);
    }

    private static int index(long slot) {
        return (int) slot - 1;
    }

    private void grow() {
        long[] before = slots;
        bits++;
        slots = new long[1 << bits];
        for (long there : before) {
            if (there != 0) {
                int slot = free(hash(there));
                if (slot >= 0) {
                    slots[slot] = there;
                } else {
                    crowd(keys.apply(index(there)), index(there));
                    used--;
                }
            }
        }
    }

    private void crowd(Object key, int index) {
        if (crowded.isEmpty()) {
            crowded = new HashMap<>();
        }
        crowded.put(key, index);
    }
}
