package org.ptsanitize.properties.generate;

import java.util.Random;

/**
 * How a pickle is spelled.
 *
 * @param protocol 0 to 5
 * @param memoize memo entries by MEMOIZE instead of by number, from protocol 4 on
 * @param framed cut in frames, from protocol 4 on
 * @param busyMemo values are put in the memo that nobody gets
 * @param exotic opcodes of older protocols, which Python reads and no longer writes
 */
public record PickleStyle(int protocol, boolean memoize, boolean framed, boolean busyMemo, boolean exotic) {
    public PickleStyle {
        if (protocol < 0 || protocol > 5) {
            throw new IllegalArgumentException("protocol " + protocol);
        }
    }

    /** As PyTorch spells it. */
    public static PickleStyle plain() {
        return new PickleStyle(2, false, false, true, false);
    }

    static PickleStyle random(Random random, int lowestProtocol) {
        int protocol = random.nextInt(3) == 0 ? lowestProtocol + random.nextInt(6 - lowestProtocol) : 2;
        boolean modern = protocol >= 4;
        return new PickleStyle(
                protocol,
                modern && random.nextInt(4) > 0,
                modern && random.nextInt(4) > 0,
                random.nextBoolean(),
                random.nextInt(5) == 0);
    }
}
