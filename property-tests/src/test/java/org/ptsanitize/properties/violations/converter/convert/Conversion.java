package org.ptsanitize.properties.violations.converter.convert;

import org.ptsanitize.properties.violations.Breaks;
import org.ptsanitize.properties.violations.cli.Screen;
import org.ptsanitize.properties.violations.formats.pickle.Lookups;

/** Knows a later module, which is wrong, and an earlier one, which is right. */
@Breaks("converter does not know cli")
public final class Conversion {
    int from(Lookups earlier, Screen later) {
        return earlier.hashCode() + later.hashCode();
    }
}
