package org.ptsanitize.properties.violations.converter.verify;

import org.ptsanitize.properties.violations.Breaks;
import org.ptsanitize.properties.violations.converter.convert.Conversion;

/** Asks the accused. */
@Breaks("what verifies shares nothing with what writes")
public final class Witness {
    int testimony(Conversion accused) {
        return accused.hashCode();
    }
}
