package org.ptsanitize.formats.pickle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.pickle.PickleValue.Global;

/** The globals of one run, one object for each name, with their first mention and count. */
final class Globals {
    /** Longer than any name that Python code has; comparing names has to stay cheap. */
    static final int LONGEST_NAME = 4_096;

    /** A {@link Global}, its tally, its entry in the table, and later its {@link GlobalUse} in a list. */
    private static final long BYTES = Meter.object(2, 0)
            + Meter.object(1, 16)
            + Meter.object(5, 4)
            + 2L * Meter.REFERENCE
            + Meter.object(1, 16)
            + 2L * Meter.REFERENCE;

    private final Map<Global, Tally> tallies = new LinkedHashMap<>();
    private final Meter meter;

    Globals(Meter meter) {
        this.meter = meter;
    }

    /** Counts one mention of a global. */
    Global mention(String module, String name) throws FileFormatException {
        checkLength(module);
        checkLength(name);
        Global global = new Global(module, name);
        Tally tally = tallies.get(global);
        if (tally == null) {
            meter.take(BYTES + Meter.string(2L * module.length()) + Meter.string(2L * name.length()));
            tally = new Tally(global, meter.offset());
            tallies.put(global, tally);
        }
        tally.count++;
        return tally.global;
    }

    private void checkLength(String name) throws FileFormatException {
        if (name.length() > LONGEST_NAME) {
            throw meter.unsupported(meter.opcode() + " of a name with " + name.length() + " characters, at most "
                    + LONGEST_NAME + " expected");
        }
    }

    /** All globals in order of first mention. */
    List<GlobalUse> uses() {
        List<GlobalUse> uses = new ArrayList<>(tallies.size());
        for (Tally tally : tallies.values()) {
            uses.add(new GlobalUse(tally.global, tally.firstOffset, tally.count));
        }
        return List.copyOf(uses);
    }

    private static final class Tally {
        private final Global global;
        private final long firstOffset;
        private long count;

        Tally(Global global, long firstOffset) {
            this.global = global;
            this.firstOffset = firstOffset;
        }
    }
}
