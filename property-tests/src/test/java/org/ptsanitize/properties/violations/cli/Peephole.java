package org.ptsanitize.properties.violations.cli;

import org.ptsanitize.properties.violations.Breaks;
import org.ptsanitize.properties.violations.formats.pickle.Lookups;

/** Looks behind the public face. */
@Breaks("cli sees only what others can embed")
public final class Peephole {
    int look(Lookups inside) {
        return inside.hashCode();
    }
}
