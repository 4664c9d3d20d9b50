package org.ptsanitize.properties.violations.util;

import org.ptsanitize.properties.violations.Breaks;

/** Lives in a package that says nothing. */
@Breaks({"no package is named util, common, helper or impl", "every package lies below the name of its module"})
final class Things {}
