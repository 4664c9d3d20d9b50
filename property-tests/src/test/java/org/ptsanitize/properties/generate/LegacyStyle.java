package org.ptsanitize.properties.generate;

import java.util.Random;

/**
 * How a legacy stream is spelled.
 *
 * @param pickle how all its pickles are spelled; protocol 2 or later
 * @param shortIds persistent ids without the place for view metadata
 */
public record LegacyStyle(PickleStyle pickle, boolean shortIds) {
    /** As PyTorch spells it. */
    public static LegacyStyle plain() {
        return new LegacyStyle(PickleStyle.plain(), false);
    }

    static LegacyStyle random(Random random) {
        return new LegacyStyle(PickleStyle.random(random, 2), random.nextInt(4) == 0);
    }
}
